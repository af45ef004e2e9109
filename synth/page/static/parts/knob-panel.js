// Every number of a layer, from the registry's tables: grouped into the sound, its gesture, its motion and its place.

import { h } from "../logic/dom.js";
import { spoken } from "../logic/units.js";
import { Part } from "./part.js";
import { valueSlider } from "./value-slider.js";

/** Groups, in order: which paths belong to each; the first that fits. @type {[string, (path: string) => boolean][]} */
const GROUPS = [
  ["Gesture", (path) => path.startsWith("gesture.")],
  ["Motion", (path) => path.startsWith("motion.")],
  ["Place and level", (path) => ["azimuth_deg", "elevation_deg", "distance_m", "level_db"].includes(path)],
  ["Sound", () => true],
];
const SHOWN_FIRST = ["Sound", "Gesture", "Motion", "Place and level"];

/** Narrower than the instrument allows, where nobody wants the whole by hand. @type {Record<string, Partial<ParameterView>>} */
const BY_HAND = { azimuth_deg: { low: -180, high: 180 }, distance_m: { high: 10 }, level_db: { low: -60, high: 12 } };

export class KnobPanel extends Part {
  shown = ""; // which layers are there
  build() {
    this.shown = "";
    this.which = 0;
    /** @type {Map<string, import("./value-slider.js").Knob>} */
    this.knobs = new Map();
    this.on(this.session, "change", () => this.show());
    this.on(this.session, "value", () => this.follow());
    this.on(this.session.player, "status", () => this.isSeen && this.follow());
    this.show();
  }

  show() {
    const { layers, name } = this.session;
    const key = `${name} ${layers.map((layer) => layer.name).join()}`;
    if (key === this.shown) return;
    this.shown = key;
    this.which = 0;
    const picker = h(
      "select",
      { "aria-label": "Layer", onchange: () => this.fill(picker.selectedIndex) },
      ...layers.map((layer) => h("option", {}, `${layer.name} (${spoken(layer.trigger)})`)),
    );
    this.groups = h("div", { class: "groups" });
    this.replaceChildren(
      layers.length > 1 ? h("label", { class: "field" }, h("span", { class: "small" }, "Layer"), picker) : "",
      this.groups,
    );
    this.fill(0);
  }

  /** @param {number} index of the layer */
  fill(index) {
    const layer = this.session.layers[index];
    this.which = index;
    this.knobs?.clear();
    if (!layer) return;
    const paths = Object.keys(layer.parameters);
    const groupOf = (/** @type {string} */ path) => GROUPS.find(([, has]) => has(path))?.[0];
    const parts = SHOWN_FIRST.map((title) => [title, paths.filter((path) => groupOf(path) === title)]);
    this.groups?.replaceChildren(
      ...parts
        .filter(([, own]) => own?.length)
        .map(([title, own]) =>
          h(
            "section",
            { class: "group" },
            h("h3", {}, String(title)),
            .../** @type {string[]} */ (own).map((path) => this.knob(layer, path)),
          ),
        ),
    );
  }

  /** Show what moves by itself, too: by a controller, a cue, a scene. */
  follow() {
    const layer = this.session.layers[this.which ?? 0];
    for (const [path, knob] of this.knobs ?? []) {
      const value = layer?.parameters[path]?.value;
      if (value !== undefined) knob.show(value);
    }
  }

  /** @param {LayerView} layer @param {string} path */
  knob(layer, path) {
    const { session } = this;
    const whole = /** @type {ParameterView} */ (layer.parameters[path]);
    const parameter = { ...whole, ...BY_HAND[path] };
    const usual = session.usual(layer.name, path) ?? whole.value;
    const knob = valueSlider(path, parameter, usual, (value) => session.set(layer.name, path, value));
    knob.show(whole.value);
    this.knobs?.set(path, knob);
    return knob.element;
  }
}

customElements.define("knob-panel", KnobPanel);
