// An engine in the machine's memory: a snapshot laid out, its addresses filled in, frames rendered, events and bytes taken.
//
// Needs nothing of a browser: it runs in a page, a worker, an AudioWorklet and node alike.

import { Cues } from "./cues.js";
import { seedOf } from "./seeds.js";

export { Machine, layoutOf } from "./machine.js";

const MOST_FRAMES = 1024; // at once
const MOST_BYTES = 256; // of MIDI, at once
const STEP = 1 << 18; // bytes that are laid out before somebody else has a turn
const AHEAD = 1 << 16; // frames by which cues are handed over early, as Python does
const NOW = -1;

export class Engine {
  /** @param {import("./machine.js").Machine} machine */
  constructor(machine) {
    this.machine = machine;
    const { constants, records } = machine.layout;
    this.constants = constants;
    this.eventFields = Object.entries(records.EVENT.fields);
    /** Where each piece lies, and how much room there is. @type {Record<string, {at: number, room: number}>} */
    this.places = {};
    this.out = machine.take(8 * MOST_FRAMES);
    this.eventAt = machine.take(machine.size("EVENT"));
    this.midiAt = machine.take(MOST_BYTES);
    /** @type {any} */
    this.header = null;
    /** @type {object[]} */
    this.waiting = [];
    this.cues = new Cues([], 1);
    /** What `process` is called with, but for the frames. @type {bigint[]} */
    this.call = [];
  }

  get state() {
    return this.places.state.at;
  }

  get tables() {
    return this.places.tables.at;
  }

  get arena() {
    return this.places.arena.at;
  }

  /** The first frame not yet rendered. */
  get frame() {
    return Number(this.machine.view.getBigInt64(this.state + this.machine.at("STATE", "frame"), true));
  }

  /** Frames from an event to its sound. */
  get latencyFrames() {
    return this.constants.limiter_frames + this.machine.ears.base_delay_frames;
  }

  /** Lay a preset out, all at once: back to frame 0. @param {{header: any, bytes: Uint8Array}} snapshot @param {number | bigint | string} [seed] */
  load(snapshot, seed) {
    for (const _ of this.laying(snapshot, seed));
  }

  /**
   * Lay a preset out a bit at a time: memory is written at each step, for whoever must not be kept waiting.
   * @param {{header: any, bytes: Uint8Array}} snapshot @param {number | bigint | string} [seed] the snapshot's own if left out
   */
  *laying({ header, bytes }, seed = header.seed) {
    const { machine } = this;
    if (header.layout !== machine.layout.hash)
      throw new Error(`'${header.name}' was made for another synth.wasm; reload the page, or export it again.`);
    let begin = 0;
    for (const [name, [stored, size]] of Object.entries(header.pieces)) {
      const at = this.#place(name, size);
      for (let done = 0; done < size; done += STEP) {
        const end = Math.min(done + STEP, size);
        const full = Math.min(Math.max(stored, done), end);
        machine.bytes.set(bytes.subarray(begin + done, begin + full), at + done);
        machine.bytes.fill(0, at + full, at + end);
        yield;
      }
      begin += stored;
    }
    this.header = header;
    this.#fill();
    this.waiting = [];
    this.cues = new Cues(header.cues, machine.view.getFloat64(this.state + machine.at("STATE", "sample_rate"), true));
    if (String(seed) !== String(header.seed)) this.#seed(seed);
    yield;
  }

  /** @param {string} name @param {number} size */
  #place(name, size) {
    const place = this.places[name];
    if (!place || place.room < size) this.places[name] = { at: this.machine.take(size), room: size };
    return this.places[name].at;
  }

  /** Fill in addresses, and what the ears say. */
  #fill() {
    const { machine, header, places } = this;
    const { view, ears, earsAt } = machine;
    for (const [piece, byte, to, start] of header.words)
      view.setBigInt64(places[piece].at + byte, BigInt(places[to].at + start), true);
    for (const [byte, trigger, which] of header.kernels)
      view.setBigInt64(this.tables + byte, BigInt(machine.kernel(trigger, which)), true);
    machine.bytes.copyWithin(this.tables + machine.at("TABLES", "ears"), earsAt, earsAt + machine.size("EARS"));
    view.setBigInt64(this.state + machine.at("STATE", "dry_delay"), BigInt(ears.base_delay_frames), true);
    this.call = [this.state, this.tables, 0, 0, this.out].map(BigInt);
  }

  /** Give the layers' random streams other seeds, before frame 0. @param {number | bigint | string} seed */
  #seed(seed) {
    const { machine, header } = this;
    const layers = this.state + machine.at("STATE", "layers");
    for (const { index, name } of header.layers) {
      const layer = layers + index * machine.size("LAYER");
      machine.view.setBigUint64(layer + machine.at("LAYER", "seed"), seedOf(seed, name, "strike"), true);
      for (const [what, record] of [
        ["gesture", "GESTURE"],
        ["motion", "MOTION"],
      ]) {
        const mixed = BigInt.asUintN(64, machine.exports.mixed(seedOf(seed, name, what)));
        machine.view.setBigUint64(layer + machine.at("LAYER", what) + machine.at(record, "rng"), mixed, true);
      }
    }
  }

  /** Render the next frames, at most 1024: a view of left, right, left ...; it holds until the next call. @param {number} frames */
  render(frames) {
    this.#handOver();
    const { exports } = this.machine;
    exports.process(...this.call, BigInt(frames));
    return new Float32Array(exports.memory.buffer, this.out, 2 * frames);
  }

  /** Send what is to happen soon, as far as there is room. */
  #handOver() {
    const due = this.cues.before(this.frame + AHEAD);
    if (due.length) this.waiting.push(...due);
    while (this.waiting.length && this.#push(this.waiting[0])) this.waiting.shift();
  }

  /** Have events happen: by the names of EVENT's fields; without a frame at once. @param {...any} events */
  push(...events) {
    this.waiting.push(...events);
    while (this.waiting.length && this.#push(this.waiting[0])) this.waiting.shift();
  }

  /** @param {any} values @returns {boolean} whether there was room */
  #push(values) {
    const { view, exports } = this.machine;
    for (const [name, [byte, kind]] of this.eventFields) {
      const value = values[name] ?? (name === "frame" ? NOW : 0);
      if (kind === "f8") view.setFloat64(this.eventAt + byte, value, true);
      else if (kind === "i8") view.setBigInt64(this.eventAt + byte, BigInt(value), true);
      else view.setInt32(this.eventAt + byte, value, true);
    }
    return exports.push(BigInt(this.state), BigInt(this.eventAt), 1n) === 1n;
  }

  /** Hand over bytes of MIDI, to be played by the preset's mapping in the next quantum. @param {ArrayLike<number>} bytes */
  midi(bytes, port = 0) {
    const { machine } = this;
    const ring = BigInt(this.state + machine.at("STATE", "midi"));
    for (let at = 0; at < bytes.length; at += MOST_BYTES) {
      const part = Array.prototype.slice.call(bytes, at, at + MOST_BYTES);
      machine.bytes.set(part, this.midiAt);
      machine.exports.push_midi(ring, BigInt(port), BigInt(NOW), BigInt(this.midiAt), BigInt(part.length));
    }
  }

  /** What bindings of MIDI have asked the page to do since the last call: [command, name]. @returns {[string, string][]} */
  asked() {
    const { machine, header, constants } = this;
    const { view } = machine;
    const ring = this.state + machine.at("STATE", "responses");
    const [writtenAt, readAt] = [ring + machine.at("RESPONSES", "written"), ring + machine.at("RESPONSES", "read")];
    const written = Number(view.getBigInt64(writtenAt, true));
    const found = [];
    for (let n = Number(view.getBigInt64(readAt, true)); n < written; n++) {
      const item = ring + machine.at("RESPONSES", "items") + (n % constants.ring) * machine.size("RESPONSE");
      if (view.getInt32(item + machine.at("RESPONSE", "kind"), true) !== constants.asked) continue;
      const action = header.actions[view.getInt32(item + machine.at("RESPONSE", "binding"), true)];
      if (action) found.push(action);
    }
    view.setBigInt64(readAt, BigInt(written), true);
    return found;
  }

  /** What each number of each layer is now: layer after layer, in the order of their `parameters`. */
  values() {
    const { machine, header } = this;
    const found = [];
    for (const { index, parameters } of header.layers) {
      const slots = this.state + machine.at("STATE", "layers") + index * machine.size("LAYER") + machine.at("LAYER", "slots");
      for (const { slot } of Object.values(parameters))
        found.push(slots + slot * machine.size("SMOOTH") + machine.at("SMOOTH", "value"));
    }
    const { view } = machine;
    return Float64Array.from(found, (at) => view.getFloat64(at, true));
  }
}
