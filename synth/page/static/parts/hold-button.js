// The hold: pressed for as long as it tingles, harder or higher up the more.  pointer, space bar -> amount 0..1 -> the player

import { h } from "../logic/dom.js";
import { Part } from "./part.js";

const STEP = 0.1; // of an arrow key
const LEAST = 0.1; // a touch at the very bottom is a hold still
const EVERY_MS = 20; // no hand says more
const AGAIN_MS = 500; // a hold that is not said again is taken for one whose page sleeps
/** Another window has the keys now, or the page goes: the end of a key or of a touch will not be told. */
const LOST = ["blur", "pagehide"];
/** What devices without a sense of pressure report. */
const NO_PRESSURE = [0, 0.5, 1];

/** How strongly a pointer says that it tingles: by its pressure where it has one, else by how high up it is. @param {PointerEvent} event @param {DOMRect} box */
export function amountOf(event, box) {
  const isFelt = event.pointerType !== "mouse" && !NO_PRESSURE.includes(event.pressure);
  const amount = isFelt ? event.pressure : (box.bottom - event.clientY) / box.height;
  return Math.min(Math.max(amount, LEAST), 1);
}

export class HoldButton extends Part {
  amount = 0;
  strength = 1;
  sent_ms = -EVERY_MS;

  build() {
    this.hidden = !this.session.player.tingle;
    this.text = h("span", {}, "Hold while it tingles");
    this.small = h("span", { class: "small" }, "press harder, or higher up, the more; or hold the space bar");
    this.button = h(
      "button",
      {
        type: "button",
        class: "hold",
        "aria-pressed": "false",
        onpointerdown: (/** @type {PointerEvent} */ event) => {
          this.button?.setPointerCapture(event.pointerId);
          this.point(event);
        },
        onpointermove: (/** @type {PointerEvent} */ event) => this.amount && event.buttons && this.point(event),
        onpointerup: () => this.say(0),
        onpointercancel: () => this.say(0),
        onlostpointercapture: () => this.say(0),
        oncontextmenu: (/** @type {Event} */ event) => event.preventDefault(), // a long touch is no menu here
        onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event),
        onkeyup: (/** @type {KeyboardEvent} */ event) => event.key === " " && this.say(0),
        onblur: () => this.say(0),
      },
      this.text,
      this.small,
    );
    this.replaceChildren(this.button);
    for (const what of LOST) addEventListener(what, this.letGo);
    document.addEventListener("visibilitychange", this.letGoUnseen);
    this.repeating = setInterval(() => this.amount && this.send(), AGAIN_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const what of LOST) removeEventListener(what, this.letGo);
    document.removeEventListener("visibilitychange", this.letGoUnseen);
    clearInterval(this.repeating);
    this.say(0);
  }

  letGo = () => this.say(0);

  letGoUnseen = () => document.hidden && this.say(0);

  /** @param {PointerEvent} event */
  point(event) {
    if (this.button) this.say(amountOf(event, this.button.getBoundingClientRect()));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const steps = { ArrowUp: STEP, ArrowDown: -STEP }[event.key];
    if (event.key === " ") event.preventDefault(); // no click when it is let go
    if (event.key === " " && !event.repeat) this.say(this.strength);
    if (steps === undefined) return;
    event.preventDefault();
    event.stopPropagation(); // elsewhere the arrows turn the volume
    this.strength = Math.min(Math.max(this.strength + steps, STEP), 1);
    if (this.amount) this.say(this.strength);
  }

  /** Say the amount, its changes not too often, its end at once. @param {number} amount */
  say(amount) {
    if (amount === this.amount) return;
    const isTurn = !amount || !this.amount;
    this.amount = amount;
    this.style.setProperty("--amount", String(amount));
    this.button?.setAttribute("aria-pressed", String(amount > 0));
    clearTimeout(this.waiting);
    const wait_ms = isTurn ? 0 : this.sent_ms + EVERY_MS - performance.now();
    if (wait_ms > 0) this.waiting = setTimeout(() => this.send(), wait_ms);
    else this.send();
  }

  send() {
    this.sent_ms = performance.now();
    try {
      this.session.player.tingle?.(this.amount);
    } catch (error) {
      this.session.say(error instanceof Error ? error.message : String(error));
    }
  }

  /** Take the keys: the space bar holds from now on. */
  arm() {
    if (!this.hidden) this.button?.focus();
  }
}

customElements.define("hold-button", HoldButton);
