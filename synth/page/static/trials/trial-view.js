// A session of trials as somebody who listens sees it: how far it is, what is asked, the hold, and how it ended.

import { h } from "../logic/dom.js";
import { figure } from "../logic/units.js";
import { HoldButton } from "../parts/hold-button.js";
import { Part, part } from "../parts/part.js";
import { duel, knob } from "./comparing.js";

/**
 * @typedef {object} Trial what is asked, as `synth.cli.exploring.view` says it
 * @property {string} title @property {number} number @property {number} total
 * @property {"plays" | "pausing" | "paused" | "lost"} state @property {number} volume_db
 * @property {{kind: "hold" | "duel" | "knob", part: number | null, place: number, steps: number}} question
 */

const STATES = {
  pausing: "A pause comes after this sound.",
  paused: "Paused.",
  lost: "The sound device is gone; it goes on when it is back.",
};
const KEYS = {
  hold: "space or 1 – 9 hold",
  duel: "← the first · → the second · enter neither",
  knob: "← → turn it · enter it stays here",
};
const ASKED = { hold: "Listen, and hold for as long as it tingles. Nothing is wrong with nothing." };

export class TrialView extends Part {
  /** @type {any} */
  session = null;
  isOver = false;
  /** @type {Trial | null} */
  trial = null;

  build() {
    const { session } = this;
    const wish = (/** @type {string} */ name) => (/** @type {MouseEvent} */ event) => {
      session.wish(name);
      if (event.detail && event.currentTarget instanceof HTMLElement) event.currentTarget.blur(); // a finger leaves the keys alone
      this.arm();
    };
    this.heading = h("h1", {}, "What makes you tingle");
    this.far = h("p", { class: "small" });
    this.bar = h("progress", { max: "1", value: "0", "aria-label": "How far it is" });
    this.asked = h("p", { class: "asked", role: "status", "aria-live": "polite" });
    this.hold = part(HoldButton, session);
    this.duel = duel(session);
    this.knob = knob(session);
    this.pause = h("button", { type: "button", onclick: wish("pause") });
    this.volume = h("input", {
      type: "range",
      min: "-60",
      max: "12",
      step: "1",
      "aria-label": "Volume",
      oninput: () => session.wish("volume", Number(this.volume?.value)),
    });
    this.controls = h(
      "div",
      { class: "controls" },
      h("button", { type: "button", onclick: wish("dislike") }, "Unpleasant"),
      this.pause,
      h("button", { type: "button", onclick: wish("silence") }, "Silence"),
      h("button", { type: "button", class: "quiet", onclick: wish("end") }, "End"),
      h("label", { class: "volume" }, h("span", { class: "small" }, "Volume"), this.volume),
    );
    this.keys = h("p", { class: "small keys" });
    this.replaceChildren(
      this.heading,
      this.far,
      this.bar,
      this.asked,
      this.hold,
      this.duel.element,
      this.knob.element,
      this.controls,
      this.keys,
    );
    this.on(session, "trial", (event) => this.show(event.detail));
    this.on(session, "ended", (event) => this.end(event.detail));
    this.on(session, "lost", () => this.isOver || this.tell("The instrument does not answer; is synth explore still running?"));
    this.arm();
  }

  /** Give the keys to the hold, unless something else has them. */
  arm() {
    if (!this.hold?.hidden && (document.activeElement === document.body || !document.activeElement?.checkVisibility()))
      this.hold?.arm();
  }

  /** Whether a hold is asked for. */
  get isHolding() {
    return this.trial?.question.kind === "hold";
  }

  /** Whether the question is one of comparing, to which the arrows belong. */
  get isComparing() {
    return this.trial !== null && this.trial.question.kind !== "hold";
  }

  /** @param {string} text */
  tell(text) {
    if (this.asked && this.asked.textContent !== text) this.asked.textContent = text;
  }

  /** @param {Trial} trial */
  show(trial) {
    this.trial = trial;
    const { title, number, total, state, volume_db, question } = trial;
    if (!this.far || !this.bar || !this.hold || !this.duel || !this.knob || !this.pause || !this.volume) return;
    this.far.textContent = `${title} · sound ${number} of ${total}`;
    this.bar.value = (number - 1) / Math.max(total, 1);
    this.hold.hidden = question.kind !== "hold";
    this.duel.show(question);
    this.knob.show(question);
    if (this.hold.hidden) this.hold.say(0);
    else this.arm(); // now that a button of the question before it is hidden, and keeps no keys
    this.pause.textContent = state === "plays" || state === "lost" ? "Pause after this" : "Go on";
    this.volume.value = String(volume_db);
    this.volume.style.setProperty("--way", `${((volume_db + 60) / 72) * 100}%`);
    this.volume.setAttribute("aria-valuetext", `${figure(volume_db)} dB`);
    const asked = { ...ASKED, duel: this.duel.asked(question), knob: "Turn it to where it tingles most. You have a minute." };
    const isNow = state === "plays" || state === "pausing";
    this.tell(isNow ? asked[question.kind] + (state === "pausing" ? ` ${STATES.pausing}` : "") : STATES[state]);
    if (this.keys) this.keys.textContent = `${KEYS[question.kind]} · x unpleasant · p pause · esc silence · + – volume · q end`;
  }

  /** @param {string[]} lines how it went */
  end(lines) {
    this.isOver = true;
    const text = lines.map((line) => h("p", {}, line));
    this.replaceChildren(
      h("h1", { tabindex: "-1" }, "That was it"),
      ...text,
      h("p", { class: "small" }, "You can close this page."),
    );
    this.querySelector("h1")?.focus();
  }
}

customElements.define("trial-view", TrialView);
