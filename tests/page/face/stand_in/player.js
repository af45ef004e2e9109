// A player that needs no engine: the same interface, soft noise instead of triggers, numbers that move like a performance's.

const STATUS_HZ = 30;

export class Player extends EventTarget {
  static async open({ base = "." } = {}) {
    if (new URLSearchParams(location.search).has("refuse")) throw new Error("This browser has no AudioWorklet: use one from 2021 or later.");
    const player = new Player();
    player.catalogue = await (await fetch(`${base}/catalogue.json`)).json();
    return player;
  }

  constructor() {
    super();
    Object.assign(this, { layers: [], tap: null, calls: [], isPlaying: false, name: "", seed: 0, began_ms: 0, gain_db: 0 });
    this.status = { frame: 0, seconds: 0, peak_db: [-90, -90], loudness: -90, limiter_db: 0, missed_blocks: 0, cpu: 0, layers: [] };
    setInterval(() => this.tick(), 1000 / STATUS_HZ);
    globalThis.standIn = this;
  }

  note(...call) {
    this.calls.push(call);
  }

  get volume_db() {
    return this.gain_db;
  }

  set volume_db(value) {
    this.gain_db = value;
    this.note("volume_db", value);
  }

  async play(name, { seed, values = {} }) {
    this.note("play", name, seed, values);
    Object.assign(this, { name, seed });
    const preset = this.catalogue.presets.find((each) => each.name === name);
    this.layers = preset.layers.map((layer) => ({
      ...structuredClone(layer),
      place: { azimuth_deg: 0, elevation_deg: 0, distance_m: 0.3, ...layer.place },
      muted: false,
      soloed: false,
    }));
    for (const [path, value] of Object.entries(values)) {
      const view = this.layers.find((layer) => path.startsWith(`${layer.name}.`));
      const own = path.slice(view.name.length + 1);
      view.parameters[own].value = value;
      if (own in view.place) view.place[own] = value;
    }
    this.sound();
    this.isPlaying = true;
    this.began_ms = performance.now();
    this.dispatchEvent(new Event("state"));
  }

  /** Pink-ish noise into two analysers, so that a spectrogram has something to show; not heard. */
  sound() {
    if (this.tap) return;
    const context = new AudioContext();
    const noise = context.createBuffer(2, context.sampleRate * 2, context.sampleRate);
    for (const channel of [0, 1]) {
      const data = noise.getChannelData(channel);
      let low = 0;
      for (let frame = 0; frame < data.length; frame++) {
        low = 0.97 * low + 0.03 * (Math.random() * 2 - 1);
        data[frame] = 0.02 * low * (1 + Math.sin((frame / data.length) * 2 * Math.PI * (3 + channel))) + (Math.random() < 0.001 ? 0.02 : 0);
      }
    }
    const source = new AudioBufferSourceNode(context, { buffer: noise, loop: true });
    const split = new ChannelSplitterNode(context, { numberOfOutputs: 2 });
    source.connect(split);
    this.tap = [0, 1].map((channel) => {
      const tap = new AnalyserNode(context, { fftSize: 2048, smoothingTimeConstant: 0.3 });
      split.connect(tap, channel);
      return tap;
    });
    source.start();
  }

  tick() {
    const seconds = (performance.now() - this.began_ms) / 1000;
    const moved = this.layers.map((layer, index) => {
      const place = { ...layer.place };
      if (layer.motion?.kind && layer.motion.kind !== "still") place.azimuth_deg += 20 * Math.sin(seconds / 3 + index);
      const events = Array.from({ length: this.isPlaying && Math.random() < 0.4 ? 2 : 0 }, () => ({
        azimuth_deg: place.azimuth_deg + 24 * (Math.random() - 0.5),
        elevation_deg: place.elevation_deg + 24 * (Math.random() - 0.5),
        distance_m: place.distance_m * (0.8 + 0.4 * Math.random()),
        level: -90 + 50 * Math.random(),
      }));
      return { ...place, events };
    });
    const wave = this.isPlaying ? 4 * Math.sin(seconds) : -60;
    Object.assign(this.status, { seconds, frame: Math.round(seconds * 48000), peak_db: [-16 + wave, -19 - wave / 2], loudness: this.isPlaying ? -27 + wave / 4 : -90, cpu: this.isPlaying ? 0.14 : 0, layers: moved });
    this.dispatchEvent(new Event("status"));
  }

  async stop(fade_s) {
    this.note("stop", fade_s);
    this.isPlaying = false;
    this.dispatchEvent(new Event("state"));
  }

  set(layer, path, value, ramp_s) {
    this.note("set", layer, path, value, ramp_s);
    const view = this.layers.find((each) => each.name === layer);
    view.parameters[path].value = value;
    if (path in view.place) view.place[path] = value;
  }

  strike(layer, velocity) {
    this.note("strike", layer, velocity);
  }

  release(layer) {
    this.note("release", layer);
  }

  move(layer, place) {
    this.note("move", layer, place);
    const view = this.layers.find((each) => each.name === layer);
    Object.assign(view.place, place);
    for (const [path, value] of Object.entries(place)) view.parameters[path].value = value;
  }

  mute(layer, on) {
    this.note("mute", layer, on);
    this.layers.find((each) => each.name === layer).muted = on;
    this.dispatchEvent(new Event("state"));
  }

  solo(layer, on) {
    this.note("solo", layer, on);
    this.layers.find((each) => each.name === layer).soloed = on;
    this.dispatchEvent(new Event("state"));
  }

  scene(name, ramp_s) {
    this.note("scene", name, ramp_s);
  }

  morph(from, to, share) {
    this.note("morph", from, to, share);
  }

  sleep(seconds, fade_s) {
    this.note("sleep", seconds, fade_s);
    clearTimeout(this.timer);
    if (seconds > 0) this.timer = setTimeout(() => this.stop(0), 1000 * seconds);
  }

  midi(bytes) {
    this.note("midi", [...bytes]);
  }

  newPerformance(seed) {
    this.note("newPerformance", seed);
  }

  tingle(amount) {
    this.note("tingle", amount);
  }

  speak(layer, text) {
    this.note("speak", layer, text);
  }

  async record(on) {
    this.note("record", on);
    if (on) return;
    const left = Float32Array.from({ length: 480 }, (_, frame) => Math.sin(frame / 10) / 2);
    return { left, right: left.map((sample) => -sample), sample_rate: 48000 };
  }
}
