// Scenes: a button each, and a slider that morphs from one to another.

import { h } from "../logic/dom.js";
import { duration } from "../logic/units.js";
import { Part } from "./part.js";

export class ScenePanel extends Part {
  shown = ""; // which layers are there
  build() {
    this.shown = "";
    this.on(this.session, "change", () => this.show());
    this.show();
  }

  show() {
    const { session } = this;
    const scenes = session.preset?.scenes ?? [];
    if (session.name !== this.shown) {
      this.shown = session.name;
      this.replaceChildren(
        ...(scenes.length
          ? this.scenes(scenes)
          : [h("p", { class: "empty" }, "This sound has no scenes: it changes by itself. Turn its knobs under Sound.")]),
      );
    }
    for (const button of this.querySelectorAll("[data-scene]")) {
      button.setAttribute("aria-pressed", String(button.getAttribute("data-scene") === session.scene));
    }
  }

  /** @param {SceneView[]} scenes */
  scenes(scenes) {
    const buttons = scenes.map((scene, index) =>
      h(
        "button",
        {
          type: "button",
          class: "scene",
          "data-scene": scene.name,
          "aria-pressed": "false",
          onclick: () => this.session.go(scene),
        },
        h("span", { class: "number", "aria-hidden": "true" }, index + 1),
        h("span", { class: "name" }, scene.name),
        h("span", { class: "small" }, scene.over_s ? `in ${duration(scene.over_s)}` : "at once"),
      ),
    );
    return [
      h("div", { class: "scenes", role: "group", "aria-label": "Scenes" }, ...buttons),
      scenes.length > 1 ? this.morph(scenes) : "",
    ];
  }

  /** @param {SceneView[]} scenes */
  morph(scenes) {
    const list = (/** @type {string} */ label, /** @type {number} */ chosen) => {
      const select = h(
        "select",
        { "aria-label": label, onchange: () => act() },
        ...scenes.map((scene) => h("option", {}, scene.name)),
      );
      select.selectedIndex = chosen;
      return select;
    };
    const from = list("Morph from", 0);
    const to = list("Morph to", scenes.length - 1);
    const share = h("input", { type: "range", min: "0", max: "100", value: "0", "aria-label": "Morph", oninput: () => act() });
    const act = () => {
      share.style.setProperty("--way", `${share.value}%`);
      share.setAttribute("aria-valuetext", `${share.value} % towards ${to.value}`);
      this.session.scene = "";
      this.session.player.morph(from.value, to.value, Number(share.value) / 100);
      this.show();
    };
    return h("section", { class: "group morph" }, h("h3", {}, "Between two"), h("div", { class: "ends" }, from, to), share);
  }
}

customElements.define("scene-panel", ScenePanel);
