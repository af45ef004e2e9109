// The engine in the audio thread: 128 frames are two of its quanta.  messages -> engines -> crossfade -> left, right
//
// Two engines share one machine: while a preset plays the next is laid out beside it, a bit in every block, and then faded to.

import { Crossfade } from "./crossfade.js";
import { Engine, Machine } from "./engine.js";
import { Lateness } from "./lateness.js";
import { Sleep } from "./sleep.js";
import { measured } from "./status.js";

/** @typedef {{id: number, snapshot: Snapshot, seed: number | bigint | string, begin: object[], fadeIn: object[], crossfade_s: number, isAtOnce: boolean}} Job */

const BLOCK = 128;
const WARM_UP = 64; // blocks at the very first: a worker has had the kernels compiled, here the calls into them are
const STATUS_HZ = 30;
const VALUES_EVERY = 6; // statuses
const DIES_AWAY_S = 0.4; // after a fade to nothing: latency, and what the master's high-pass keeps
const RECORDED = 48000; // frames of a piece of a recording
const CPU_SHARE = 0.2; // of the newest measure in the mean

const now_s = () => (globalThis.performance?.now() ?? Date.now()) / 1e3;

class Synth extends AudioWorkletProcessor {
  /** @param {{processorOptions: {module: WebAssembly.Module, ears: any}}} options */
  constructor({ processorOptions: { module, ears } }) {
    super();
    this.machine = new Machine(module, ears);
    this.engines = [new Engine(this.machine), new Engine(this.machine)];
    this.lateness = new Lateness(sampleRate, BLOCK);
    /** What plays. @type {Engine | null} */
    this.current = null;
    /** What fades. @type {{engine: Engine, crossfade: Crossfade} | null} */
    this.leaving = null;
    /** What is being laid out. @type {{job: Job, engine: Engine, steps: Iterator<unknown>} | null} */
    this.coming = null;
    /** What is to be laid out then. @type {Job | null} */
    this.next = null;
    /** @type {Sleep | null} */
    this.sleep = null;
    /** @type {{left: Float32Array, right: Float32Array, count: number} | null} */
    this.recording = null;
    this.isWarm = false;
    this.stops_s = Infinity;
    this.frames = 0;
    this.statuses = 0;
    this.busy_s = 0;
    this.cpu = 0;
    /** What the page asks for, by name. @type {Record<string, (message: any) => void>} */
    this.effects = {
      load: (job) => this.#load(job),
      push: ({ events }) => this.current?.push(...events),
      push_all: ({ events }) => this.#playing().forEach((engine) => engine.push(...events)),
      midi: ({ bytes }) => this.current?.midi(bytes),
      stop: ({ fade_s }) => this.#stop(fade_s),
      sleep: ({ seconds, fade_s }) => this.#fallAsleep(seconds, fade_s),
      record: ({ on }) => this.#switchRecording(on),
      resumed: () => this.lateness.restart(),
    };
    this.port.onmessage = ({ data }) => this.#tell(data);
    this.port.postMessage({ what: "ready" });
  }

  /** @param {any} message */
  #tell(message) {
    try {
      this.effects[message.do](message);
    } catch (error) {
      this.#fail(error, message.id);
    }
  }

  /** @param {unknown} error @param {number} [id] */
  #fail(error, id) {
    this.port.postMessage({ what: "error", message: error instanceof Error ? error.message : String(error), id });
  }

  // ---- what the page asks for

  /** @param {Job} job */
  #load(job) {
    this.sleep = null;
    this.stops_s = Infinity;
    if (job.isAtOnce) {
      this.#drop(this.next);
      this.#drop(this.coming?.job);
      this.current = this.leaving = this.next = this.coming = null;
    }
    if (this.current) {
      this.#drop(this.next);
      this.next = job;
      return;
    }
    const [engine] = this.engines;
    engine.load(job.snapshot, job.seed);
    if (!this.isWarm) {
      for (let block = 0; block < WARM_UP; block++) engine.render(BLOCK);
      engine.load(job.snapshot, job.seed);
      this.isWarm = true;
    }
    engine.push(...job.begin, ...job.fadeIn);
    this.current = engine;
    this.lateness.restart();
    this.port.postMessage({ what: "loaded", id: job.id });
  }

  /** Somebody waits for what is not going to be heard. @param {Job | null | undefined} job */
  #drop(job) {
    if (job) this.port.postMessage({ what: "loaded", id: job.id });
  }

  /** @param {number} fade_s */
  #stop(fade_s) {
    this.sleep = null;
    this.#drop(this.next);
    this.#drop(this.coming?.job);
    this.next = this.coming = null;
    this.#fade(0, fade_s);
    this.stops_s = fade_s + DIES_AWAY_S;
  }

  /** @param {number} seconds @param {number | undefined} fade_s */
  #fallAsleep(seconds, fade_s) {
    if (this.sleep) this.#fade(1, Sleep.STEP_S);
    this.sleep = seconds > 0 ? new Sleep(seconds, fade_s) : null;
  }

  // ---- in every block

  /** @param {Float32Array[][]} _ @param {Float32Array[][]} outputs */
  process(_, [out]) {
    if (!this.current || out.length < 2) return true;
    const begin_s = now_s();
    this.lateness.pass(begin_s);
    try {
      this.#layOut(this.current);
      this.#render(this.current, out);
    } catch (error) {
      this.current = null;
      this.#fail(error);
      return true;
    }
    this.busy_s += now_s() - begin_s;
    this.#record(out);
    this.#pass();
    return true;
  }

  #playing() {
    return [this.leaving?.engine, this.current].filter((engine) => engine !== null && engine !== undefined);
  }

  /** Lay out a bit of what comes next, and begin to fade to it when it is all there. @param {Engine} current */
  #layOut(current) {
    if (this.next && !this.leaving && !this.coming) {
      const engine = current === this.engines[0] ? this.engines[1] : this.engines[0];
      this.coming = { job: this.next, engine, steps: engine.laying(this.next.snapshot, this.next.seed) };
      this.next = null;
    }
    if (!this.coming || !this.coming.steps.next().done) return;
    const { job, engine } = this.coming;
    engine.push(...job.begin);
    const ceiling = 10 ** (this.machine.layout.constants.ceiling_db / 20);
    this.leaving = { engine: current, crossfade: new Crossfade(job.crossfade_s * sampleRate, ceiling, sampleRate) };
    this.current = engine;
    this.coming = null;
    this.port.postMessage({ what: "loaded", id: job.id });
  }

  /** @param {Engine} before what played when the block began @param {Float32Array[]} out */
  #render(before, out) {
    const [left, right] = out;
    const engine = this.current ?? before;
    if (this.leaving) {
      const leaving = this.leaving.engine.render(left.length).slice(); // the memory of both may grow
      this.leaving.crossfade.mix(leaving, engine.render(left.length), out);
      if (this.leaving.crossfade.isOver) this.leaving = null;
      return;
    }
    const frames = engine.render(left.length);
    for (let n = 0; n < left.length; n++) {
      left[n] = frames[2 * n];
      right[n] = frames[2 * n + 1];
    }
  }

  /** @param {number} share @param {number} seconds */
  #fade(share, seconds) {
    const { kinds, master } = this.machine.layout;
    const event = { kind: kinds.MASTER, slot: master.fade, value: share, ramp_frames: Math.round(seconds * sampleRate) };
    for (const engine of this.#playing()) engine.push(event);
  }

  /** Let the time of a block pass: timers, and the status. */
  #pass() {
    const block_s = BLOCK / sampleRate;
    const share = this.sleep?.pass(block_s) ?? null;
    if (share !== null) this.#fade(share, Sleep.STEP_S);
    if (this.sleep && this.sleep.left_s <= -DIES_AWAY_S) this.stops_s = 0;
    this.stops_s -= block_s;
    if (this.stops_s <= 0) this.#end();
    this.frames += BLOCK;
    if (this.frames < sampleRate / STATUS_HZ) return;
    this.#report();
    this.frames = 0;
  }

  #end() {
    this.stops_s = Infinity;
    this.current = this.leaving = this.sleep = null;
    this.port.postMessage({ what: "stopped" });
  }

  #report() {
    const engine = this.current;
    const cpu = (this.busy_s * sampleRate) / this.frames;
    this.cpu += CPU_SHARE * (cpu - this.cpu);
    this.busy_s = 0;
    if (!engine) return;
    const numbers = measured(engine, this.lateness.missed, this.cpu);
    this.port.postMessage({ what: "status", numbers }, [numbers.buffer]);
    const asked = engine.asked();
    if (asked.length) this.port.postMessage({ what: "asked", asked });
    this.statuses += 1;
    if (this.statuses % VALUES_EVERY) return;
    const values = engine.values();
    this.port.postMessage({ what: "values", name: engine.header.name, values }, [values.buffer]);
  }

  // ---- recording

  /** @param {boolean} on */
  #switchRecording(on) {
    if (on) this.recording = { left: new Float32Array(RECORDED), right: new Float32Array(RECORDED), count: 0 };
    else this.#sendRecorded(true);
  }

  /** @param {Float32Array[]} out */
  #record(out) {
    const { recording } = this;
    if (!recording) return;
    recording.left.set(out[0], recording.count);
    recording.right.set(out[1], recording.count);
    recording.count += out[0].length;
    if (recording.count + BLOCK > RECORDED) this.#sendRecorded(false);
  }

  /** @param {boolean} isLast */
  #sendRecorded(isLast) {
    const { recording } = this;
    const left = recording ? recording.left.slice(0, recording.count) : new Float32Array(0);
    const right = recording ? recording.right.slice(0, recording.count) : new Float32Array(0);
    if (recording) recording.count = 0;
    if (isLast) this.recording = null;
    this.port.postMessage({ what: "recorded", left, right, isLast }, [left.buffer, right.buffer]);
  }
}

registerProcessor("synth", Synth);
