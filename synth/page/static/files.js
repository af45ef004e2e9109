// The files of an exported page: catalogue, kernels, ears, presets.  address -> what it holds, or an error that says what to do

import { container } from "./decode.js";

/** The smallest module with a SIMD instruction: a browser that cannot validate it cannot play. */
const SIMD = Uint8Array.of(
  0,
  97,
  115,
  109,
  1,
  0,
  0,
  0,
  1,
  5,
  1,
  96,
  0,
  1,
  123,
  3,
  2,
  1,
  0,
  10,
  10,
  1,
  8,
  0,
  65,
  0,
  253,
  15,
  253,
  98,
  11,
);

/** Raise what a browser lacks. */
export function checkBrowser() {
  if (typeof WebAssembly !== "object")
    throw new Error("This browser has no WebAssembly; use Firefox, Chrome, Edge or Safari of 2023 or later.");
  if (!WebAssembly.validate(SIMD))
    throw new Error("This browser's WebAssembly lacks SIMD; use Firefox 89, Chrome 91, Safari 16.4 or later.");
  if (!globalThis.isSecureContext) throw new Error("Browsers play this page over https or from localhost only; open it so.");
  if (typeof AudioWorkletNode !== "function")
    throw new Error("This browser has no AudioWorklet; use Firefox, Chrome, Edge or Safari of 2023 or later.");
  if (typeof DecompressionStream !== "function")
    throw new Error("This browser cannot unpack gzip; use Firefox 113, Chrome 80, Safari 16.4 or later.");
}

export class Files {
  /** @param {string} base the folder's address */
  constructor(base) {
    this.base = new URL(base.endsWith("/") ? base : `${base}/`, globalThis.document?.baseURI ?? globalThis.location?.href);
    /** @type {Map<string, Promise<{header: any, bytes: Uint8Array}>>} */
    this.presets = new Map();
  }

  /** @param {string} path */
  address(path) {
    return new URL(path, this.base);
  }

  /** @param {string} path @returns {Promise<Response>} */
  async #fetched(path) {
    let response;
    try {
      response = await fetch(this.address(path));
    } catch (error) {
      throw new Error(`${path} cannot be fetched: no connection, and nothing kept of it; try again when you are online.`, {
        cause: error,
      });
    }
    if (!response.ok) throw new Error(`${path} is not on this server (${response.status}); export the page again, whole.`);
    return response;
  }

  /** @returns {Promise<Catalogue>} */
  async catalogue() {
    return (await this.#fetched("catalogue.json")).json();
  }

  async module() {
    const response = await this.#fetched("synth.wasm");
    const isNamed = response.headers.get("Content-Type")?.startsWith("application/wasm"); // some servers know no such type
    try {
      if (isNamed) return await WebAssembly.compileStreaming(response); // which a browser keeps, compiled, for the next visit
      return await WebAssembly.compile(await response.arrayBuffer());
    } catch (error) {
      throw new Error(
        `synth.wasm cannot be compiled (${error instanceof Error ? error.message : error}); export the page again.`,
        { cause: error },
      );
    }
  }

  /** A set of ears, still packed. @param {string} name */
  async ears(name) {
    const path = `ears/${encodeURIComponent(name)}.ears`;
    return { path, buffer: await (await this.#fetched(path)).arrayBuffer() };
  }

  /** A preset's snapshot; fetched once. @param {string} name */
  preset(name) {
    const found = this.presets.get(name) ?? this.#preset(name);
    this.presets.set(name, found);
    found.catch(() => this.presets.delete(name));
    return found;
  }

  /** @param {string} name */
  async #preset(name) {
    const path = `presets/${encodeURIComponent(name)}.preset`;
    return container(await (await this.#fetched(path)).arrayBuffer(), path);
  }
}
