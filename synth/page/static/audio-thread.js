// The audio thread from the page's side: context, worklet, what it is told and what it says, recorder, analysers.
//
// module, ears -> node -> ears | an audio element (phones) | analysers

const ANALYSED = 4096; // frames of a spectrum
const PATIENCE_MS = 3000;
const IS_PHONE = /Android|iPhone|iPad|iPod/i.test(globalThis.navigator?.userAgent ?? "");

export class AudioThread {
  /**
   * @param {import("./files.js").Files} files @param {WebAssembly.Module} module @param {Promise<any>} ears unpacked @param {number} sampleRate
   * @param {AudioContextLatencyCategory | number} latency
   */
  constructor(files, module, ears, sampleRate, latency) {
    this.files = files;
    this.module = module;
    this.ears = ears;
    this.sampleRate = sampleRate;
    this.latency = latency;
    /** Told what the thread says. @type {(data: any) => void} */
    this.hear = () => undefined;
    /** Told what went wrong by itself. @type {(error: unknown) => void} */
    this.fail = () => undefined;
    /** @type {AudioContext | null} */
    this.context = null;
    /** @type {AudioWorkletNode | null} */
    this.node = null;
    /** @type {AnalyserNode[] | null} */
    this.tap = null;
    /** @type {HTMLAudioElement | null} plays for the context on phones */
    this.element = null;
    /** @type {MediaStreamAudioDestinationNode | null} what it plays */
    this.stream = null;
    /** Who waits for a preset to be there. @type {Map<number, {resolve: (value?: unknown) => void, reject: (error: Error) => void}>} */
    this.waits = new Map();
    /** @type {{left: Float32Array[], right: Float32Array[], whenWhole?: (value?: unknown) => void} | null} */
    this.recorded = null;
    this.ids = 0;
    this.isTouched = false;
  }

  get isRunning() {
    return this.context?.state === "running";
  }

  /** Make the context and its worklet, once, and let them rest; no gesture is needed for that. */
  make() {
    if (this.context && this.context.state !== "closed") return this.context;
    const context = this.#context();
    context.suspend(); // until there is something to hear
    this.context = context;
    this.isTouched = false;
    if (IS_PHONE) this.stream = new MediaStreamAudioDestinationNode(context, { channelCount: 2 });
    context.addEventListener("statechange", () => this.hear({ what: "context" }));
    this.ready = this.#start(context);
    this.ready.catch(() => {
      if (this.context === context) this.context = null; // the next gesture tries again
    });
    return context;
  }

  #context() {
    let context;
    try {
      context = new AudioContext({ sampleRate: this.sampleRate, latencyHint: this.latency });
    } catch (error) {
      throw new Error(
        `No sound: the browser opens no audio output (${error instanceof Error ? error.message : error}); connect headphones and try again.`,
        { cause: error },
      );
    }
    if (context.sampleRate !== this.sampleRate)
      throw new Error(`No sound: the browser gives ${context.sampleRate} Hz instead of ${this.sampleRate}; update it.`);
    return context;
  }

  /** Be allowed to sound; within a gesture of the visitor. */
  open() {
    const context = this.make();
    if (this.isTouched) return;
    this.isTouched = true;
    context.resume();
    context.suspend();
    if (this.stream) this.#openElement(this.stream);
  }

  /** @param {AudioContext} context */
  async #start(context) {
    const [ears] = await Promise.all([this.ears, context.audioWorklet.addModule(this.files.address("processor.js"))]);
    const node = new AudioWorkletNode(context, "synth", {
      numberOfInputs: 0,
      outputChannelCount: [2],
      processorOptions: { module: this.module, ears },
    });
    await new Promise((resolve, reject) => {
      node.port.onmessage = ({ data }) => (data.what === "ready" ? resolve(null) : reject(new Error(data.message)));
      node.onprocessorerror = () => reject(new Error("No sound: the browser could not start the audio thread; reload the page."));
    });
    node.onprocessorerror = () => this.fail(new Error("The sound has stopped by a fault; reload the page."));
    node.port.onmessage = ({ data }) => this.#take(data);
    this.node = node;
    this.#connect(context, node);
    if (this.recorded) this.tell({ do: "record", on: true });
  }

  /** @param {AudioContext} context @param {AudioWorkletNode} node */
  #connect(context, node) {
    const splitter = new ChannelSplitterNode(context, { numberOfOutputs: 2 });
    this.tap = [0, 1].map((side) => {
      const analyser = new AnalyserNode(context, { fftSize: ANALYSED, smoothingTimeConstant: 0 });
      splitter.connect(analyser, side);
      return analyser;
    });
    node.connect(splitter);
    node.connect(this.stream ?? context.destination);
  }

  /** Phones play on with a dark screen what comes through an audio element, and it begins within a gesture. @param {MediaStreamAudioDestinationNode} stream */
  #openElement({ stream }) {
    this.element = Object.assign(new Audio(), { srcObject: stream });
    this.element.play().catch(() => undefined); // it is asked again, and then said
  }

  /** @param {any} message @param {Transferable[]} [transfer] */
  tell(message, transfer = []) {
    this.node?.port.postMessage(message, transfer);
  }

  /** Hand a preset over; wait until it plays. @param {any} job */
  load(job) {
    this.ids += 1;
    const id = this.ids;
    return new Promise((resolve, reject) => {
      this.waits.set(id, { resolve, reject });
      this.tell({ do: "load", id, isAtOnce: !this.isRunning, ...job }); // what does not run would never end a crossfade
    });
  }

  async resume() {
    const { context, element } = this;
    if (!context) return;
    await Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
    await element?.play();
    if (context.state !== "running") throw new Error("The browser lets no page sound before it is touched; tap play once more.");
    this.tell({ do: "resumed" });
    if (globalThis.navigator?.mediaSession) navigator.mediaSession.playbackState = "playing";
  }

  async rest() {
    this.element?.pause();
    if (globalThis.navigator?.mediaSession) navigator.mediaSession.playbackState = "paused";
    await this.context?.suspend();
  }

  // ---- recording

  /** @param {boolean} on @returns {Promise<Recording | void>} */
  async record(on) {
    if (on === Boolean(this.recorded)) return;
    if (on) {
      this.recorded = { left: [], right: [] };
      this.tell({ do: "record", on });
      return;
    }
    const recorded = this.recorded;
    if (!recorded) return;
    if (this.node) {
      const whole = new Promise((resolve) => Object.assign(recorded, { whenWhole: resolve }));
      this.tell({ do: "record", on });
      await whole;
    }
    this.recorded = null;
    return { left: joined(recorded.left), right: joined(recorded.right), sample_rate: this.sampleRate };
  }

  // ---- what it says

  /** @param {any} data */
  #take(data) {
    if (data.what === "loaded") this.#answer(data.id, null);
    else if (data.what === "error") this.#answer(data.id, new Error(data.message));
    else if (data.what === "recorded") this.#keep(data);
    else this.hear(data);
  }

  /** @param {number} id @param {Error | null} error */
  #answer(id, error) {
    const wait = this.waits.get(id);
    this.waits.delete(id);
    if (!error) wait?.resolve();
    else if (wait) wait.reject(error);
    else this.fail(error);
  }

  /** @param {{left: Float32Array, right: Float32Array, isLast: boolean}} data */
  #keep({ left, right, isLast }) {
    this.recorded?.left.push(left);
    this.recorded?.right.push(right);
    if (isLast) this.recorded?.whenWhole?.();
  }
}

/** @param {Float32Array[]} pieces */
function joined(pieces) {
  const whole = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
