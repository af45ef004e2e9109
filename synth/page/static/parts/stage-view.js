// The stage: one preset, its head, and panels for its layers, numbers, scenes, ears and the rest.

import { h, icon, ICONS } from "../logic/dom.js";
import { hueOf } from "../logic/picture.js";
import { kept } from "../logic/store.js";
import { EarPanel } from "./ear-panel.js";
import { HeadView } from "./head-view.js";
import { HoldButton } from "./hold-button.js";
import { KnobPanel } from "./knob-panel.js";
import { LayerMixer } from "./layer-mixer.js";
import { MorePanel } from "./more-panel.js";
import { Part, part } from "./part.js";
import { heart } from "./preset-card.js";
import { ScenePanel } from "./scene-panel.js";
import { tabSet } from "./tab-set.js";

export class StageView extends Part {
  shown = "";
  build() {
    const { session } = this;
    this.heading = h("h1", { tabindex: "-1" });
    this.text = h("p", { class: "lead" });
    this.like = h("span", {});
    this.start = h(
      "button",
      { type: "button", class: "start accent", onclick: () => void session.toggle() },
      icon(ICONS.play),
      h("span", {}, "Tap to listen"),
    );
    this.more = part(MorePanel, session);
    this.hold = part(HoldButton, session);
    this.replaceChildren(
      h(
        "header",
        { class: "stage-head" },
        h("a", { class: "round", href: "#", "aria-label": "Back to the board", title: "Back to the board" }, icon(ICONS.back)),
        h("div", { class: "what" }, this.heading),
        this.like,
      ),
      this.text,
      h("div", { class: "halves" }, h("div", { class: "left" }, part(HeadView, session), this.start, this.hold), this.panels()),
    );
    this.on(session, "change", () => this.show());
    this.show();
  }

  panels() {
    const { session } = this;
    return tabSet("What can be changed", [
      ["Layers", part(LayerMixer, session)],
      ["Sound", part(KnobPanel, session)],
      ["Scenes", part(ScenePanel, session)],
      ["Ears", part(EarPanel, session)],
      ["More", /** @type {MorePanel} */ (this.more)],
    ]);
  }

  show() {
    const { preset, isPlaying, isLoading } = this.session;
    if (!preset || !this.heading || !this.text || !this.start) return;
    this.start.hidden = isPlaying || isLoading;
    if (this.shown === preset.name) return;
    this.shown = preset.name;
    this.style.setProperty("--hue", String(hueOf(preset)));
    this.heading.textContent = preset.title;
    this.text.textContent = preset.description;
    this.like?.replaceChildren(heart(preset, kept("favourites", /** @type {string[]} */ ([])).includes(preset.name)));
  }

  /** Focus the title, so that a screen reader says where one is. */
  arrive() {
    this.heading?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
}

customElements.define("stage-view", StageView);
