// What reaches the ears: levels with the limiter, a spectrogram of each ear, and the dose of the week.

import { h } from "../logic/dom.js";
import { ASSUMED_CALIBRATION_DBA, hoursAt, levelOf, noted, shareOf, weekOf } from "../logic/dose.js";
import { keep, kept } from "../logic/store.js";
import { duration, figure } from "../logic/units.js";
import { Part } from "./part.js";
import { Spectrogram } from "./spectrogram.js";

const FLOOR_DB = -60;
const SAVED_MS = 10_000;
const STILL_MS = 1000; // between two pictures for who wants little motion
const QUIET = -70; // a loudness below says nothing about how loud it will go on
const LONGEST_H = 168;

export class EarPanel extends Part {
  build() {
    const { session } = this;
    this.meters = ["Left ear", "Right ear"].map((name) => meter(name));
    this.facts = h("dl", { class: "facts" });
    this.canvas = h("canvas", {
      class: "spectrogram",
      role: "img",
      "aria-label": "Spectrogram: the left ear above, the right ear below",
    });
    this.spectrogram = new Spectrogram(this.canvas);
    this.calibration = h("input", {
      type: "number",
      min: "40",
      max: "140",
      value: String(kept("calibration_dba", ASSUMED_CALIBRATION_DBA)),
      onchange: () => keep("calibration_dba", this.calibration_dba),
    });
    this.dose = h("p", { class: "dose" });
    this.replaceChildren(
      h("div", { class: "meters" }, ...this.meters.map((each) => each.element)),
      this.canvas,
      this.facts,
      h(
        "section",
        { class: "group" },
        h("h3", {}, "Your hearing"),
        this.dose,
        h(
          "label",
          { class: "field" },
          h("span", { class: "small" }, "Your headphones at full scale, dBA (100: loud ones, turned up)"),
          this.calibration,
        ),
      ),
      this.heads(),
    );
    this.heard_ms = performance.now();
    this.saved_ms = 0;
    this.drawn_ms = 0;
    /** @type {import("../logic/dose.js").Diary} */
    this.diary = kept("dose", {});
    this.on(session.player, "status", () => this.follow(session.player.status));
  }

  /** Through whose ears one listens: another set is fetched with the page. */
  heads() {
    /** @type {Record<string, {title?: string}>} */
    const sets = /** @type {any} */ (this.session.player.catalogue).ears ?? {};
    const names = Object.keys(sets);
    if (names.length < 2) return "";
    const choice = h(
      "select",
      { "aria-label": "Through whose ears", onchange: () => (keep("ears", choice.value), location.reload()) },
      ...names.map((name) => h("option", { value: name }, sets[name]?.title || name)),
    );
    choice.value = kept("ears", "") || /** @type {string} */ (names[0]);
    const text = "Heads differ: with another one sounds may stand out better. It begins anew with the page.";
    return h("section", { class: "group" }, h("h3", {}, "Through whose ears"), h("p", { class: "small" }, text), choice);
  }

  get calibration_dba() {
    const number = Number(this.calibration?.value);
    return number >= 40 && number <= 140 ? number : ASSUMED_CALIBRATION_DBA;
  }

  /** @param {Status} status */
  follow(status) {
    const now_ms = performance.now();
    const passed_s = Math.min((now_ms - (this.heard_ms ?? now_ms)) / 1000, 2);
    this.heard_ms = now_ms;
    if (this.session.isPlaying) this.note(status, passed_s, now_ms);
    if (!this.isSeen) return;
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (isCalm && now_ms - (this.drawn_ms ?? 0) < STILL_MS) return;
    this.drawn_ms = now_ms;
    this.meters?.forEach((each, index) => each.show(this.session.isPlaying ? (status.peak_db[index] ?? FLOOR_DB) : FLOOR_DB));
    if (this.session.player.tap && this.session.isPlaying) this.spectrogram?.draw(this.session.player.tap);
    this.tell(status);
  }

  /** @param {Status} status @param {number} passed_s @param {number} now_ms */
  note(status, passed_s, now_ms) {
    const share = shareOf(levelOf(status.loudness, this.calibration_dba), passed_s);
    this.diary = noted(this.diary ?? {}, share, Date.now());
    if (now_ms - (this.saved_ms ?? 0) < SAVED_MS) return;
    this.saved_ms = now_ms;
    keep("dose", this.diary);
  }

  /** @param {Status} status */
  tell(status) {
    const rows = [
      ["loudness", status.loudness > QUIET ? `${figure(Math.round(status.loudness))} dB(A)` : "–"],
      ["limiter", `${figure(0.1 * Math.round(10 * Math.min(0, status.limiter_db)))} dB`],
      ["engine", `${Math.round(status.cpu * 100)} %`],
      ["missed", String(status.missed_blocks)],
    ];
    const text = rows.join();
    if (this.facts && this.facts.dataset.text !== text) {
      this.facts.dataset.text = text;
      this.facts.replaceChildren(...rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
    }
    const level_dba = levelOf(status.loudness, this.calibration_dba);
    const week = `${figure(100 * weekOf(this.diary ?? {}))}\u00a0% of this week's allowance used.`;
    const hours = hoursAt(level_dba);
    const now =
      status.loudness > QUIET && this.session.isPlaying
        ? `About ${Math.round(level_dba)} dBA, if your device is turned up all the way: ${hours > LONGEST_H ? "it may play all week" : `${duration(hours * 3600)} a week are safe`}. `
        : "";
    if (this.dose && this.dose.textContent !== now + week) this.dose.textContent = now + week;
  }
}

/** @param {string} name */
function meter(name) {
  const bar = h("span", { class: "bar" });
  const text = h("span", { class: "small" });
  const element = h(
    "div",
    {
      class: "meter",
      role: "meter",
      "aria-label": `${name}, peak`,
      "aria-valuemin": String(FLOOR_DB),
      "aria-valuemax": "0",
      "aria-valuenow": String(FLOOR_DB),
    },
    h("span", { class: "small" }, name),
    h("span", { class: "rail" }, bar),
    text,
  );
  const show = (/** @type {number} */ peak_db) => {
    const inside = Math.min(Math.max(peak_db, FLOOR_DB), 0);
    bar.style.setProperty("--way", String(1 - inside / FLOOR_DB));
    text.textContent = inside > FLOOR_DB ? `${inside.toFixed(0).replace("-", "−")} dB` : "–";
    element.setAttribute("aria-valuenow", String(Math.round(inside)));
    element.setAttribute("aria-valuetext", text.textContent);
  };
  show(FLOOR_DB);
  return { element, show };
}

customElements.define("ear-panel", EarPanel);
