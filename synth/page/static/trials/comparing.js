// Questions that compare: which of two sounds tingles more, and where along a knob it does most.  question -> buttons, a slider -> wishes

import { h } from "../logic/dom.js";

/** @typedef {import("./trial-view.js").Trial["question"]} Question */
/** @typedef {{wish: (name: string, value?: number | true) => void}} Wishes */

const PARTS = ["The first sound.", "The second sound: which tingles more?"];

/** @param {Wishes} session */
export function duel(session) {
  const choices = [
    h("button", { type: "button", onclick: () => session.wish("turn", 0) }, "The first"),
    h("button", { type: "button", onclick: () => session.wish("take") }, "Neither more"),
    h("button", { type: "button", onclick: () => session.wish("turn", 1) }, "The second"),
  ];
  const element = h("div", { class: "duel", role: "group", "aria-label": "Which tingled more?" }, ...choices);
  return {
    element,
    /** @param {Question} question */
    show({ kind, part }) {
      element.hidden = kind !== "duel";
      for (const choice of choices) choice.disabled = part === 0; // both have to be heard
    },
    /** @param {Question} question */
    asked: ({ part }) => (part === null ? "Which tingled more?" : PARTS[part]),
  };
}

/** @param {Wishes} session */
export function knob(session) {
  const slider = h("input", {
    type: "range",
    min: "0",
    "aria-label": "Where it tingles most",
    oninput: () => {
      session.wish("turn", Number(slider.value) / Math.max(Number(slider.max), 1));
      slider.style.setProperty("--way", `${(Number(slider.value) / Math.max(Number(slider.max), 1)) * 100}%`);
    },
  });
  const here = h("button", { type: "button", class: "accent", onclick: () => session.wish("take") }, "Here it tingles most");
  const element = h("div", { class: "turned" }, slider, here);
  return {
    element,
    /** @param {Question} question */
    show({ kind, place, steps }) {
      element.hidden = kind !== "knob";
      if (kind !== "knob") return;
      const last = steps - 1;
      slider.max = String(last);
      slider.setAttribute("aria-valuetext", `${Math.round(place * last) + 1} of ${steps}`);
      if (slider.matches(":active")) return; // a hand moves it
      slider.value = String(Math.round(place * last));
      slider.style.setProperty("--way", `${place * 100}%`);
    },
  };
}
