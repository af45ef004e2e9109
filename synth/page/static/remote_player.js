// The player of the served page: the same interface as `player.js`, over a WebSocket to the engine of the machine that serves it.
//
// Events: "state" (what plays has changed), "status" (30 times a second), "error" (detail: the Error), "said" (detail: a line).

import { Connection } from "./remote_connection.js";
import { NOTHING, statusOf } from "./remote_status.js";
import { between, noted, PLACE, split, viewOf } from "./remote_views.js";

const OPEN_MS = 10_000;
const PLAY_MS = 120_000; // kernels may have to be compiled first
const OWN_MS = 400; // how long a hand's own value stands before what comes back
const [QUIETEST_DB, LOUDEST_DB] = [-60, 12];

export class Player extends EventTarget {
  /**
   * @param {{base?: string, ears?: string}} [options] `base`: the page's address
   */
  static async open(options = {}) {
    const base = new URL(options.base ?? ".", globalThis.document?.baseURI ?? globalThis.location?.href);
    const answer = await fetch(new URL("catalogue.json", base)).catch(() => null);
    if (!answer?.ok) throw new Error("The instrument does not answer; start synth page again, and open the address that it prints.");
    const player = new Player(base, await answer.json());
    await player.#within(OPEN_MS, "began", "The instrument does not answer; is synth page still running?");
    return player;
  }

  /** @param {URL} base @param {Catalogue} catalogue */
  constructor(base, catalogue) {
    super();
    this.catalogue = catalogue;
    this.base = base;
    /** @type {any} */
    this.hello = {};
    /** @type {any} */
    this.session = { is_muted: true, volume_db: 0, muted: [], soloed: [] };
    /** @type {any} */
    this.playing = null;
    /** @type {ReturnType<typeof viewOf>[]} */
    this.layers = [];
    this.status = NOTHING;
    /** @type {number | bigint | string} */
    this.seed = 0;
    /** When a hand set a value here, by "LAYER.PATH". @type {Map<string, number>} */
    this.mine = new Map();
    const socket = new URL("socket", base);
    socket.protocol = base.protocol === "https:" ? "wss:" : "ws:";
    this.connection = new Connection(socket);
    this.connection.addEventListener("message", (event) => this.#hear(/** @type {CustomEvent} */ (event).detail));
    this.connection.addEventListener("frame", (event) => this.#see(/** @type {CustomEvent} */ (event).detail));
    this.connection.addEventListener("close", () => this.#lost());
  }

  /** Sound comes from the machine that serves the page: there is nothing to analyse here. */
  get tap() {
    return null;
  }

  /** Where the sound may come from, and the address of the page for each; one that is not offered is left out. */
  get sounds() {
    const own = { from: "device", device: this.session.device, address: String(this.base) };
    const browser = this.hello.browser;
    return browser ? [own, { from: "browser", address: String(new URL(browser, this.base)) }] : [own];
  }

  get name() {
    return this.playing?.row.name ?? "";
  }

  get isPlaying() {
    return this.connection.isOpen && this.playing !== null && !this.session.is_muted;
  }

  /** @param {string} what */
  #tell(what) {
    this.dispatchEvent(new Event(what));
  }

  /** @param {unknown} error */
  #fail(error) {
    this.dispatchEvent(new CustomEvent("error", { detail: error instanceof Error ? error : new Error(String(error)) }));
  }

  /**
   * Wait for an event of one's own whose detail fits.
   * @param {number} ms @param {string} what @param {string} otherwise @param {(detail: any) => boolean} [fits]
   */
  #within(ms, what, otherwise, fits = () => true) {
    return new Promise((resolve, reject) => {
      const end = (/** @type {() => void} */ how) => {
        clearTimeout(timer);
        this.removeEventListener(what, look);
        this.removeEventListener("refused", refused);
        how();
      };
      const look = (/** @type {any} */ event) => fits(event.detail) && end(() => resolve(event.detail));
      const refused = (/** @type {any} */ event) => end(() => reject(new Error(event.detail)));
      const timer = setTimeout(() => end(() => reject(new Error(otherwise))), ms);
      this.addEventListener(what, look);
      this.addEventListener("refused", refused);
    });
  }

  /** @param {Record<string, unknown>} line */
  #ask(line) {
    if (!this.connection.say(line)) throw new Error("The connection to the instrument is gone; it comes back by itself.");
  }

  // ---- what plays

  /** @param {string} name @param {{seed?: number | bigint | string, values?: Record<string, number>}} [options] */
  async play(name, { seed = 0, values = {} } = {}) {
    const before = this.playing?.number ?? 0;
    if (name !== this.name || this.isPlaying) {
      this.#ask({ preset: name });
      const late = `${name} does not begin; the terminal of synth page says why.`;
      await this.#within(PLAY_MS, "begun", late, (playing) => playing.number > before && playing.row.name === name);
    }
    this.seed = seed;
    if (this.session.is_muted) {
      this.#ask({ mute: true });
      this.session.is_muted = false;
    }
    for (const [path, value] of Object.entries(values)) this.set(...split(path, this.layers), value);
    this.#tell("state");
  }

  /** The same preset from its beginning, with what hands have changed. @param {number | bigint | string} seed */
  newPerformance(seed) {
    const values = Object.fromEntries(
      this.layers.flatMap(({ name, parameters }) =>
        Object.entries(parameters).filter(([, { value, usual }]) => value !== usual).map(([path, { value }]) => [`${name}.${path}`, value]),
      ),
    );
    return this.play(this.name, { seed, values });
  }

  /** Fade to silence; the instrument stays. */
  async stop() {
    if (!this.isPlaying) return;
    this.#ask({ mute: true });
    this.session.is_muted = true;
    this.#tell("state");
  }

  /** Fall silent in so many seconds, with a long fade; 0: not any more. @param {number} seconds */
  sleep(seconds) {
    this.#ask({ sleep: seconds });
  }

  // ---- what hands do

  /** @param {string} layer @param {string} path @param {number} value */
  set(layer, path, value) {
    const full = `${layer}.${path}`;
    this.#ask({ values: { [full]: value } });
    this.mine.set(full, performance.now());
    this.#note(full, value);
  }

  /** @param {string} layer @param {number} [velocity] 0..1 */
  strike(layer, velocity = 0.7) {
    this.#ask({ strike: layer, velocity });
  }

  /** End what was struck on a layer. @param {string} layer */
  release(layer) {
    this.#ask({ release: layer });
  }

  /** @param {string} layer @param {Partial<Place>} place */
  move(layer, place) {
    const values = Object.fromEntries(Object.entries(place).filter(([path]) => PLACE.includes(path)));
    this.#ask({ values: Object.fromEntries(Object.entries(values).map(([path, value]) => [`${layer}.${path}`, value])) });
    for (const [path, value] of Object.entries(values)) {
      this.mine.set(`${layer}.${path}`, performance.now());
      this.#note(`${layer}.${path}`, value);
    }
  }

  /** @param {string} layer @param {boolean} on */
  mute(layer, on) {
    this.#switch(layer, "muted", "mute_layer", on);
  }

  /** @param {string} layer @param {boolean} on */
  solo(layer, on) {
    this.#switch(layer, "soloed", "solo_layer", on);
  }

  /** @param {string} name @param {"muted" | "soloed"} what @param {string} command @param {boolean} on */
  #switch(name, what, command, on) {
    const view = this.#view(name);
    if (view[what] === on) return;
    this.#ask({ [command]: name });
    view[what] = on;
    this.#tell("state");
  }

  /** @param {string} name */
  #view(name) {
    const view = this.layers.find((each) => each.name === name);
    if (!view) throw new Error(`'${this.name}' has no layer '${name}'; it has ${this.layers.map((each) => each.name).join(", ")}.`);
    return view;
  }

  /** Glide to a scene, in the scene's own time. @param {string} name */
  scene(name) {
    this.#ask({ scene: name });
  }

  /** Stand between two scenes. @param {string} from @param {string} to @param {number} share 0: from, 1: to */
  morph(from, to, share) {
    const [begin, end] = [from, to].map((name) => {
      const found = this.playing?.scenes.find((/** @type {any} */ scene) => scene.name === name);
      if (!found) throw new Error(`'${this.name}' has no scene '${name}'.`);
      return found.values;
    });
    this.#ask({ values: between(begin, end, share, this.layers, this.playing.master) });
  }

  /** The listener's own; no preset moves it. */
  get volume_db() {
    return this.session.volume_db;
  }

  set volume_db(value) {
    this.session.volume_db = Math.min(Math.max(value, QUIETEST_DB), LOUDEST_DB);
    this.#ask({ volume: this.session.volume_db });
  }

  /** Have a layer that speaks say a text. @param {string} layer @param {string} text */
  speak(layer, text) {
    this.#ask({ say: layer, text, interrupt: true });
  }

  /** Controllers belong to the machine that plays. */
  midi() {
    if (this.hasToldOfMidi) return;
    this.hasToldOfMidi = true;
    this.#fail("Plug the controller into the machine that plays: it hears all of them by itself.");
  }

  /** @param {boolean} on */
  record(on) {
    if (on) throw new Error("What this machine plays is recorded there: synth play PRESET --page --record FILE.flac");
  }

  // ---- what the instrument says

  /** @param {any} message */
  #hear(message) {
    /** @type {Record<string, (detail: any) => void>} */
    const effects = {
      hello: (hello) => (this.hello = hello),
      preset: (preset) => this.#begin(preset),
      state: (state) => this.#follow(state),
      values: (values) => this.#take(values),
      said: (line) => this.dispatchEvent(new CustomEvent("said", { detail: line })),
      refused: ({ why }) => this.dispatchEvent(new CustomEvent("refused", { detail: why })) && this.#fail(why),
    };
    for (const [what, detail] of Object.entries(message)) effects[what]?.(detail);
  }

  /** @param {any} preset */
  #begin(preset) {
    const { row, layers } = preset;
    const { presets } = this.catalogue;
    if (!presets.some((each) => each.name === row.name)) presets.push(row);
    this.playing = preset;
    this.mine.clear();
    this.layers = layers.map(viewOf);
    this.#tellSwitches();
    this.dispatchEvent(new CustomEvent("begun", { detail: preset }));
    this.#tell("state");
  }

  /** @param {any} state */
  #follow(state) {
    const isFirst = !("device" in this.session);
    Object.assign(this.session, state);
    this.#tellSwitches();
    if (isFirst) this.#tell("began");
    this.#tell("state");
  }

  #tellSwitches() {
    for (const view of this.layers) {
      view.muted = this.session.muted.includes(view.name);
      view.soloed = this.session.soloed.includes(view.name);
    }
  }

  /** Take note of what others have moved; a hand's own value stands for a moment. @param {Record<string, number>} values */
  #take(values) {
    for (const [path, value] of Object.entries(values)) {
      const wait_ms = (this.mine.get(path) ?? -OWN_MS) + OWN_MS - performance.now();
      const { number } = this.playing;
      if (wait_ms <= 0) this.#note(path, value);
      else setTimeout(() => this.playing.number === number && this.#take({ [path]: value }), wait_ms);
    }
  }

  /** @param {string} path @param {number} value */
  #note(path, value) {
    const [name, own] = split(path, this.layers);
    const view = this.layers.find((each) => each.name === name);
    if (view?.parameters[own]) noted(view, own, value);
  }

  /** @param {DataView} data */
  #see(data) {
    const status = statusOf(data);
    if (status.preset !== this.playing?.number) return; // of the one before, or after
    this.status = status;
    this.#tell("status");
  }

  #lost() {
    this.status = NOTHING;
    if (!this.isLost) this.#fail("The connection to the instrument is gone; it comes back by itself.");
    this.isLost = true;
    this.connection.addEventListener("open", () => (this.isLost = false), { once: true });
    this.#tell("state");
    this.#tell("status");
  }

  close() {
    this.connection.close();
  }
}
