// The player of the served page: the same interface as `player.js`, over a WebSocket to the engine of the machine that serves it.
//
// Events: "state" (what plays has changed), "status" (30 times a second), "error" (detail: the Error), "said" (detail: a line).

import { Instrument } from "./remote_instrument.js";
import { between } from "./remote_views.js";
import { PLACE, split } from "./views.js";

const OPEN_MS = 10_000;
const PLAY_MS = 120_000; // kernels may have to be compiled first
const [QUIETEST_DB, LOUDEST_DB] = [-60, 12];

export class Player extends Instrument {
  /**
   * @param {{base?: string, ears?: string}} [options] `base`: the page's address
   */
  static async open(options = {}) {
    const base = new URL(options.base ?? ".", globalThis.document?.baseURI ?? globalThis.location?.href);
    const answer = await fetch(new URL("catalogue.json", base)).catch(() => null);
    if (!answer?.ok)
      throw new Error("The instrument does not answer; start synth page again, and open the address that it prints.");
    const player = new Player(base, await answer.json());
    await player.within(OPEN_MS, "began", "The instrument does not answer; is synth page still running?");
    setTimeout(() => player.tell("state")); // something may play already, which whoever listens from now on has not heard of
    return player;
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

  // ---- what plays

  /** @param {string} name @param {{seed?: number | bigint | string, values?: Record<string, number>}} [options] */
  async play(name, { seed = this.seed, values = {} } = {}) {
    let before = this.playing?.number ?? 0;
    const wanted = Number(seed);
    if (!Number.isSafeInteger(wanted))
      throw new Error(`seed = ${seed}; over a connection it is a whole number of at most 53 bits.`);
    const isAnother = name !== this.name;
    if (isAnother || this.isPlaying || wanted !== this.seed) {
      if (isAnother) this.ask({ preset: name });
      const late = `${name} does not begin; the terminal of synth page says why.`;
      const isThere = (/** @type {any} */ { number, row }) => number > before && row.name === name;
      const begun = () => this.within(PLAY_MS, "begun", late, isThere);
      if (isAnother) before = (await begun()).number;
      if (!isAnother || wanted !== this.seed) {
        this.ask({ perform: wanted });
        await begun();
      }
    }
    if (this.session.is_muted) {
      this.ask({ mute: true });
      this.session.is_muted = false;
    }
    for (const [path, value] of Object.entries(values))
      this.set(
        ...split(
          path,
          this.layers.map((layer) => layer.name),
        ),
        value,
      );
    this.tell("state");
  }

  /** The same preset from its beginning, with what hands have changed. @param {number | bigint | string} seed */
  newPerformance(seed) {
    const values = Object.fromEntries(
      this.layers.flatMap(({ name, parameters }) =>
        Object.entries(parameters)
          .filter(([, { value, usual }]) => value !== usual)
          .map(([path, { value }]) => [`${name}.${path}`, value]),
      ),
    );
    return this.play(this.name, { seed, values });
  }

  /** Fade to silence; the instrument stays. @param {number} [fade_s] */
  async stop(fade_s = 2) {
    if (!this.isPlaying) return;
    this.ask({ fade_out: fade_s });
    this.session.is_muted = true;
    this.tell("state");
  }

  /** Fall silent in so many seconds, with a long fade; 0: not any more. @param {number} seconds */
  sleep(seconds) {
    this.ask({ sleep: seconds });
  }

  // ---- what hands do

  /** @param {string} layer @param {string} path @param {number} value */
  set(layer, path, value) {
    const full = `${layer}.${path}`;
    this.ask({ values: { [full]: value } });
    this.mine.set(full, performance.now());
    this.note(full, value);
  }

  /** @param {string} layer @param {number} [velocity] 0..1 */
  strike(layer, velocity = 0.7) {
    this.ask({ strike: layer, velocity });
  }

  /** End what was struck on a layer. @param {string} layer */
  release(layer) {
    this.ask({ release: layer });
  }

  /** @param {string} layer @param {Partial<Place>} place */
  move(layer, place) {
    const values = Object.fromEntries(Object.entries(place).filter(([path]) => PLACE.includes(path)));
    this.ask({ values: Object.fromEntries(Object.entries(values).map(([path, value]) => [`${layer}.${path}`, value])) });
    for (const [path, value] of Object.entries(values)) {
      this.mine.set(`${layer}.${path}`, performance.now());
      this.note(`${layer}.${path}`, value);
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
    const view = this.view(name);
    if (view[what] === on) return;
    this.ask({ [command]: name });
    view[what] = on;
    this.tell("state");
  }

  /** Glide to a scene, in the scene's own time. @param {string} name */
  scene(name) {
    this.ask({ scene: name });
  }

  /** Stand between two scenes. @param {string} from @param {string} to @param {number} share 0: from, 1: to */
  morph(from, to, share) {
    const [begin, end] = [from, to].map((name) => {
      const found = this.playing?.scenes.find((/** @type {any} */ scene) => scene.name === name);
      if (!found) throw new Error(`'${this.name}' has no scene '${name}'.`);
      return found.values;
    });
    this.ask({ values: between(begin, end, share, this.layers, this.playing.master) });
  }

  /** The listener's own; no preset moves it. */
  get volume_db() {
    return this.session.volume_db;
  }

  set volume_db(value) {
    this.session.volume_db = Math.min(Math.max(value, QUIETEST_DB), LOUDEST_DB);
    this.ask({ volume: this.session.volume_db });
  }

  /** Say how strongly it tingles now; no sound changes by it. @param {number} amount 0..1 */
  tingle(amount) {
    this.ask({ tingle: amount });
  }

  /** Have a layer that speaks say a text. @param {string} layer @param {string} text */
  speak(layer, text) {
    this.ask({ say: layer, text, interrupt: true });
  }

  /** Controllers belong to the machine that plays. */
  midi() {
    if (this.hasToldOfMidi) return;
    this.hasToldOfMidi = true;
    this.fail("Plug the controller into the machine that plays: it hears all of them by itself.");
  }

  /** Have the machine record what it plays; where the file can be fetched when it is switched off. @param {boolean} on */
  async record(on) {
    const known = this.session.recordings.length;
    this.ask({ record: on });
    if (on)
      return void (await this.within(OPEN_MS, "state", "The recording does not begin.", () => this.session.recording !== ""));
    const late = "The recording does not come; it lies on the machine that plays.";
    await this.within(PLAY_MS, "state", late, () => this.session.recordings.length > known);
    const name = this.session.recordings.at(-1);
    return { name, address: String(new URL(`recordings/${encodeURIComponent(name)}`, this.base)) };
  }
}
