// The page of `synth explore`: what is asked, and what somebody who listens says of it.  WebSocket <-> TrialView

import { h } from "../logic/dom.js";
import { part } from "../parts/part.js";
import { Connection } from "../remote_connection.js";
import { followKeys } from "./keys.js";
import { TrialView } from "./trial-view.js";

const SAID_MS = 6000;

/** What the parts of the page need: somewhere to say wishes, and somewhere to tell people what is going on. */
class Trials extends EventTarget {
  /** @param {URL} address of the WebSocket */
  constructor(address) {
    super();
    this.connection = new Connection(address);
    this.player = { tingle: (/** @type {number} */ amount) => this.wish("tingle", amount) };
    this.connection.addEventListener("message", (event) => this.#hear(/** @type {CustomEvent} */ (event).detail));
    this.connection.addEventListener("close", () => this.dispatchEvent(new Event("lost")));
  }

  /** @param {Record<string, any>} message */
  #hear(message) {
    for (const [name, detail] of Object.entries(message)) this.dispatchEvent(new CustomEvent(name, { detail }));
    if (message.refused) this.say(message.refused.why);
    if (message.ended) this.connection.close();
  }

  /** @param {string} name of `synth.explore.wishes` @param {number | true} [value] */
  wish(name, value = true) {
    if (!this.connection.say({ [name]: value })) this.say("The instrument does not answer; nothing was said.");
  }

  /** @param {string} text */
  say(text) {
    this.dispatchEvent(new CustomEvent("said", { detail: text }));
  }
}

const trials = new Trials(new URL("../socket", location.href.replace(/^http/, "ws")));
const view = part(TrialView, /** @type {any} */ (trials));
const said = h("div", { class: "said", role: "status", "aria-live": "polite" });
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
trials.addEventListener("said", (event) => {
  said.textContent = /** @type {CustomEvent} */ (event).detail;
  said.toggleAttribute("data-shown", true);
  clearTimeout(timer);
  timer = setTimeout(() => said.toggleAttribute("data-shown", false), SAID_MS);
});
document.body.append(said);
followKeys(view);

/** Nothing is shown that means nothing yet. @param {string} what @param {(event: CustomEvent) => void} show */
const first = (what, show) =>
  trials.addEventListener(what, (event) => {
    if (view.isConnected) return;
    document.querySelector("main")?.replaceChildren(view);
    show(/** @type {CustomEvent} */ (event));
  });
trials.addEventListener("lost", () => {
  const waiting = document.querySelector(".waiting");
  if (waiting) waiting.textContent = "The instrument does not answer; is synth explore still running?";
});
first("trial", (event) => view.show(event.detail));
first("ended", (event) => view.end(event.detail));
