// What is playing: the preset, its seed, what has been changed.  Passes wishes on to the player and says when something changes.
// Events: "change" (what plays), "value" (a number), "view" (how it is looked at), "said" (a line for people).

import { wrapped } from "./logic/place.js";

const FADE_S = 2;
const HAND_S = 0.05; // how fast a value follows the hand
const SEEDS = 9999; // few digits, to be told
const drawn = () => 1 + Math.floor(Math.random() * SEEDS);

export class Session extends EventTarget {
  name = "";
  seed = 1;
  isLoading = false;
  isRecording = false;
  scene = "";
  /** Silence comes then, in ms since 1970; 0: no timer. */
  sleeps_at_ms = 0;
  /** @type {"above" | "behind"} */
  view = "above";
  /** Changed by hand, by "layer.path". @type {Record<string, number>} */
  values = {};
  /** The preset's own values, by "layer.path". @type {Map<string, number>} */
  #usual = new Map();
  #turn = 0;

  /** @param {PagePlayer} player */
  constructor(player) {
    super();
    this.player = player;
    player.addEventListener("state", () => this.#follow());
    player.addEventListener("error", (event) =>
      this.say(/** @type {any} */ (event).detail?.message ?? "Something went wrong with the sound; reload the page."),
    );
  }

  get isPlaying() {
    return this.player.isPlaying;
  }

  /** @returns {PresetView | undefined} */
  get preset() {
    return this.player.catalogue.presets.find((each) => each.name === this.name);
  }

  get layers() {
    return this.player.layers ?? [];
  }

  /** Show a preset without playing it: what a link opens. @param {string} name @param {number} seed @param {Record<string, number>} values */
  show(name, seed, values) {
    Object.assign(this, { name, seed, values: { ...values } });
    this.#tell("change");
  }

  /** @param {string} name @param {{seed?: number, values?: Record<string, number>}} [options] */
  async play(name, { seed = drawn(), values = {} } = {}) {
    const turn = ++this.#turn;
    Object.assign(this, { name, seed, values: { ...values }, scene: "", isLoading: true });
    this.#tell("change");
    try {
      await this.player.play(name, { seed, values });
      if (turn === this.#turn) this.#begun();
    } catch (error) {
      this.say(error instanceof Error ? error.message : String(error));
    }
    if (turn !== this.#turn) return; // another one was called meanwhile
    this.isLoading = false;
    this.#tell("change");
  }

  #begun() {
    this.#usual.clear();
    for (const { name, parameters } of this.layers) {
      for (const [path, { value, usual }] of Object.entries(parameters)) this.#usual.set(`${name}.${path}`, usual ?? value);
    }
    this.say(`Playing: ${this.preset?.title ?? this.name}`, true);
  }

  /** The preset's own value. @param {string} layer @param {string} path @returns {number | undefined} */
  usual(layer, path) {
    return this.#usual.get(`${layer}.${path}`);
  }

  /** The value as it is: hands, controllers, cues and scenes move it. @param {string} layer @param {string} path @returns {number | undefined} */
  value(layer, path) {
    return this.layers.find((each) => each.name === layer)?.parameters[path]?.value;
  }

  /** What plays has changed by itself: the timer is at its end, or a controller asked for something. */
  #follow() {
    const { isPlaying, name, seed } = this.player;
    if (!isPlaying && !this.isLoading) this.sleeps_at_ms = 0;
    if (isPlaying && !this.isLoading && name !== this.name) {
      Object.assign(this, { name, seed: Number(seed), values: {}, scene: "" });
      this.#begun();
    }
    this.#tell("change");
  }

  /** All that differs from the preset, for a link: what hands, controllers and scenes have moved. */
  get changed() {
    return { ...this.values, ...this.player.changed };
  }

  async stop(fade_s = FADE_S) {
    this.#turn += 1;
    Object.assign(this, { sleeps_at_ms: 0, isLoading: false });
    this.say("Stopped", true);
    await this.player.stop(fade_s);
    this.#tell("change");
  }

  async toggle() {
    if (this.isPlaying || this.isLoading) await this.stop();
    else if (this.name) await this.play(this.name, { seed: this.seed, values: this.changed });
  }

  /** The preset so many further on the board. @param {number} step */
  async step(step) {
    const { presets } = this.player.catalogue;
    const here = presets.findIndex((each) => each.name === this.name);
    const next = presets[(here + step + presets.length) % presets.length];
    if (next) await this.play(next.name);
  }

  async another() {
    this.seed = drawn();
    await this.player.newPerformance(this.seed);
    this.say(`Performance ${this.seed}`);
    this.#tell("change");
  }

  /** @param {string} layer @param {string} path @param {number} value */
  set(layer, path, value) {
    this.values[`${layer}.${path}`] = value;
    this.player.set(layer, path, value, HAND_S);
    this.#tell("value", { layer, path, value });
  }

  /** @param {string} layer @param {Place} place */
  move(layer, { azimuth_deg, elevation_deg, distance_m }) {
    const place = { azimuth_deg: wrapped(azimuth_deg), elevation_deg, distance_m };
    for (const [path, value] of Object.entries(place)) {
      this.values[`${layer}.${path}`] = value;
      this.#tell("value", { layer, path, value });
    }
    this.player.move(layer, place);
  }

  /** @param {string} layer @param {"mute" | "solo"} what @param {boolean} on */
  switch(layer, what, on) {
    this.player[what](layer, on);
    this.#tell("change");
  }

  /** @param {SceneView} scene @param {number} [ramp_s] */
  go(scene, ramp_s = scene.over_s ?? 2) {
    this.scene = scene.name;
    this.player.scene(scene.name, ramp_s);
    this.say(`Scene: ${scene.name}`);
    this.#tell("change");
  }

  /** @param {number} seconds 0: no timer @param {number} fade_s */
  sleep(seconds, fade_s) {
    this.sleeps_at_ms = seconds > 0 ? Date.now() + seconds * 1000 : 0;
    this.player.sleep(seconds, fade_s);
    this.#tell("change");
  }

  get sleeps_in_s() {
    return this.sleeps_at_ms ? Math.max(0, (this.sleeps_at_ms - Date.now()) / 1000) : 0;
  }

  /** @param {number} volume_db */
  setVolume(volume_db) {
    this.player.volume_db = Math.min(Math.max(volume_db, -60), 12);
    this.#tell("volume");
  }

  /** @param {"above" | "behind"} [view] the other one, unless said */
  turnView(view = this.view === "above" ? "behind" : "above") {
    this.view = view;
    this.say(`Seen from ${this.view}`, true);
    this.#tell("view");
  }

  /** A line for people, read out, and shown for a moment unless it can be seen anyway. @param {string} text @param {boolean} [isSeen] */
  say(text, isSeen = false) {
    this.#tell("said", { text, isSeen });
  }

  /** @param {string} name @param {unknown} [detail] */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
