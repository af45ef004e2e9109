// A night's sequence: presets with minutes, played one after the other, the last one fading to silence.

import { h, iconButton, ICONS } from "../logic/dom.js";
import { fadeOf_s, length_s, MINUTES, moved } from "../logic/night.js";
import { keep, kept } from "../logic/store.js";
import { duration } from "../logic/units.js";
import { sheet } from "./sheet.js";

/** @typedef {import("../logic/night.js").Entry} Entry */

/** @param {import("../session.js").Session} session @param {import("../night-player.js").NightPlayer} night */
export function nightSheet(session, night) {
  const { presets } = session.player.catalogue;
  let entries = kept("night", /** @type {Entry[]} */ ([])).filter((entry) =>
    presets.some((preset) => preset.name === entry.name),
  );
  const list = h("ol", { class: "night-list" });
  const sum = h("p", { class: "small", role: "status" });
  const start = h("button", { type: "button", class: "accent", onclick: () => begin() });
  const change = (/** @type {Entry[]} */ next) => {
    entries = next;
    keep("night", entries);
    fill();
  };
  const fill = () => {
    list.replaceChildren(...entries.map((entry, index) => row(entry, index)));
    sum.textContent = entries.length
      ? `${duration(length_s(entries))} in all; the end fades over ${duration(fadeOf_s(last()))}.`
      : "Choose what plays first, and for how long.";
    start.disabled = entries.length === 0;
    start.textContent = night.isOn ? "Begin again" : "Begin the night";
  };
  const last = () => (entries.at(-1)?.minutes ?? 0) * 60;
  const begin = () => {
    night.begin(entries);
    dialog.close();
  };

  /** @param {Entry} entry @param {number} index */
  const row = (entry, index) => {
    const title = presets.find((preset) => preset.name === entry.name)?.title ?? entry.name;
    const minutes = h("input", {
      type: "number",
      min: String(MINUTES.lowest),
      max: String(MINUTES.highest),
      value: String(entry.minutes),
      "aria-label": `Minutes of ${title}`,
      onchange: () => change(entries.map((each, at) => (at === index ? { ...each, minutes: limited(minutes.value) } : each))),
    });
    return h(
      "li",
      { "data-now": night.isOn && night.index === index },
      h("span", { class: "name" }, title),
      h("span", { class: "row" }, minutes, h("span", { class: "small" }, "min")),
      h(
        "span",
        { class: "row" },
        iconButton(ICONS.up, `${title} earlier`, { disabled: index === 0, onclick: () => change(moved(entries, index, -1)) }),
        iconButton(ICONS.down, `${title} later`, {
          disabled: index === entries.length - 1,
          onclick: () => change(moved(entries, index, 1)),
        }),
        iconButton(ICONS.close, `Leave ${title} out`, { onclick: () => change(entries.filter((_, at) => at !== index)) }),
      ),
    );
  };

  const choice = h(
    "select",
    { "aria-label": "Sound to add" },
    ...presets.map((preset) => h("option", { value: preset.name }, preset.title)),
  );
  if (session.name) choice.value = session.name;
  const add = h(
    "button",
    { type: "button", class: "pill", onclick: () => change([...entries, { name: choice.value, minutes: MINUTES.usual }]) },
    "Add",
  );
  const end = night.isOn
    ? h("button", { type: "button", class: "quiet", onclick: () => (night.end(), dialog.close()) }, "End the sequence")
    : null;
  fill();
  const dialog = sheet("A night's sequence", sum, list, h("div", { class: "row" }, choice, add), start, end);
  return dialog;
}

/** @param {string} text */
const limited = (text) => Math.min(Math.max(Math.round(Number(text)) || MINUTES.usual, MINUTES.lowest), MINUTES.highest);
