// What is playing: the preset, its seed, what has been changed.  Passes wishes on to the player and says when something changes.
// Events: "change" (what plays), "value" (a number), "view" (how it is looked at), "said" (a line for people).

import { wrapped } from "./logic/place.js";

const FADE_S = 2;
const HAND_S = 0.05; // how fast a value follows the hand
const SEEDS = 9999; // few digits, to be told

export class Session extends EventTarget {
  /** @param {PagePlayer} player */
  constructor(player) {
    super();
    this.player = player;
    this.name = "";
    this.seed = 1;
    this.isPlaying = false;
    this.isLoading = false;
    this.isRecording = false;
    /** Changed by hand, by "layer.path". @type {Record<string, number>} */
    this.values = {};
    /** @type {Set<string>} */
    this.soloed = new Set();
    /** @type {Set<string>} */
    this.muted = new Set();
    this.scene = "";
    /** Silence comes then, in ms since 1970; 0: no timer. */
    this.sleeps_at_ms = 0;
    /** @type {"above" | "behind"} */
    this.view = "above";
    player.addEventListener("state", () => this.#tell("change"));
    player.addEventListener("error", (event) =>
      this.say(/** @type {any} */ (event).detail?.message ?? "Something went wrong with the sound; reload the page."),
    );
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
  async play(name, { seed = 1 + Math.floor(Math.random() * SEEDS), values = {} } = {}) {
    Object.assign(this, { name, seed, values: { ...values }, soloed: new Set(), muted: new Set(), scene: "", isLoading: true });
    this.#tell("change");
    try {
      await this.player.play(name, { seed, values });
      this.isPlaying = true;
      this.say(`Playing: ${this.preset?.title ?? name}`, true);
    } catch (error) {
      this.isPlaying = false;
      this.say(error instanceof Error ? error.message : String(error));
    }
    this.isLoading = false;
    this.#tell("change");
  }

  async stop(fade_s = FADE_S) {
    this.isPlaying = false;
    this.sleeps_at_ms = 0;
    this.#tell("change");
    await this.player.stop(fade_s);
    this.say("Stopped", true);
  }

  async toggle() {
    if (this.isPlaying) await this.stop();
    else if (this.name) await this.play(this.name, { seed: this.seed, values: this.values });
  }

  /** The preset so many further on the board. @param {number} step */
  async step(step) {
    const { presets } = this.player.catalogue;
    const here = presets.findIndex((each) => each.name === this.name);
    const next = presets[(here + step + presets.length) % presets.length];
    if (next) await this.play(next.name);
  }

  async another() {
    this.seed = 1 + Math.floor(Math.random() * SEEDS);
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
    const names = what === "mute" ? this.muted : this.soloed;
    if (on) names.add(layer);
    else names.delete(layer);
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

  /** The timer has come to its end: the player has faded by itself. */
  ended() {
    Object.assign(this, { isPlaying: false, sleeps_at_ms: 0 });
    this.say("Good night");
    this.#tell("change");
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
