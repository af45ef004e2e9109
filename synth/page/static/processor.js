// The engine in the audio thread: 128 frames are two of its quanta.  messages -> engines -> crossfade -> left, right
//
// Two engines share one machine: while a preset plays the next is laid out beside it, a bit in every block, and then faded to.

import { Crossfade } from "./crossfade.js";
import { Engine, Machine } from "./engine.js";
import { Lateness } from "./lateness.js";
import { Sleep } from "./sleep.js";
import { measured } from "./status.js";

const BLOCK = 128;
const WARM_UP = 64; // blocks at the very first: a worker has had the kernels compiled, here the calls into them are
const STATUS_HZ = 30;
const VALUES_EVERY = 6; // statuses
const DIES_AWAY_S = 0.4; // after a fade to nothing: latency, and what the master's high-pass keeps
const RECORDED = 48000; // frames of a piece of a recording

const now_s = () => (globalThis.performance?.now() ?? Date.now()) / 1e3;

class Synth extends AudioWorkletProcessor {
  constructor({ processorOptions: { module, ears } }) {
    super();
    this.machine = new Machine(module, ears);
    this.engines = [new Engine(this.machine), new Engine(this.machine)];
    this.lateness = new Lateness(sampleRate, BLOCK);
    /** @type {Engine | null} */
    this.current = null;
    /** @type {{engine: Engine, crossfade: Crossfade} | null} */
    this.leaving = null;
    this.coming = null; // what is being laid out
    this.next = null; // what is to be laid out then
    this.isWarm = false;
    this.stops_s = Infinity;
    this.sleep = null;
    this.recording = null;
    this.frames = 0;
    this.statuses = 0;
    this.busy_s = 0;
    this.cpu = 0;
    this.port.onmessage = ({ data }) => this.#tell(data);
    this.port.postMessage({ what: "ready" });
  }

  #tell(message) {
    try {
      this[`do_${message.do}`](message);
    } catch (error) {
      this.port.postMessage({ what: "error", message: error.message, id: message.id });
    }
  }

  // ---- what the page asks for

  do_load(job) {
    this.sleep = null;
    this.stops_s = Infinity;
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

  do_push({ events }) {
    this.current?.push(...events);
  }

  /** Somebody waits for what is not going to be heard. */
  #drop(job) {
    if (job) this.port.postMessage({ what: "loaded", id: job.id });
  }

  /** What holds whatever plays: the listener's volume. */
  do_push_all({ events }) {
    for (const engine of this.#playing()) engine.push(...events);
  }

  do_midi({ bytes }) {
    this.current?.midi(bytes);
  }

  do_stop({ fade_s }) {
    this.sleep = null;
    this.#drop(this.next);
    this.#drop(this.coming?.job);
    this.next = this.coming = null;
    this.#fade(0, fade_s);
    this.stops_s = fade_s + DIES_AWAY_S;
  }

  do_sleep({ seconds, fade_s }) {
    if (this.sleep) this.#fade(1, Sleep.STEP_S);
    this.sleep = seconds > 0 ? new Sleep(seconds, fade_s) : null;
  }

  do_record({ on }) {
    if (on) this.recording = { left: new Float32Array(RECORDED), right: new Float32Array(RECORDED), count: 0 };
    else this.#sendRecorded(true);
  }

  do_resumed() {
    this.lateness.restart();
  }

  // ---- in every block

  process(_, [out]) {
    if (!this.current || out.length < 2) return true;
    const begin_s = now_s();
    this.lateness.pass(begin_s);
    try {
      this.#layOut();
      this.#render(out);
    } catch (error) {
      this.current = null;
      this.port.postMessage({ what: "error", message: error.message });
      return true;
    }
    this.busy_s += now_s() - begin_s;
    this.#record(out);
    this.#pass();
    return true;
  }

  #playing() {
    return [this.leaving?.engine, this.current].filter((engine) => engine != null);
  }

  /** Lay out a bit of what comes next, and begin to fade to it when it is all there. */
  #layOut() {
    if (this.next && !this.leaving) {
      const engine = this.engines.find((each) => each !== this.current);
      this.coming = { job: this.next, engine, steps: engine.laying(this.next.snapshot, this.next.seed) };
      this.next = null;
    }
    if (!this.coming || !this.coming.steps.next().done) return;
    const { job, engine } = this.coming;
    engine.push(...job.begin);
    const ceiling = 10 ** (this.machine.layout.constants.ceiling_db / 20);
    this.leaving = { engine: this.current, crossfade: new Crossfade(job.crossfade_s * sampleRate, ceiling, sampleRate) };
    this.current = engine;
    this.coming = null;
    this.port.postMessage({ what: "loaded", id: job.id });
  }

  #render(out) {
    const [left, right] = out;
    if (this.leaving) {
      const leaving = this.leaving.engine.render(left.length).slice(); // the other's memory may grow
      this.leaving.crossfade.mix(leaving, this.current.render(left.length), out);
      if (this.leaving.crossfade.isOver) this.leaving = null;
      return;
    }
    const frames = this.current.render(left.length);
    for (let n = 0; n < left.length; n++) {
      left[n] = frames[2 * n];
      right[n] = frames[2 * n + 1];
    }
  }

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
    this.cpu += 0.2 * (cpu - this.cpu);
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

  #record(out) {
    const { recording } = this;
    if (!recording) return;
    recording.left.set(out[0], recording.count);
    recording.right.set(out[1], recording.count);
    recording.count += out[0].length;
    if (recording.count + BLOCK > RECORDED) this.#sendRecorded(false);
  }

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
