// The player: what a page's face holds.  files -> module, ears, snapshots -> the audio thread; hands -> events
//
// Events: "state" (what plays has changed), "status" (30 times a second), "error" (detail: the Error).

import { AudioThread } from "./audio-thread.js";
import { Controls } from "./controls.js";
import { checkBrowser, Files } from "./files.js";
import { Hands } from "./hands.js";
import { layoutOf } from "./machine.js";
import { NOTHING, statusOf } from "./status.js";
import { noted, split, viewOf } from "./views.js";
import { Workshop } from "./workshop.js";

const CROSSFADE_S = 1;
const FADE_IN_S = 0.5;
const IDLE_MS = 1000; // a page that is busy for so long is made ready all the same

/** @param {() => void} act */
const whenIdle = (act) =>
  "requestIdleCallback" in globalThis ? requestIdleCallback(act, { timeout: IDLE_MS }) : setTimeout(act, 1);

export class Player extends Hands {
  /**
   * @param {{base?: string, ears?: string, latency?: AudioContextLatencyCategory | number}} [options] `base`: the exported folder's
   *   address; `ears`: a set of the catalogue, its first if left out; `latency`: as an AudioContext takes it
   */
  static async open({ base = ".", ears = "", latency = "interactive" } = {}) {
    checkBrowser();
    const files = new Files(base);
    const workshop = new Workshop(files);
    try {
      return await Player.#opened(files, workshop, ears, latency);
    } catch (error) {
      workshop.end();
      throw error;
    }
  }

  /** @param {Files} files @param {Workshop} workshop @param {string} ears @param {AudioContextLatencyCategory | number} latency */
  static async #opened(files, workshop, ears, latency) {
    const [catalogue, module] = await Promise.all([files.catalogue(), files.module()]);
    const known = Object.keys(catalogue.ears);
    const chosen = ears || known[0];
    if (!known.includes(chosen)) throw new Error(`This page has no ears '${chosen}'; it has ${known.join(", ")}.`);
    const layout = layoutOf(module);
    if (layout.hash !== catalogue.layout)
      throw new Error("catalogue.json and synth.wasm are of two exports; reload the page, or export it again.");
    workshop.begin(module, files.ears(chosen));
    return new Player(files, catalogue, module, layout, workshop, latency);
  }

  /**
   * @param {Files} files @param {any} catalogue @param {WebAssembly.Module} module @param {any} layout @param {Workshop} workshop
   * @param {AudioContextLatencyCategory | number} latency
   */
  constructor(files, catalogue, module, layout, workshop, latency) {
    super(new AudioThread(files, module, workshop.ears, catalogue.sample_rate, latency), layout);
    this.catalogue = catalogue;
    this.files = files;
    this.workshop = workshop;
    this.audio.hear = (data) => this.#hear(data);
    this.audio.fail = (error) => this.#fail(error);
    workshop.ears.then(
      () => whenIdle(() => this.#makeReady()),
      (error) => this.#fail(error),
    );
    this.status = NOTHING;
    this.name = "";
    /** @type {number | bigint | string} */
    this.seed = 0;
    this.isPlaying = false;
    this.turn = 0;
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
    const snapshot = await this.files.preset(name);
    await Promise.all([this.audio.ready, this.workshop.warmUp(snapshot)]);
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
    this.say("state");
  }

  /** Fetch a preset and have its kernels compiled, so that it plays at once: for a face that sees what is going to be touched. @param {string} name */
  async prepare(name) {
    await this.workshop.warmUp(await this.files.preset(name));
  }

  /** Before anybody has touched anything: the audio thread, and the kernels of the preset that needs most of them. */
  #makeReady() {
    const kinds = (/** @type {PresetView} */ { layers }) => new Set(layers.map(({ trigger }) => trigger)).size;
    const [richest] = [...this.catalogue.presets].sort((one, other) => kinds(other) - kinds(one));
    try {
      if (!this.isPlaying) this.audio.make();
    } catch {
      // it is made anew at the first touch, which says what is wrong
    }
    const compile = () => this.turn === 0 && richest && this.prepare(richest.name).catch(() => undefined); // a touch says what is wrong
    setTimeout(compile, IDLE_MS);
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
    this.say("state");
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
        this.say("status");
      },
      values: () => this.#take(data),
      asked: () => data.asked.forEach((/** @type {[string, string]} */ [command, name]) => this.#obey(command, name)),
      stopped: () => this.#rest(),
      context: () => this.say("state"),
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
    this.say("state");
    this.say("status");
  }

  /** A phone call, or another app, may have taken the sound. */
  #wake() {
    if (this.isPlaying && document.visibilityState === "visible" && !this.audio.isRunning)
      this.audio.resume().catch((error) => this.#fail(error));
  }
}
