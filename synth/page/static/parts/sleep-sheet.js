// The sleep timer: a time until silence, its last third a slow fade.

import { h } from "../logic/dom.js";
import { fadeOf_s } from "../logic/night.js";
import { duration } from "../logic/units.js";
import { sheet } from "./sheet.js";

const MINUTES = [10, 20, 30, 45, 60, 90, 120, 480];

/** @param {import("../session.js").Session} session @param {() => void} ask for a night's sequence */
export function sleepSheet(session, ask) {
  const set = (/** @type {number} */ seconds) => {
    session.sleep(seconds, fadeOf_s(seconds));
    session.say(seconds ? `Silence in ${duration(seconds)}` : "The sleep timer is off");
    dialog.close();
  };
  const times = MINUTES.map((minutes) =>
    h("button", { type: "button", class: "time", onclick: () => set(minutes * 60) }, duration(minutes * 60)),
  );
  const own = h("input", { type: "number", min: "1", max: "1440", value: "40", id: "own-minutes" });
  const start = h(
    "button",
    { type: "button", class: "accent", onclick: () => own.reportValidity() && set(Number(own.value) * 60) },
    "Start",
  );
  const off = session.sleeps_at_ms
    ? h("button", { type: "button", class: "quiet", onclick: () => set(0) }, `Turn off (${duration(session.sleeps_in_s)} left)`)
    : null;
  const dialog = sheet(
    "Fall asleep",
    h(
      "p",
      { class: "small" },
      "The sound fades so slowly that nobody notices it go: over the last third of the time, a quarter of an hour at most.",
    ),
    h("div", { class: "times" }, ...times),
    h("div", { class: "row" }, h("label", { for: "own-minutes" }, "or minutes"), own, start),
    off,
    h(
      "button",
      { type: "button", class: "quiet", onclick: () => (dialog.close(), ask()) },
      "Several sounds, one after the other",
    ),
  );
  return dialog;
}
