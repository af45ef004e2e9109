// The machine: one instance of the kernels, its memory, and a set of ears in it that all engines share.
//
// Needs nothing of a browser: it runs in a page, a worker, an AudioWorklet and node alike.

const PAGE = 65536;
const LINE = 64; // what starts on a cache line there starts on one here
const SECTION = "synth";
const FULL = "This page's sound needs more memory than the browser gives it; close other tabs and reload.";

/** What stands in a module of itself: the layout of its memory. @param {WebAssembly.Module} module */
export function layoutOf(module) {
  const [section] = WebAssembly.Module.customSections(module, SECTION);
  if (!section) throw new Error("synth.wasm has no layout; build it again with make web");
  const bytes = new Uint8Array(section);
  let text = ""; // a worklet has no TextDecoder
  for (let at = 0; at < bytes.length; at += 4096) text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return JSON.parse(text);
}

export class Machine {
  /**
   * @param {WebAssembly.Module} module
   * @param {{header: any, pieces: Record<string, Uint8Array>}} ears as `decode.js` unpacks them
   */
  constructor(module, ears) {
    this.layout = layoutOf(module);
    /** @type {any} */
    this.exports = new WebAssembly.Instance(module, {}).exports;
    this.end = this.exports.__heap_base.value;
    this.triggers = Object.keys(this.layout.triggers);
    this.ears = ears.header;
    this.earsAt = this.take(ears.pieces.ears.length);
    this.bytes.set(ears.pieces.ears, this.earsAt);
    for (const [at, to] of ears.header.words) this.view.setBigInt64(this.earsAt + at, BigInt(this.earsAt + to), true);
  }

  /** All of the memory, as it is now: growing makes another one. */
  get bytes() {
    return new Uint8Array(this.exports.memory.buffer);
  }

  get view() {
    return new DataView(this.exports.memory.buffer);
  }

  /** The address of so many bytes that nobody else has; zeroed, as long as nothing was given back. @param {number} size */
  take(size) {
    const at = Math.ceil(this.end / LINE) * LINE;
    const missing = Math.ceil((at + size - this.exports.memory.buffer.byteLength) / PAGE);
    try {
      if (missing > 0) this.exports.memory.grow(missing);
    } catch {
      throw new Error(FULL);
    }
    this.end = at + size;
    return at;
  }

  /** Where a field lies in its record. @param {string} record @param {string} field @returns {number} */
  at(record, field) {
    return this.layout.records[record].fields[field][0];
  }

  /** @param {string} record @returns {number} */
  size(record) {
    return this.layout.records[record].size;
  }

  /** The number of a kernel in the table of functions. @param {string} trigger @param {number} which 0 strike, 1 render */
  kernel(trigger, which) {
    const index = this.triggers.indexOf(trigger);
    if (index < 0) throw new Error(`This page's synth.wasm holds no trigger '${trigger}'; reload the page, or export it again.`);
    return this.view.getUint32(this.exports.kernels.value + 4 * (2 * index + which), true);
  }
}
