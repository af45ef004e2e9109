// What hands do with what plays: numbers, places, notes, switches, scenes, the volume, MIDI.  hands -> events -> the audio thread

import { mixed } from "./logic/curves.js";
import { noted, PLACE } from "./views.js";

const HAND_S = 0.05;
const FIRST_NOTE = 1 << 20; // beyond what the instrument counts itself
const [QUIETEST_DB, LOUDEST_DB] = [-60, 12];

/** @typedef {import("./controls.js").Controls} Controls */

export class Hands extends EventTarget {
  /** @param {import("./audio-thread.js").AudioThread} audio @param {any} layout */
  constructor(audio, layout) {
    super();
    this.audio = audio;
    this.layout = layout;
    /** @type {Controls | null} */
    this.controls = null;
    /** @type {ReturnType<typeof import("./views.js").viewOf>[]} */
    this.layers = [];
    /** What hands have changed, by "LAYER.PATH". @type {Record<string, number>} */
    this.changed = {};
    /** Notes that were struck here and not released, by layer. @type {Map<string, number[]>} */
    this.held = new Map();
    this.notes = FIRST_NOTE;
    this.ownVolume_db = 0;
  }

  /** @param {string} what */
  say(what) {
    this.dispatchEvent(new Event(what));
  }

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
    return /** @type {ReturnType<typeof import("./views.js").viewOf>} */ (this.layers.find((each) => each.name === name));
  }

  #switch() {
    const controls = this.#playing();
    const hasSolo = this.layers.some(({ soloed }) => soloed);
    this.#send(...this.layers.map(({ name, muted, soloed }) => controls.audible(name, !muted && (soloed || !hasSolo))));
    this.say("state");
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
    this.say("state");
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
}
