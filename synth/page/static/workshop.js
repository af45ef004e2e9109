// The workshop from the page's side: a worker that unpacks the ears and has kernels compiled before they are heard.
//
// module, packed ears -> ears; snapshot -> when it is compiled.  The page's own thread is free meanwhile.

const BROKEN = "The browser could not start the page's worker; reload the page.";

export class Workshop {
  /** @param {import("./files.js").Files} files */
  constructor(files) {
    /** Presets that were compiled for, by name. @type {Map<string, {promise: Promise<void>, resolve: () => void}>} */
    this.warm = new Map();
    /** @type {((ears: any) => void) | undefined} */
    this.whenUnpacked = undefined;
    /** @type {((error: Error) => void) | undefined} */
    this.whenBroken = undefined;
    this.ears = new Promise((resolve, reject) => Object.assign(this, { whenUnpacked: resolve, whenBroken: reject }));
    this.worker = new Worker(files.address("warm-up.js"), { type: "module" });
    this.worker.onmessage = ({ data }) => this.#take(data);
    this.worker.onerror = () => {
      this.whenBroken?.(new Error(BROKEN));
      this.warm.forEach(({ resolve }) => resolve()); // then they are compiled when they are heard
    };
  }

  /**
   * The kernels, and the ears as they were fetched: `ears` comes true when they are unpacked.
   * @param {WebAssembly.Module} module @param {Promise<{path: string, buffer: ArrayBuffer}>} file
   */
  begin(module, file) {
    file.then(
      ({ path, buffer }) => this.worker.postMessage({ module, path, buffer }, [buffer]),
      (error) => this.whenBroken?.(error),
    );
  }

  end() {
    this.worker.terminate();
  }

  /** @param {any} data */
  #take(data) {
    if (data.ears) this.whenUnpacked?.(data.ears);
    else if (data.name) this.warm.get(data.name)?.resolve();
    else this.whenBroken?.(new Error(data.message));
  }

  /** Have the browser compile what a preset needs; what is asked for last comes first. @param {any} snapshot */
  async warmUp(snapshot) {
    const { name } = snapshot.header;
    await this.ears;
    const known = this.warm.get(name) ?? promised();
    this.warm.set(name, known);
    this.worker.postMessage({ snapshot });
    await known.promise;
  }
}

/** @returns {{promise: Promise<void>, resolve: () => void}} */
function promised() {
  let resolve = () => {};
  const promise = new Promise((/** @type {(value: void) => void} */ done) => {
    resolve = done;
  });
  return { promise, resolve };
}
