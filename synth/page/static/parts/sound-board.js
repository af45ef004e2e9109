// The sound board: every preset as a card with its picture; search, tags, favourites, and what one does not want to hear.

import { h, icon, ICONS } from "../logic/dom.js";
import { commonTags, familiesOf, found } from "../logic/search.js";
import { keep, kept } from "../logic/store.js";
import { Part } from "./part.js";
import { card } from "./preset-card.js";

const TAGS = 14; // chosen: what fits above the cards

export class SoundBoard extends Part {
  /** @type {import("../logic/search.js").Wish} */
  wish = { words: "", tag: "", without: new Set(kept("without", [])), only: null };

  build() {
    const { presets } = this.session.player.catalogue;
    this.search = h("input", {
      type: "search",
      id: "search",
      placeholder: "rain, whispering, wood …",
      autocomplete: "off",
      "aria-label": "Search the sounds",
      oninput: () => this.want({ words: /** @type {HTMLInputElement} */ (this.search).value }),
    });
    this.list = h("ul", { class: "cards" });
    this.count = h("p", { class: "count", role: "status" });
    this.replaceChildren(
      h(
        "header",
        { class: "hero" },
        h("h1", {}, "What would you like to hear?"),
        h("p", { class: "lead" }, "Put on headphones."),
      ),
      h("div", { class: "finder" }, icon(ICONS.search), this.search),
      h("div", { class: "chips", role: "group", "aria-label": "Filters" }, ...this.chips(presets)),
      this.count,
      this.list,
    );
    this.on(this.session, "change", () => this.markPlaying());
    this.on(this.list, "keydown", (event) => this.step(event));
    this.fill();
  }

  /** @param {PresetView[]} presets */
  chips(presets) {
    const favourites = this.chip(icon(ICONS.heart), false, (on) =>
      this.want({ only: on ? new Set(kept("favourites", /** @type {string[]} */ ([]))) : null }),
    );
    favourites.setAttribute("aria-label", "Favourites");
    favourites.title = "Favourites";
    const without = familiesOf(presets).map((family) =>
      this.chip(`No ${family} sounds`, this.wish.without.has(family), (on) => {
        if (on) this.wish.without.add(family);
        else this.wish.without.delete(family);
        keep("without", [...this.wish.without]);
        this.fill();
      }),
    );
    /** @type {HTMLButtonElement[]} */
    const tags = commonTags(presets)
      .slice(0, TAGS)
      .map((tag) =>
        this.chip(tag, false, (on, chip) => {
          for (const other of tags) if (other !== chip) other.setAttribute("aria-pressed", "false");
          this.want({ tag: on ? tag : "" });
        }),
      );
    return [favourites, ...without, h("span", { class: "rule", "aria-hidden": "true" }), ...tags];
  }

  /** @param {string | HTMLElement} text @param {boolean} isOn @param {(on: boolean, chip: HTMLButtonElement) => void} act */
  chip(text, isOn, act) {
    const button = h("button", { type: "button", class: "chip", "aria-pressed": String(isOn) }, text);
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(on));
      act(on, button);
    });
    return button;
  }

  /** @param {Partial<import("../logic/search.js").Wish>} more */
  want(more) {
    Object.assign(this.wish, more);
    this.fill();
  }

  fill() {
    const { catalogue } = this.session.player;
    const presets = found(catalogue.presets, this.wish);
    const favourites = new Set(kept("favourites", /** @type {string[]} */ ([])));
    this.list?.replaceChildren(
      ...presets.map((preset) => card(preset, catalogue.triggers, this.session, favourites.has(preset.name))),
    );
    const all = presets.length === catalogue.presets.length;
    const text = presets.length
      ? `${presets.length} ${all ? "sounds" : "found"}`
      : this.wish.only
        ? "No favourites yet: tap the heart on a card."
        : "Nothing like that here; try another word, or take a filter off.";
    if (this.count) this.count.textContent = text;
    this.count?.toggleAttribute("data-all", all);
    this.markPlaying();
  }

  markPlaying() {
    for (const each of this.querySelectorAll(".card")) {
      const isThis = each.getAttribute("data-name") === this.session.name && this.session.isPlaying;
      each.toggleAttribute("data-playing", isThis);
      if (isThis) each.setAttribute("aria-current", "true");
      else each.removeAttribute("aria-current");
    }
  }

  /** Arrow keys walk over the cards. @param {KeyboardEvent} event */
  step(event) {
    const cards = /** @type {HTMLElement[]} */ ([...this.querySelectorAll(".card")]);
    const here = cards.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    if (here < 0) return;
    const columns = cards.filter(
      (each) =>
        each.offsetTop === cards[0]?.offsetTop && each.getBoundingClientRect().top === cards[0]?.getBoundingClientRect().top,
    ).length;
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
    const step = steps[/** @type {keyof typeof steps} */ (event.key)];
    if (step === undefined) return;
    event.preventDefault();
    cards[here + step]?.focus();
  }
}

customElements.define("sound-board", SoundBoard);
