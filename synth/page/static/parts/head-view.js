// The head from above or from behind: layers as handles that are dragged or moved by arrow keys, sounds flashing where they are.

import { h } from "../logic/dom.js";
import { inWords, placeAt, projected, stepped, wrapped } from "../logic/place.js";
import { HeadDrawing } from "./head-drawing.js";
import { Part } from "./part.js";

/** @type {("above" | "behind")[]} */
const VIEWS = ["above", "behind"];
const [DOT_PX, LETTER_PX, NAME_PX, NAME_BELOW_PX] = [13, 7, 20, 23]; // as style/stage.css draws them
const [DIM_DB, BRIGHT_DB] = [-95, -50]; // mean squares of layers that are hardly and well heard
const MOVED_S = 0.4; // how long a place set by hand is shown before the status is believed again

export class HeadView extends Part {
  shown = ""; // which layers are there
  build() {
    const { session } = this;
    this.canvas = h("canvas", { "aria-hidden": "true" });
    this.drawing = new HeadDrawing(this.canvas);
    this.handles = h("div", { class: "handles" });
    this.views = VIEWS.map((view) => h("button", { type: "button", onclick: () => session.turnView(view) }, view));
    this.replaceChildren(
      this.canvas,
      this.handles,
      h("div", { class: "views", role: "group", "aria-label": "Seen from" }, ...this.views),
    );
    /** Places set by hand just now. @type {Map<string, {place: Place, until_ms: number}>} */
    this.held = new Map();
    this.shown = "";
    this.on(session, "change", () => this.show());
    this.on(session, "view", () => this.showView());
    this.on(session.player, "status", () => this.draw());
    this.sized = new ResizeObserver(() => this.draw());
    this.sized.observe(this);
    this.show();
    this.showView();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.sized?.disconnect();
  }

  showView() {
    this.views?.forEach((button, index) => button.setAttribute("aria-pressed", String(VIEWS[index] === this.session.view)));
    this.drawing?.clear();
    this.draw();
  }

  show() {
    const { session } = this;
    const key = `${session.name} ${session.layers.map((layer) => layer.name).join()}`;
    if (key !== this.shown) {
      this.shown = key;
      this.held?.clear();
      this.handles?.replaceChildren(...session.layers.map((layer, index) => this.handle(layer, index)));
    }
    const hasSolo = session.layers.some((layer) => layer.soloed);
    for (const [index, layer] of session.layers.entries()) {
      const isOut = layer.muted || (hasSolo && !layer.soloed);
      this.handles?.children[index]?.toggleAttribute("data-out", isOut);
    }
    this.draw();
  }

  /** @param {LayerView} layer @param {number} index */
  handle(layer, index) {
    const element = h(
      "div",
      {
        class: "handle",
        role: "slider",
        tabindex: "0",
        "aria-label": `Place of ${layer.name}`,
        "aria-valuemin": "-180",
        "aria-valuemax": "180",
      },
      h("span", { class: "dot" }, index + 1),
      h("span", { class: "what" }, layer.name),
    );
    element.addEventListener("pointerdown", (event) => {
      element.setPointerCapture(event.pointerId);
      element.toggleAttribute("data-held", true);
    });
    element.addEventListener("pointermove", (event) => {
      if (element.hasAttribute("data-held"))
        this.moveTo(layer, index, placeAt(this.placeOf(index), ...this.point(event), this.session.view));
    });
    for (const name of ["pointerup", "pointercancel"])
      element.addEventListener(name, () => element.toggleAttribute("data-held", false));
    element.addEventListener("keydown", (event) => {
      const place = stepped(this.placeOf(index), event.key, this.session.view);
      if (!place) return;
      event.preventDefault();
      this.moveTo(layer, index, place);
    });
    return element;
  }

  /** Where a finger is, 1 being the rim. @param {PointerEvent} event @returns {[number, number]} */
  point(event) {
    const { left, top, width, height } = this.getBoundingClientRect();
    const rim = this.drawing?.rim ?? 1;
    return [(event.clientX - left - width / 2) / rim, (event.clientY - top - height / 2) / rim];
  }

  /** @param {LayerView} layer @param {number} index @param {Place} place */
  moveTo(layer, index, place) {
    this.held?.set(layer.name, { place, until_ms: performance.now() + MOVED_S * 1000 });
    this.session.move(layer.name, place);
    this.draw();
  }

  /** @param {number} index @returns {Place} */
  placeOf(index) {
    const layer = this.session.layers[index];
    const held = layer && this.held?.get(layer.name);
    if (held && performance.now() < held.until_ms) return held.place;
    return this.session.player.status.layers[index] ?? layer?.place ?? { azimuth_deg: 0, elevation_deg: 0, distance_m: 1 };
  }

  draw() {
    if (!this.isSeen || !this.drawing || !this.handles) return;
    const { session } = this;
    const places = session.layers.map((_, index) => this.placeOf(index));
    this.drawing.draw(places, session.isPlaying ? session.player.status.layers : [], session.view);
    const points = places.map((place) => projected(place, session.view));
    const isRoom = roomForNames(points, session.layers, this.drawing.rim);
    for (const [index, place] of places.entries()) {
      const element = /** @type {HTMLElement | undefined} */ (this.handles.children[index]);
      const { x, y } = /** @type {{x: number, y: number}} */ (points[index]);
      element?.style.setProperty("transform", `translate(${x * this.drawing.rim}px, ${y * this.drawing.rim}px)`);
      element?.style.setProperty("--strength", String(strengthOf(session.player.status.layers[index]?.level_db)));
      element?.toggleAttribute("data-bare", !isRoom[index]);
      const words = inWords(place);
      if (element?.getAttribute("aria-valuetext") !== words) element?.setAttribute("aria-valuetext", words);
      element?.setAttribute("aria-valuenow", String(Math.round(wrapped(place.azimuth_deg))));
    }
  }
}

/** How brightly a layer is shown that sounds so loud; what says nothing of it is shown whole. @param {number} [level_db] */
const strengthOf = (level_db = BRIGHT_DB) => Math.min(Math.max((level_db - DIM_DB) / (BRIGHT_DB - DIM_DB), 0), 1).toFixed(2);

/**
 * Which handles can show their names without one lying on another handle or its name.
 * @param {{x: number, y: number}[]} points @param {LayerView[]} layers @param {number} rim
 */
function roomForNames(points, layers, rim) {
  /** @type {{x: number, y: number, half: number}[]} */
  const taken = points.map(({ x, y }) => ({ x: x * rim, y: y * rim, half: DOT_PX }));
  return points.map(({ x, y }, index) => {
    const name = { x: x * rim, y: y * rim + NAME_BELOW_PX, half: (LETTER_PX * (layers[index]?.name.length ?? 0)) / 2 };
    const isFree = taken.every(
      (other, at) => at === index || Math.abs(other.y - name.y) > NAME_PX || Math.abs(other.x - name.x) > other.half + name.half,
    );
    if (isFree) taken.push(name);
    return isFree;
  });
}

customElements.define("head-view", HeadView);
