// The bar at the foot: what plays, play and stop, volume, sleep timer.

import { h, icon, iconButton, ICONS } from "../logic/dom.js";
import { hueOf, lightOf, picture } from "../logic/picture.js";
import { duration, figure } from "../logic/units.js";
import { Part } from "./part.js";

export class PlayerBar extends Part {
  build() {
    const { session } = this;
    this.toggle = iconButton(ICONS.play, "Play", { class: "toggle accent", onclick: () => void session.toggle() });
    this.now = h("a", { class: "now", href: "#" });
    this.volume = h("input", {
      type: "range",
      min: "-60",
      max: "12",
      step: "1",
      value: String(session.player.volume_db),
      "aria-label": "Volume",
      oninput: () => session.setVolume(Number(/** @type {HTMLInputElement} */ (this.volume).value)),
      ondblclick: () => session.setVolume(0),
    });
    this.sleep = h("button", { type: "button", class: "pill", onclick: () => this.ask("sleep") });
    this.night = h(
      "button",
      { type: "button", class: "pill night", onclick: () => this.ask("night") },
      icon(ICONS.night),
      h("span", {}, "Night"),
    );
    this.replaceChildren(
      this.toggle,
      this.now,
      h("label", { class: "volume" }, icon(ICONS.speaker), this.volume),
      h("div", { class: "timers" }, this.sleep, this.night),
    );
    this.on(session, "change", () => this.show());
    this.on(session, "volume", () => this.showVolume());
    this.clock = setInterval(() => this.showTimer(), 1000);
    this.show();
    this.showVolume();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.clock);
  }

  /** @param {string} sheet */
  ask(sheet) {
    this.dispatchEvent(new CustomEvent("ask", { detail: sheet, bubbles: true }));
  }

  show() {
    const { session } = this;
    const { preset } = session;
    this.hidden = !preset;
    document.body.toggleAttribute("data-bar", Boolean(preset));
    if (!preset || !this.toggle || !this.now) return;
    const says = session.isPlaying || session.isLoading ? "Stop" : "Play";
    this.toggle.replaceChildren(icon(says === "Stop" ? ICONS.stop : ICONS.play));
    this.toggle.setAttribute("aria-label", says);
    this.toggle.title = says;
    this.toggle.toggleAttribute("data-loading", session.isLoading);
    if (this.now.dataset.name !== preset.name) {
      this.now.dataset.name = preset.name;
      this.now.href = `#play/${preset.name}`;
      const ground = h("span", {
        class: "ground",
        style: { "--hue": hueOf(preset), ...lightOf(preset) },
        html: picture(preset, session.player.catalogue.triggers),
      });
      this.state = h("span", { class: "small" });
      this.now.replaceChildren(ground, h("span", { class: "what" }, h("span", { class: "name" }, preset.title), this.state));
    }
    if (this.state)
      this.state.textContent = session.isLoading ? "one moment …" : session.isPlaying ? `performance ${session.seed}` : "stopped";
    this.showTimer();
  }

  showTimer() {
    const { session } = this;
    const text = session.sleeps_at_ms ? duration(session.sleeps_in_s) : "Sleep timer";
    this.sleep?.replaceChildren(icon(ICONS.moon), h("span", {}, text));
    this.sleep?.toggleAttribute("data-on", Boolean(session.sleeps_at_ms));
    this.sleep?.setAttribute("aria-label", session.sleeps_at_ms ? `Sleep timer: ${text} left` : "Sleep timer");
  }

  showVolume() {
    if (!this.volume) return;
    const { volume_db } = this.session.player;
    this.volume.value = String(volume_db);
    this.volume.style.setProperty("--way", `${((volume_db + 60) / 72) * 100}%`);
    this.volume.setAttribute("aria-valuetext", `${figure(volume_db)} dB`);
    this.volume.title = `${figure(volume_db)} dB; twice: 0 dB`;
  }
}

customElements.define("player-bar", PlayerBar);
