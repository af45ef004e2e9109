// What is known of the instrument of another machine: its preset, its values, its status, as it tells them.  messages, frames -> views
//
// Events: "state" (what plays has changed), "status" (30 times a second), "error" (detail: the Error), "said" (detail: a line),
// and for those who wait: "began" (all is known), "begun" (detail: a preset), "refused" (detail: why).

import { Connection } from "./remote_connection.js";
import { NOTHING, statusOf } from "./remote_status.js";
import { viewOf } from "./remote_views.js";
import { noted, split } from "./views.js";

const OWN_MS = 400; // how long a hand's own value stands before what comes back

export class Instrument extends EventTarget {
  /** @param {URL} base @param {Catalogue} catalogue */
  constructor(base, catalogue) {
    super();
    this.catalogue = catalogue;
    this.base = base;
    /** @type {any} */
    this.hello = {};
    /** @type {any} */
    this.session = { is_muted: true, volume_db: 0, muted: [], soloed: [], recording: "", recordings: [], seed: 0 };
    /** @type {any} */
    this.playing = null;
    /** @type {ReturnType<typeof viewOf>[]} */
    this.layers = [];
    this.status = NOTHING;
    /** When a hand set a value here, by "LAYER.PATH". @type {Map<string, number>} */
    this.mine = new Map();
    /** What came back meanwhile, the newest, by path. @type {Map<string, number>} */
    this.theirs = new Map();
    const socket = new URL("socket", base);
    socket.protocol = base.protocol === "https:" ? "wss:" : "ws:";
    this.connection = new Connection(socket);
    this.connection.addEventListener("message", (event) => this.#hear(/** @type {CustomEvent} */ (event).detail));
    this.connection.addEventListener("frame", (event) => this.#see(/** @type {CustomEvent} */ (event).detail));
    this.connection.addEventListener("close", () => this.#lost());
  }

  get name() {
    return this.playing?.row.name ?? "";
  }

  /** By which it was drawn. */
  get seed() {
    return this.session.seed;
  }

  get isPlaying() {
    return this.connection.isOpen && this.playing !== null && !this.session.is_muted;
  }

  /** @param {string} what */
  tell(what) {
    this.dispatchEvent(new Event(what));
  }

  /** @param {unknown} error */
  fail(error) {
    this.dispatchEvent(new CustomEvent("error", { detail: error instanceof Error ? error : new Error(String(error)) }));
  }

  /**
   * Wait for an event of one's own whose detail fits.
   * @param {number} ms @param {string} what @param {string} otherwise @param {(detail: any) => boolean} [fits]
   */
  within(ms, what, otherwise, fits = () => true) {
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
  ask(line) {
    if (!this.connection.say(line)) throw new Error("The connection to the instrument is gone; it comes back by itself.");
  }

  /** @param {string} name */
  view(name) {
    const view = this.layers.find((each) => each.name === name);
    if (!view)
      throw new Error(`'${this.name}' has no layer '${name}'; it has ${this.layers.map((each) => each.name).join(", ")}.`);
    return view;
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
      refused: ({ why }) => this.dispatchEvent(new CustomEvent("refused", { detail: why })) && this.fail(why),
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
    this.theirs.clear();
    this.layers = layers.map(viewOf);
    this.#tellSwitches();
    this.dispatchEvent(new CustomEvent("begun", { detail: preset }));
    this.tell("state");
  }

  /** @param {any} state */
  #follow(state) {
    const isFirst = !("device" in this.session);
    Object.assign(this.session, state);
    this.#tellSwitches();
    if (isFirst) this.tell("began");
    this.tell("state");
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
      if (wait_ms <= 0) this.note(path, value);
      else {
        if (!this.theirs.has(path)) setTimeout(() => this.#takeLate(path), wait_ms);
        this.theirs.set(path, value);
      }
    }
  }

  /** The hand has rested, or has moved on. @param {string} path */
  #takeLate(path) {
    const value = this.theirs.get(path);
    this.theirs.delete(path);
    if (value !== undefined) this.#take({ [path]: value });
  }

  /** @param {string} path @param {number} value */
  note(path, value) {
    const [name, own] = split(
      path,
      this.layers.map((layer) => layer.name),
    );
    const view = this.layers.find((each) => each.name === name);
    if (view?.parameters[own]) noted(view, own, value);
  }

  /** @param {DataView} data */
  #see(data) {
    const status = statusOf(data);
    if (status.preset !== this.playing?.number) return; // of the one before, or after
    this.status = status;
    this.tell("status");
  }

  #lost() {
    this.status = NOTHING;
    if (!this.isLost) this.fail("The connection to the instrument is gone; it comes back by itself.");
    this.isLost = true;
    this.connection.addEventListener("open", () => (this.isLost = false), { once: true });
    this.tell("state");
    this.tell("status");
  }

  close() {
    this.connection.close();
  }
}
