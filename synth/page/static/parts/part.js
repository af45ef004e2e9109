// What every part of the page is: an element with the session, whose listeners go when it goes.

/** @typedef {import("../session.js").Session} Session */

export class Part extends HTMLElement {
  /** @type {Session} */
  session = /** @type {any} */ (null);
  #gone = new AbortController();

  connectedCallback() {
    this.#gone = new AbortController();
    this.build();
  }

  disconnectedCallback() {
    this.#gone.abort();
  }

  /** Make what is inside; called whenever the part comes onto the page. */
  build() {}

  /** Whether anybody can see it: what is not seen is not drawn, all night long. */
  get isSeen() {
    return !document.hidden && this.checkVisibility();
  }

  /** @param {EventTarget} target @param {string} names separated by spaces @param {(event: any) => void} act */
  on(target, names, act) {
    for (const name of names.split(" ")) target.addEventListener(name, act, { signal: this.#gone.signal });
  }
}

/** Make a part for a session. @template {typeof Part} T @param {T} kind @param {Session} session @returns {InstanceType<T>} */
export function part(kind, session) {
  const element = /** @type {InstanceType<T>} */ (new kind());
  element.session = session;
  return element;
}
