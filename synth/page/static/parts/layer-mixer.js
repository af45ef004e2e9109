// The mixer: each layer with its level, mute, solo, and a button that strikes it for as long as it is held.

import { h } from "../logic/dom.js";
import { inWords } from "../logic/place.js";
import { spoken } from "../logic/units.js";
import { Part } from "./part.js";
import { valueSlider } from "./value-slider.js";

const VELOCITY = 0.7; // the instrument's own default
const LEVEL = { low: -60, high: 12, unit: "db", curve: "lin", help: "how loud this layer is", value: 0 };

export class LayerMixer extends Part {
  shown = ""; // which layers are there
  build() {
    this.shown = "";
    this.on(this.session, "change", () => this.show());
    this.on(this.session, "value", () => this.follow());
    this.on(this.session, "volume", () => this.volume?.show(this.session.player.volume_db));
    this.on(this.session.player, "status", () => this.places());
    this.show();
  }

  show() {
    const { session } = this;
    const key = `${session.name} ${session.layers.map((layer) => layer.name).join()}`;
    if (key !== this.shown) {
      this.shown = key;
      /** @type {Map<string, import("./value-slider.js").Knob>} */
      this.levels = new Map();
      this.replaceChildren(
        this.everything(),
        h("ul", { class: "layers" }, ...session.layers.map((layer, index) => this.row(layer, index))),
      );
    }
    for (const button of this.querySelectorAll("[data-switch]")) {
      const layer = session.layers.find((each) => each.name === button.getAttribute("data-layer"));
      const isOn = button.getAttribute("data-switch") === "mute" ? layer?.muted : layer?.soloed;
      button.setAttribute("aria-pressed", String(Boolean(isOn)));
    }
  }

  /** The listener's volume, where the bar has no room for it. */
  everything() {
    const { session } = this;
    this.volume = valueSlider("volume_db", LEVEL, 0, (value) => session.setVolume(value), "everything");
    this.volume.show(session.player.volume_db);
    this.volume.element.classList.add("everything");
    return this.volume.element;
  }

  /** @param {LayerView} layer @param {number} index */
  row(layer, index) {
    const { session } = this;
    const usual = session.usual(layer.name, "level_db") ?? layer.level_db;
    const level = valueSlider(
      "level_db",
      LEVEL,
      usual,
      (value) => session.set(layer.name, "level_db", value),
      `${layer.name}, level`,
    );
    level.show(session.value(layer.name, "level_db") ?? usual);
    this.levels?.set(layer.name, level);
    return h(
      "li",
      { class: "layer" },
      h("span", { class: "number", "aria-hidden": "true" }, index + 1),
      h(
        "div",
        { class: "what" },
        h("span", { class: "name" }, layer.name),
        h(
          "span",
          { class: "small" },
          spoken(layer.trigger),
          " · ",
          h("span", { "data-place": layer.name }, inWords(layer.place)),
        ),
      ),
      h("div", { class: "switches" }, this.strike(layer), this.switch(layer, "mute", "M"), this.switch(layer, "solo", "S")),
      level.element,
    );
  }

  /** @param {LayerView} layer @param {"mute" | "solo"} what @param {string} letter */
  switch(layer, what, letter) {
    const act = (/** @type {MouseEvent} */ event) => {
      const button = /** @type {HTMLElement} */ (event.currentTarget);
      this.session.switch(layer.name, what, button.getAttribute("aria-pressed") !== "true");
    };
    const title = `${what === "mute" ? "Mute" : "Solo"} ${layer.name}`;
    return h(
      "button",
      {
        type: "button",
        class: "small-round",
        "data-switch": what,
        "data-layer": layer.name,
        "aria-pressed": "false",
        "aria-label": title,
        title,
        onclick: act,
      },
      letter,
    );
  }

  /** @param {LayerView} layer */
  strike(layer) {
    const { player } = this.session;
    const button = h(
      "button",
      {
        type: "button",
        class: "small-round strike",
        "aria-label": `Strike ${layer.name}`,
        title: `Strike ${layer.name}: as long as it is held`,
      },
      "●",
    );
    const down = () => {
      button.toggleAttribute("data-on", true);
      player.strike(layer.name, VELOCITY);
    };
    const up = () => {
      if (!button.hasAttribute("data-on")) return;
      button.toggleAttribute("data-on", false);
      player.release(layer.name);
    };
    button.addEventListener("pointerdown", (event) => {
      button.setPointerCapture(event.pointerId);
      down();
    });
    for (const name of ["pointerup", "pointercancel", "blur"]) button.addEventListener(name, up);
    button.addEventListener("keydown", (event) => {
      if (event.repeat || (event.key !== "Enter" && event.key !== " ")) return;
      event.preventDefault();
      event.stopPropagation();
      down();
    });
    button.addEventListener("keyup", up);
    return button;
  }

  /** Show what moves by itself, too. */
  follow() {
    for (const [name, level] of this.levels ?? []) {
      const value = this.session.value(name, "level_db");
      if (value !== undefined) level.show(value);
    }
  }

  places() {
    if (!this.isSeen) return;
    this.follow();
    const { layers } = this.session.player.status;
    for (const [index, element] of [...this.querySelectorAll("[data-place]")].entries()) {
      const place = layers[index];
      const text = place ? inWords(place) : "";
      if (place && element.textContent !== text) element.textContent = text;
    }
  }
}

customElements.define("layer-mixer", LayerMixer);
