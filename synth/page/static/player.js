// The player: what a page's face holds.  files -> module, ears, snapshots -> the audio thread; hands -> events
//
// Events: "state" (what plays has changed), "status" (30 times a second), "error" (detail: the Error).

import { AudioThread } from "./audio-thread.js";
import { Controls } from "./controls.js";
import { checkBrowser, Files } from "./files.js";
import { mixed } from "./logic/curves.js";
import { layoutOf } from "./machine.js";
import { NOTHING, statusOf } from "./status.js";
import { noted, PLACE, split, viewOf } from "./views.js";

const CROSSFADE_S = 1;
const FADE_IN_S = 0.5;
const HAND_S = 0.05;
const FIRST_NOTE = 1 << 20; // beyond what the instrument counts itself
const [QUIETEST_DB, LOUDEST_DB] = [-60, 12];

export class Player extends EventTarget {
  /**
   * @param {{base?: string, ears?: string, latency?: AudioContextLatencyCategory | number}} [options] `base`: the exported folder's
   *   address; `ears`: a set of the catalogue, its first if left out; `latency`: as an AudioContext takes it
   */
  static async open({ base = ".", ears = "", latency = "interactive" } = {}) {
    checkBrowser();
    const files = new Files(base);
    const [catalogue, module] = await Promise.all([files.catalogue(), files.module()]);
    const known = Object.keys(catalogue.ears);
    const chosen = ears || known[0];
    if (!known.includes(chosen)) throw new Error(`This page has no ears '${chosen}'; it has ${known.join(", ")}.`);
    const layout = layoutOf(module);
    if (layout.hash !== catalogue.layout)
      throw new Error("catalogue.json and synth.wasm are of two exports; reload the page, or export it again.");
    return new Player(files, catalogue, module, layout, files.ears(chosen), latency);
  }

  /**
   * @param {Files} files @param {any} catalogue @param {WebAssembly.Module} module @param {any} layout @param {Promise<any>} ears
   * @param {AudioContextLatencyCategory | number} latency
   */
  constructor(files, catalogue, module, layout, ears, latency) {
    super();
    this.catalogue = catalogue;
    this.files = files;
    this.layout = layout;
    this.audio = new AudioThread(
      files,
      module,
      ears,
      catalogue.sample_rate,
      latency,
      (data) => this.#hear(data),
      (error) => this.#fail(error),
    );
    ears.catch((error) => this.#fail(error));
    this.status = NOTHING;
    this.name = "";
    /** @type {number | bigint | string} */
    this.seed = 0;
    this.isPlaying = false;
    /** @type {Controls | null} */
    this.controls = null;
    /** @type {ReturnType<typeof viewOf>[]} */
    this.layers = [];
    /** What hands have changed, by "LAYER.PATH". @type {Record<string, number>} */
    this.changed = {};
    /** Notes that were struck here and not released, by layer. @type {Map<string, number[]>} */
    this.held = new Map();
    this.notes = FIRST_NOTE;
    this.turn = 0;
    this.ownVolume_db = 0;
    globalThis.document?.addEventListener("visibilitychange", () => this.#wake());
  }

  /** Analysers of the left and the right ear; null before the first sound. */
  get tap() {
    return this.audio.tap;
  }

  /** @param {unknown} error */
  #fail(error) {
    const detail = error instanceof Error ? error : new Error(String(error));
    this.dispatchEvent(new CustomEvent("error", { detail }));
  }

  /** @param {string} what */
  #say(what) {
    this.dispatchEvent(new Event(what));
  }

  // ---- what plays

  /**
   * Play a preset; the first time from within a gesture of the visitor.
   * @param {string} name @param {{seed?: number | bigint | string, values?: Record<string, number>}} [options] `values` by "LAYER.PATH"
   */
  async play(name, { seed = 0, values = {} } = {}) {
    const names = this.catalogue.presets.map((/** @type {PresetView} */ each) => each.name);
    if (!names.includes(name)) throw new Error(`This page has no preset '${name}'; it has ${names.join(", ")}.`);
    this.audio.open(); // before anything is waited for: browsers want it within the gesture
    this.turn += 1;
    const { turn } = this;
    const [snapshot] = await Promise.all([this.files.preset(name), this.audio.ready]);
    await this.audio.warmUp(snapshot);
    if (turn !== this.turn) return; // another one was called meanwhile
    const controls = new Controls(snapshot.header, this.layout, this.catalogue.sample_rate);
    const changes = Object.entries(values).map(([path, value]) =>
      controls.set(...split(path, [...controls.layers.keys()]), value, 0),
    );
    const begin = [controls.master("volume_db", this.ownVolume_db, 0), ...changes];
    const fadeIn = [controls.master("fade", 0, 0), controls.master("fade", 1, FADE_IN_S)];
    await this.audio.load({ snapshot, seed, begin, fadeIn, crossfade_s: CROSSFADE_S });
    if (turn !== this.turn) return;
    this.#begin(controls, name, seed, values);
    await this.audio.resume();
    this.#say("state");
  }

  /** Fetch a preset and have its kernels compiled, so that it plays at once: for a face that sees what is going to be touched. @param {string} name */
  async prepare(name) {
    await this.audio.warmUp(await this.files.preset(name));
  }

  /** @param {Controls} controls @param {string} name @param {number | bigint | string} seed @param {Record<string, number>} values */
  #begin(controls, name, seed, values) {
    Object.assign(this, { controls, name, seed, changed: { ...values }, isPlaying: true });
    this.held.clear();
    this.layers = controls.header.layers.map((/** @type {any} */ layer) => viewOf(layer, values));
  }

  /** The same preset as it is, drawn by another seed. @param {number | bigint | string} seed */
  newPerformance(seed) {
    return this.play(this.name, { seed, values: this.changed });
  }

  /** Fade, then let the audio thread rest. @param {number} [fade_s] */
  async stop(fade_s = 2) {
    this.turn += 1;
    if (!this.isPlaying) return;
    this.isPlaying = false;
    this.#say("state");
    if (!this.audio.isRunning) {
      await this.#rest();
      return;
    }
    await new Promise((resolve) => {
      this.whenStopped = resolve;
      this.audio.tell({ do: "stop", fade_s });
    });
  }

  /** End after so many seconds, with a long fade; 0: not any more. @param {number} seconds @param {number} [fade_s] a third of it, at most 15 min */
  sleep(seconds, fade_s) {
    this.audio.tell({ do: "sleep", seconds, fade_s });
  }

  // ---- what hands do

  /** @param {...any} events */
  #send(...events) {
    this.audio.tell({ do: "push", events });
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
    const view = this.layers.find((each) => each.name === name);
    if (view) noted(view, path, value);
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
    this.#send(...(this.held.get(layer) ?? []).map((note) => controls.release(layer, note)));
    this.held.delete(layer);
  }

  /** @param {string} layer @param {Partial<Place>} place */
  move(layer, place) {
    for (const [path, value] of Object.entries(place)) if (PLACE.includes(path)) this.set(layer, path, value, HAND_S);
  }

  /** @param {string} layer @param {boolean} on */
  mute(layer, on) {
    this.#view(layer).muted = on;
    this.#switch();
  }

  /** Of the layers, only those that are soloed are heard. @param {string} layer @param {boolean} on */
  solo(layer, on) {
    this.#view(layer).soloed = on;
    this.#switch();
  }

  /** @param {string} name */
  #view(name) {
    this.#playing().layer(name);
    return /** @type {ReturnType<typeof viewOf>} */ (this.layers.find((each) => each.name === name));
  }

  #switch() {
    const controls = this.#playing();
    const hasSolo = this.layers.some(({ soloed }) => soloed);
    this.#send(...this.layers.map(({ name, muted, soloed }) => controls.audible(name, !muted && (soloed || !hasSolo))));
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
      const parameters = controls.parameters(name);
      values[name] = {};
      for (const path of new Set([...Object.keys(begin[name] ?? {}), ...Object.keys(end[name] ?? {})])) {
        const own = parameters[path].value;
        values[name][path] = mixed(path, parameters[path], begin[name]?.[path] ?? own, end[name]?.[path] ?? own, share);
      }
    }
    this.#glide(controls, values, HAND_S);
  }

  /** @param {Controls} controls @param {Record<string, Record<string, number>>} values @param {number} [ramp_s] */
  #glide(controls, values, ramp_s) {
    /** @type {object[]} */
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
    if (!Number.isFinite(value)) throw new Error(`volume_db = ${value}; allowed: ${QUIETEST_DB} .. ${LOUDEST_DB}.`);
    this.ownVolume_db = Math.min(Math.max(value, QUIETEST_DB), LOUDEST_DB);
    const { kinds, master, constants } = this.layout;
    this.audio.tell({
      do: "push_all",
      events: [{ kind: kinds.MASTER, slot: master.volume_db, value: this.ownVolume_db, ramp_frames: constants.own_ramp }],
    });
  }

  /** Bytes of MIDI, played by the preset's own mapping. @param {ArrayLike<number>} bytes */
  midi(bytes) {
    this.audio.tell({ do: "midi", bytes: Array.from(bytes) });
  }

  /** Record what is heard; what was recorded when it is switched off. @param {boolean} on @returns {Promise<Recording | void>} */
  record(on) {
    return this.audio.record(on);
  }

  // ---- what the audio thread says

  /** @param {any} data */
  #hear(data) {
    /** @type {Record<string, () => void>} */
    const effects = {
      status: () => {
        this.status = statusOf(data.numbers, this.catalogue.sample_rate);
        this.#say("status");
      },
      values: () => this.#take(data),
      asked: () => data.asked.forEach((/** @type {[string, string]} */ [command, name]) => this.#obey(command, name)),
      stopped: () => this.#rest(),
      context: () => this.#say("state"),
    };
    effects[data.what]?.();
  }

  /** Take note of what controllers, cues and scenes have moved. @param {{name: string, values: Float64Array}} data */
  #take({ name, values }) {
    if (name !== this.name) return;
    let at = 0;
    for (const view of this.layers) for (const path of Object.keys(view.parameters)) noted(view, path, values[at++]);
  }

  /** Do what a MIDI button or program asks for. @param {string} command @param {string} name */
  #obey(command, name) {
    const { presets } = this.catalogue;
    const here = presets.findIndex((/** @type {PresetView} */ each) => each.name === this.name);
    const step = (/** @type {number} */ by) => presets[(here + by + presets.length) % presets.length].name;
    const view = this.layers.find((layer) => layer.name === name);
    /** @type {Record<string, () => unknown>} */
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

  /** It has faded to silence. */
  async #rest() {
    this.isPlaying = false;
    this.status = { ...NOTHING, missed_blocks: this.status.missed_blocks };
    await this.audio.rest();
    this.whenStopped?.(null);
    this.whenStopped = undefined;
    this.#say("state");
    this.#say("status");
  }

  /** A phone call, or another app, may have taken the sound. */
  #wake() {
    if (this.isPlaying && document.visibilityState === "visible" && !this.audio.isRunning)
      this.audio.resume().catch((error) => this.#fail(error));
  }
}
