// The player: what a page's face holds.  files -> module, ears, snapshots -> context, worklet -> ears | recorder, analysers
//
// Events: "state" (what plays has changed), "status" (30 times a second), "error" (detail: the Error).

import { between, Controls } from "./controls.js";
import { layoutOf } from "./machine.js";
import { checkBrowser, Files } from "./files.js";
import { NOTHING, statusOf } from "./status.js";

const CROSSFADE_S = 1;
const FADE_IN_S = 0.5;
const HAND_S = 0.05;
const FIRST_NOTE = 1 << 20; // beyond what the instrument counts itself
const PLACE = ["azimuth_deg", "elevation_deg", "distance_m"];
const ANALYSED = 4096;
const IS_PHONE = /Android|iPhone|iPad|iPod/i.test(globalThis.navigator?.userAgent ?? "");

export class Player extends EventTarget {
  /**
   * @param {{base?: string, ears?: string, latency?: AudioContextLatencyCategory | number}} [options] `base`: the exported folder's
   *   address; `ears`: a set of the catalogue; `latency`: as an AudioContext takes it
   */
  static async open({ base = ".", ears = "", latency = "interactive" } = {}) {
    checkBrowser();
    const files = new Files(base);
    const [catalogue, module] = await Promise.all([files.catalogue(), files.module()]);
    const known = Object.keys(catalogue.ears);
    const chosen = ears || known[0];
    if (!known.includes(chosen)) throw new Error(`This page has no ears '${chosen}'; it has ${known.join(", ")}.`);
    const layout = layoutOf(module);
    if (layout.hash !== catalogue.layout) throw new Error("catalogue.json and synth.wasm are of two exports; reload the page, or export it again.");
    return new Player(files, catalogue, module, layout, files.ears(chosen), latency);
  }

  /** @param {Files} files @param {any} catalogue @param {WebAssembly.Module} module @param {any} layout @param {Promise<any>} ears @param {any} latency */
  constructor(files, catalogue, module, layout, ears, latency) {
    super();
    Object.assign(this, { catalogue, status: NOTHING, name: "", seed: 0, tap: null });
    this.isPlaying = false;
    this.files = files;
    this.module = module;
    this.layout = layout;
    this.ears = ears;
    this.latency = latency;
    ears.catch((error) => this.#fail(error));
    /** @type {AudioContext | null} */
    this.context = null;
    /** @type {AudioWorkletNode | null} */
    this.node = null;
    /** @type {Controls | null} */
    this.controls = null;
    /** @type {any[]} */
    this.layers = [];
    this.waits = new Map();
    this.warm = new Map();
    this.ids = 0;
    this.notes = FIRST_NOTE;
    this.held = new Map();
    this.soloed = new Set();
    this.changed = {};
    this.ownVolume_db = 0;
    this.recorded = null;
    globalThis.document?.addEventListener("visibilitychange", () => this.#wake());
  }

  /** @param {unknown} error */
  #fail(error) {
    const detail = error instanceof Error ? error : new Error(String(error));
    this.dispatchEvent(new CustomEvent("error", { detail }));
  }

  #say(what) {
    this.dispatchEvent(new Event(what));
  }

  // ---- what plays

  /**
   * Play a preset; the first time from within a gesture of the visitor.
   * @param {string} name @param {{seed?: number | bigint | string, values?: Record<string, number>}} [options] `values` by "LAYER.PATH"
   */
  async play(name, { seed = 0, values = {} } = {}) {
    if (!this.catalogue.presets.some((each) => each.name === name)) throw new Error(`This page has no preset '${name}'; it has ${this.catalogue.presets.map((each) => each.name).join(", ")}.`);
    this.#open(); // before anything is waited for: browsers want it within the gesture
    const turn = (this.turn = (this.turn ?? 0) + 1);
    const [node, snapshot] = await Promise.all([this.ready, this.files.preset(name)]);
    await this.#warmUp(snapshot);
    if (turn !== this.turn) return; // another one was called meanwhile
    const controls = new Controls(snapshot.header, this.layout, this.context.sampleRate);
    const begin = [controls.master("volume_db", this.ownVolume_db, 0), ...this.#changes(controls, values)];
    const fadeIn = [controls.master("fade", 0, 0), controls.master("fade", 1, FADE_IN_S)];
    await this.#load(node, { snapshot, seed, begin, fadeIn, crossfade_s: CROSSFADE_S });
    if (turn !== this.turn) return;
    Object.assign(this, { name, seed, controls, changed: { ...values } });
    this.held.clear();
    this.soloed.clear();
    this.layers = snapshot.header.layers.map((layer) => viewOf(layer, values));
    this.isPlaying = true;
    await this.#resume();
    this.#say("state");
  }

  /** @param {Controls} controls @param {Record<string, number>} values */
  #changes(controls, values) {
    return Object.entries(values).map(([path, value]) => controls.set(...split(path, controls), value, 0));
  }

  /** Hand a preset to the audio thread; wait until it plays. @param {AudioWorkletNode} node @param {any} job */
  #load(node, job) {
    this.ids += 1;
    const id = this.ids;
    return new Promise((resolve, reject) => {
      this.waits.set(id, { resolve, reject });
      node.port.postMessage({ do: "load", id, ...job });
    });
  }

  /** The same preset as it is, drawn by another seed. @param {number | bigint | string} seed */
  newPerformance(seed) {
    return this.play(this.name, { seed, values: this.changed });
  }

  /** Fade, then let the audio thread rest. @param {number} [fade_s] */
  async stop(fade_s = 2) {
    this.turn = (this.turn ?? 0) + 1;
    if (!this.node || !this.isPlaying) return;
    this.isPlaying = false;
    this.#say("state");
    await new Promise((resolve) => {
      this.whenStopped = resolve;
      this.node.port.postMessage({ do: "stop", fade_s });
    });
  }

  /** End after so many seconds, with a long fade; 0: not any more. @param {number} seconds @param {number} [fade_s] a third of it, at most 15 min */
  sleep(seconds, fade_s) {
    this.node?.port.postMessage({ do: "sleep", seconds, fade_s });
  }

  // ---- what hands do

  /** @param {...any} events */
  #send(...events) {
    this.node?.port.postMessage({ do: "push", events });
  }

  #playing() {
    if (!this.controls) throw new Error("Nothing plays yet; play a preset first.");
    return this.controls;
  }

  /** @param {string} layer @param {string} path @param {number} value @param {number} [ramp_s] the parameter's own smoothing if left out */
  set(layer, path, value, ramp_s) {
    this.#send(this.#playing().set(layer, path, value, ramp_s));
    this.#note(layer, path, value);
  }

  /** @param {string} name @param {string} path @param {number} value */
  #note(name, path, value) {
    this.changed[`${name}.${path}`] = value;
    const layer = this.layers.find((each) => each.name === name);
    if (!layer) return;
    layer.parameters[path].value = value;
    if (PLACE.includes(path)) layer.place[path] = value;
    if (path === "level_db") layer.level_db = value;
  }

  /** @param {string} layer @param {number} [velocity] 0..1 */
  strike(layer, velocity = 0.7) {
    this.notes += 1;
    this.#send(this.#playing().strike(layer, velocity, this.notes));
    this.held.set(layer, [...(this.held.get(layer) ?? []), this.notes]);
  }

  /** End what was struck on a layer so. @param {string} layer */
  release(layer) {
    const controls = this.#playing();
    this.#send(...(this.held.get(layer) ?? []).map((/** @type {number} */ note) => controls.release(layer, note)));
    this.held.delete(layer);
  }

  /** @param {string} layer @param {Partial<Place>} place */
  move(layer, place) {
    for (const path of PLACE) if (place[path] !== undefined) this.set(layer, path, place[path], HAND_S);
  }

  /** @param {string} layer @param {boolean} on */
  mute(layer, on) {
    this.#view(layer).muted = on;
    this.#switch();
  }

  /** Of the layers, only those that are soloed are heard. @param {string} layer @param {boolean} on */
  solo(layer, on) {
    this.#view(layer).soloed = on;
    if (on) this.soloed.add(layer);
    else this.soloed.delete(layer);
    this.#switch();
  }

  /** @param {string} name */
  #view(name) {
    this.#playing().layer(name);
    return this.layers.find((each) => each.name === name);
  }

  #switch() {
    const controls = this.#playing();
    this.#send(...this.layers.map(({ name, muted }) => controls.audible(name, !muted && (!this.soloed.size || this.soloed.has(name)))));
    this.#say("state");
  }

  /** Glide to a scene. @param {string} name @param {number} [ramp_s] the scene's own time if left out */
  scene(name, ramp_s) {
    const controls = this.#playing();
    const { over_s, values } = controls.scene(name);
    this.#glide(controls, values, ramp_s ?? (over_s || undefined));
  }

  /** Stand between two scenes. @param {string} from @param {string} to @param {number} share 0: from, 1: to */
  morph(from, to, share) {
    const controls = this.#playing();
    const [begin, end] = [from, to].map((name) => controls.scene(name).values);
    /** @type {Record<string, Record<string, number>>} */
    const values = {};
    for (const name of new Set([...Object.keys(begin), ...Object.keys(end)])) {
      const { parameters } = name === "master" ? { parameters: controls.header.master } : controls.layer(name);
      values[name] = {};
      for (const path of new Set([...Object.keys(begin[name] ?? {}), ...Object.keys(end[name] ?? {})])) {
        const own = parameters[path].value;
        values[name][path] = between(path, parameters[path], begin[name]?.[path] ?? own, end[name]?.[path] ?? own, share);
      }
    }
    this.#glide(controls, values, HAND_S);
  }

  /** @param {Controls} controls @param {Record<string, Record<string, number>>} values @param {number} [ramp_s] */
  #glide(controls, values, ramp_s) {
    const events = [controls.forgetHeld()];
    for (const [name, paths] of Object.entries(values)) {
      for (const [path, value] of Object.entries(paths)) {
        events.push(controls.set(name, path, value, ramp_s));
        this.#note(name, path, value);
      }
    }
    this.#send(...events);
    this.#say("state");
  }

  /** The listener's own; no preset moves it. */
  get volume_db() {
    return this.ownVolume_db;
  }

  set volume_db(value) {
    const [low, high] = [-60, 12];
    if (!Number.isFinite(value)) throw new Error(`volume_db = ${value}; allowed: ${low} .. ${high}.`);
    this.ownVolume_db = Math.min(Math.max(value, low), high);
    const event = { kind: this.layout.kinds.MASTER, slot: this.layout.master.volume_db, value: this.ownVolume_db, ramp_frames: this.layout.constants.own_ramp };
    this.node?.port.postMessage({ do: "push_all", events: [event] });
  }

  /** Bytes of MIDI, played by the preset's own mapping. @param {ArrayLike<number>} bytes */
  midi(bytes) {
    this.node?.port.postMessage({ do: "midi", bytes: Array.from(bytes) });
  }

  // ---- what comes out

  /** Record what is heard; what was recorded when it is switched off. @param {boolean} on @returns {Promise<Recording | void>} */
  async record(on) {
    if (on === Boolean(this.recorded)) return;
    if (on) {
      this.recorded = { left: [], right: [] };
      this.node?.port.postMessage({ do: "record", on });
      return;
    }
    if (this.node) {
      await new Promise((resolve) => {
        this.recorded.whenWhole = resolve;
        this.node.port.postMessage({ do: "record", on });
      });
    }
    const { left, right } = this.recorded;
    this.recorded = null;
    return { left: joined(left), right: joined(right), sample_rate: this.catalogue.sample_rate };
  }

  // ---- the audio thread

  /** The context and its worklet, once; within a gesture. */
  #open() {
    if (this.context && this.context.state !== "closed") return;
    try {
      this.context = new AudioContext({ sampleRate: this.catalogue.sample_rate, latencyHint: this.latency });
    } catch (error) {
      throw new Error(`No sound: the browser opens no audio output (${error instanceof Error ? error.message : error}); connect headphones and try again.`);
    }
    if (this.context.sampleRate !== this.catalogue.sample_rate) throw new Error(`No sound: the browser gives ${this.context.sampleRate} Hz instead of ${this.catalogue.sample_rate}; update it.`);
    this.context.suspend();
    this.context.addEventListener("statechange", () => this.#say("state"));
    this.ready = this.#start(this.context);
  }

  /** @param {AudioContext} context */
  async #start(context) {
    const [ears] = await Promise.all([this.ears, context.audioWorklet.addModule(this.files.address("processor.js"))]);
    const node = new AudioWorkletNode(context, "synth", { numberOfInputs: 0, outputChannelCount: [2], processorOptions: { module: this.module, ears } });
    await new Promise((resolve, reject) => {
      node.port.onmessage = ({ data }) => (data.what === "ready" ? resolve(null) : reject(new Error(data.message)));
      node.onprocessorerror = () => reject(new Error("No sound: the browser could not start the audio thread; reload the page."));
    });
    node.onprocessorerror = () => this.#fail(new Error("The sound has stopped by a fault; reload the page."));
    node.port.onmessage = ({ data }) => this.#hear(data);
    this.node = node;
    this.#connect(context, node);
    if (this.recorded) node.port.postMessage({ do: "record", on: true });
    return node;
  }

  /** @param {AudioContext} context @param {AudioWorkletNode} node */
  #connect(context, node) {
    const splitter = new ChannelSplitterNode(context, { numberOfOutputs: 2 });
    this.tap = [0, 1].map((side) => {
      const analyser = new AnalyserNode(context, { fftSize: ANALYSED, smoothingTimeConstant: 0 });
      splitter.connect(analyser, side);
      return analyser;
    });
    node.connect(splitter);
    if (!IS_PHONE) {
      node.connect(context.destination);
      return;
    }
    const stream = new MediaStreamAudioDestinationNode(context, { channelCount: 2 }); // plays on when the phone's screen is dark
    node.connect(stream);
    this.element = Object.assign(new Audio(), { srcObject: stream.stream });
  }

  async #resume() {
    const { context, element } = this;
    await Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, 3000))]);
    await element?.play();
    if (context.state !== "running") throw new Error("The browser lets no page sound before it is touched; tap play once more.");
    this.node.port.postMessage({ do: "resumed" });
    if (globalThis.navigator?.mediaSession) navigator.mediaSession.playbackState = "playing";
  }

  /** A phone call, or another app, may have taken the sound. */
  #wake() {
    if (this.isPlaying && document.visibilityState === "visible" && this.context.state !== "running") this.#resume().catch((error) => this.#fail(error));
  }

  /** Have the browser compile what a preset needs, in a worker. @param {any} snapshot */
  async #warmUp(snapshot) {
    const { name } = snapshot.header;
    if (!this.worker) {
      this.worker = new Worker(this.files.address("warm-up.js"), { type: "module" });
      this.worker.onmessage = ({ data }) => this.warm.get(data.name)?.resolve();
      this.worker.onerror = () => this.warm.forEach(({ resolve }) => resolve()); // what was not compiled ahead is compiled when it is heard
      this.worker.postMessage({ module: this.module, ears: await this.ears });
    }
    if (!this.warm.has(name)) {
      const wait = promised();
      this.warm.set(name, wait);
      this.worker.postMessage({ snapshot });
    }
    await this.warm.get(name).promise;
  }

  /** What the audio thread says. @param {any} data */
  #hear(data) {
    const effects = {
      loaded: () => this.#answer(data.id, null),
      error: () => this.#answer(data.id, new Error(data.message)),
      status: () => {
        this.status = statusOf(data.numbers, this.context.sampleRate);
        this.#say("status");
      },
      values: () => this.#take(data),
      asked: () => data.asked.forEach(([command, name]) => this.#obey(command, name)),
      stopped: () => this.#rest(),
      recorded: () => this.#keep(data),
    };
    effects[data.what]?.();
  }

  /** @param {number | undefined} id @param {Error | null} error */
  #answer(id, error) {
    const wait = this.waits.get(id);
    this.waits.delete(id);
    if (!error) wait?.resolve();
    else if (wait) wait.reject(error);
    else this.#fail(error);
  }

  /** Take note of what controllers, cues and scenes have moved. @param {{name: string, values: Float64Array}} data */
  #take({ name, values }) {
    if (name !== this.name) return;
    let at = 0;
    for (const layer of this.layers) {
      for (const parameter of Object.values(layer.parameters)) parameter.value = values[at++];
      for (const path of PLACE) layer.place[path] = layer.parameters[path].value;
      layer.level_db = layer.parameters.level_db.value;
    }
  }

  /** Do what a MIDI button or program asks for. @param {string} command @param {string} name */
  #obey(command, name) {
    const { presets } = this.catalogue;
    const step = (/** @type {number} */ by) => presets[(presets.findIndex((each) => each.name === this.name) + by + presets.length) % presets.length].name;
    const view = this.layers.find((layer) => layer.name === name);
    const effects = {
      scene: () => this.scene(name),
      preset: () => this.play(name),
      next: () => this.play(step(1)),
      previous: () => this.play(step(-1)),
      mute_layer: () => view && this.mute(name, !view.muted),
      solo_layer: () => view && this.solo(name, !view.soloed),
    };
    Promise.resolve(effects[command]?.()).catch((error) => this.#fail(error));
  }

  async #rest() {
    this.isPlaying = false;
    this.status = { ...NOTHING, missed_blocks: this.status.missed_blocks };
    this.element?.pause();
    if (globalThis.navigator?.mediaSession) navigator.mediaSession.playbackState = "paused";
    await this.context.suspend();
    this.whenStopped?.();
    this.whenStopped = null;
    this.#say("state");
    this.#say("status");
  }

  /** @param {{left: Float32Array, right: Float32Array, isLast: boolean}} data */
  #keep({ left, right, isLast }) {
    this.recorded?.left.push(left);
    this.recorded?.right.push(right);
    if (isLast) this.recorded?.whenWhole?.();
  }
}

/** A layer as a face sees it. @param {any} layer of a snapshot's header @param {Record<string, number>} values */
function viewOf({ name, trigger, speaks, parameters }, values) {
  /** @type {Record<string, any>} */
  const own = {};
  for (const [path, parameter] of Object.entries(parameters)) own[path] = { ...parameter, value: values[`${name}.${path}`] ?? parameter.value };
  const place = Object.fromEntries(PLACE.map((path) => [path, own[path].value]));
  return { name, trigger, speaks, parameters: own, place, level_db: own.level_db.value, muted: false, soloed: false };
}

/** "LAYER.PATH" taken apart: names of layers, and paths, may have points. @param {string} path @param {Controls} controls @returns {[string, string]} */
function split(path, controls) {
  const name = [...controls.layers.keys(), "master"].filter((each) => path.startsWith(`${each}.`)).sort((a, b) => b.length - a.length)[0];
  if (name === undefined) throw new Error(`'${controls.header.name}' has no '${path}'; it has the layers ${[...controls.layers.keys()].join(", ")}.`);
  return [name, path.slice(name.length + 1)];
}

/** @param {Float32Array[]} pieces */
function joined(pieces) {
  const whole = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function promised() {
  /** @type {any} */
  const wait = {};
  wait.promise = new Promise((resolve) => Object.assign(wait, { resolve }));
  return wait;
}
