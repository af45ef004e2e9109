// Plays a night's sequence: by the clock, so that a page asleep in a pocket catches up; the last sound fades by the sleep timer.

import { at, fadeOf_s, length_s } from "./logic/night.js";

export class NightPlayer {
  /** @type {import("./logic/night.js").Entry[]} */
  entries = [];
  began_ms = 0;
  index = -1;

  /** @param {import("./session.js").Session} session */
  constructor(session) {
    this.session = session;
    session.player.addEventListener("status", () => this.attend());
    setInterval(() => this.attend(), 1000);
    session.addEventListener("change", () => {
      const { name, isLoading, isPlaying } = session;
      if (this.isOn && !isLoading && (!isPlaying || name !== this.entries[this.index]?.name)) this.end();
    });
  }

  get isOn() {
    return this.index >= 0;
  }

  /** @param {import("./logic/night.js").Entry[]} entries */
  begin(entries) {
    this.end();
    this.entries = entries;
    this.began_ms = Date.now();
    this.attend(true);
  }

  end() {
    if (!this.isOn) return;
    this.index = -1;
    if (this.session.sleeps_at_ms) this.session.sleep(0, 0);
  }

  /** @param {boolean} [isBeginning] */
  attend(isBeginning = false) {
    if (!this.isOn && !isBeginning) return;
    const passed_s = (Date.now() - this.began_ms) / 1000;
    const now = at(this.entries, passed_s);
    if (!now || now.index === this.index) return;
    this.index = now.index;
    void this.#play(now.index, length_s(this.entries) - passed_s);
  }

  /** @param {number} index @param {number} left_s until silence */
  async #play(index, left_s) {
    const entry = this.entries[index];
    if (!entry) return;
    await this.session.play(entry.name);
    const isLast = index === this.entries.length - 1;
    if (isLast && this.isOn) this.session.sleep(left_s, Math.min(fadeOf_s(entry.minutes * 60), left_s));
  }
}
