// What is drawn behind the handles: a head, rings of distance, and each micro-event as a spark that fades where it sounded.

import { projected, radiusOf } from "../logic/place.js";
import { withUnit } from "../logic/units.js";

const RINGS_M = [0.1, 0.3, 1, 3];
const MARGIN_PX = 30; // a handle at the rim stays within
const LIFE_MS = 300; // chosen: seen, and gone before it crowds
const FAINTEST_DB = -95; // of a micro-event's mean square
const BRIGHTEST_DB = -35;
const MOST_SPARKS = 500;
const SHARPEST = 2; // device pixels a pixel: more costs power and shows nothing

/** @typedef {MicroEvent & {born_ms: number}} Spark */

export class HeadDrawing {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    this.rim = 100;
    /** @type {Spark[]} */
    this.sparks = [];
  }

  clear() {
    this.sparks = [];
  }

  /** @param {Place[]} places @param {LayerStatus[]} layers @param {"above" | "behind"} view */
  draw(places, layers, view) {
    const now_ms = performance.now();
    this.#fit();
    this.#gather(layers, now_ms);
    const colours = getComputedStyle(this.canvas);
    this.ink = colours.getPropertyValue("--ink");
    this.accent = colours.getPropertyValue("--accent");
    this.skin = colours.getPropertyValue("--skin");
    this.#rings();
    if (view === "above") this.#fromAbove();
    else this.#fromBehind();
    this.#threads(places, view);
    this.#glow(now_ms, view);
    this.pen.globalAlpha = 1;
  }

  #fit() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const sharp = Math.min(devicePixelRatio, SHARPEST);
    const [wide, high] = [Math.round(width * sharp), Math.round(height * sharp)];
    if (this.canvas.width !== wide || this.canvas.height !== high) Object.assign(this.canvas, { width: wide, height: high });
    this.rim = Math.max(Math.min(width, height) / 2 - MARGIN_PX, 20);
    this.pen.setTransform(sharp, 0, 0, sharp, wide / 2, high / 2);
    this.pen.clearRect(-width / 2, -height / 2, width, height);
  }

  /** @param {LayerStatus[]} layers @param {number} now_ms */
  #gather(layers, now_ms) {
    const fresh = layers.flatMap((layer) => (layer.events ?? []).map((event) => ({ ...event, born_ms: now_ms })));
    this.sparks = [...this.sparks.filter((spark) => now_ms - spark.born_ms < LIFE_MS), ...fresh].slice(-MOST_SPARKS);
  }

  #rings() {
    const { pen, rim } = this;
    pen.strokeStyle = pen.fillStyle = this.ink ?? "";
    pen.lineWidth = 1;
    pen.font = "11px system-ui, sans-serif";
    pen.textAlign = "center";
    for (const distance_m of RINGS_M) {
      const radius = radiusOf(distance_m) * rim;
      pen.globalAlpha = 0.14;
      pen.beginPath();
      pen.arc(0, 0, radius, 0, 2 * Math.PI);
      pen.stroke();
      pen.globalAlpha = 0.5;
      pen.fillText(distance_m < 1 ? withUnit(distance_m * 100, "cm") : withUnit(distance_m, "m"), 0, radius + 13);
    }
  }

  #fromAbove() {
    const size = radiusOf(0.05) * this.rim * 0.86;
    this.#shape((pen) => {
      pen.moveTo(-size * 0.2, -size * 0.95);
      pen.quadraticCurveTo(0, -size * 1.34, size * 0.2, -size * 0.95);
    });
    for (const side of [-1, 1])
      this.#shape((pen) => pen.ellipse(side * size * 0.86, size * 0.1, size * 0.13, size * 0.26, side * 0.2, 0, 2 * Math.PI));
    this.#shape((pen) => pen.ellipse(0, 0, size * 0.82, size, 0, 0, 2 * Math.PI));
  }

  #fromBehind() {
    const size = radiusOf(0.05) * this.rim * 0.86;
    this.#shape((pen) => {
      pen.moveTo(-size * 1.9, size * 2.1);
      pen.bezierCurveTo(-size * 1.8, size * 1.3, -size * 0.4, size * 1.5, -size * 0.36, size * 0.7);
      pen.lineTo(size * 0.36, size * 0.7);
      pen.bezierCurveTo(size * 0.4, size * 1.5, size * 1.8, size * 1.3, size * 1.9, size * 2.1);
    });
    for (const side of [-1, 1])
      this.#shape((pen) => pen.ellipse(side * size * 0.86, size * 0.08, size * 0.13, size * 0.28, side * -0.15, 0, 2 * Math.PI));
    this.#shape((pen) => pen.ellipse(0, 0, size * 0.84, size, 0, 0, 2 * Math.PI));
  }

  /** @param {(pen: CanvasRenderingContext2D) => void} path */
  #shape(path) {
    const { pen } = this;
    pen.beginPath();
    path(pen);
    pen.globalAlpha = 1;
    pen.fillStyle = this.skin ?? "";
    pen.fill();
    pen.globalAlpha = 0.4;
    pen.lineWidth = 1.25;
    pen.strokeStyle = this.ink ?? "";
    pen.stroke();
  }

  /** A thread from the head to each layer. @param {Place[]} places @param {"above" | "behind"} view */
  #threads(places, view) {
    const { pen, rim } = this;
    pen.strokeStyle = this.accent ?? "";
    pen.globalAlpha = 0.22;
    pen.lineWidth = 1;
    for (const place of places) {
      const { x, y } = projected(place, view);
      const from = Math.hypot(x, y);
      const edge = radiusOf(0.05) * 0.9;
      if (from <= edge) continue;
      pen.beginPath();
      pen.moveTo((x / from) * edge * rim, (y / from) * edge * rim);
      pen.lineTo(x * rim, y * rim);
      pen.stroke();
    }
  }

  /** @param {number} now_ms @param {"above" | "behind"} view */
  #glow(now_ms, view) {
    const { pen, rim } = this;
    pen.fillStyle = this.accent ?? "";
    for (const spark of this.sparks) {
      const age = (now_ms - spark.born_ms) / LIFE_MS;
      const strength = Math.min(Math.max((spark.level - FAINTEST_DB) / (BRIGHTEST_DB - FAINTEST_DB), 0.05), 1);
      const { x, y } = projected(spark, view);
      const size = 1.5 + 5 * strength * (1 - age / 2);
      for (const [wide, alpha] of [
        [2.8, 0.07],
        [1, 0.4],
      ]) {
        pen.globalAlpha = /** @type {number} */ (alpha) * (1 - age) * (0.35 + 0.65 * strength);
        pen.beginPath();
        pen.arc(x * rim, y * rim, size * /** @type {number} */ (wide), 0, 2 * Math.PI);
        pen.fill();
      }
    }
  }
}
