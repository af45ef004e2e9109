// Spectrograms of both ears that scroll: each column is one moment, low tones at the bottom, in ratios of frequency.

const LOWEST_HZ = 60;
const HIGHEST_HZ = 16000;
const QUIETEST_DB = -100;
const LOUDEST_DB = -35;
const STEP_PX = 2; // a column's width
const GAP_PX = 4; // between the ears

export class Spectrogram {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
    /** @type {Float32Array<ArrayBuffer>} */
    this.bins = new Float32Array(0);
  }

  /** @param {AnalyserNode[]} taps left, right */
  draw(taps) {
    const { canvas, pen } = this;
    const { clientWidth: width, clientHeight: height } = canvas;
    if (!width) return;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    pen.globalCompositeOperation = "copy"; // what is half transparent stays so
    pen.drawImage(canvas, -STEP_PX, 0);
    pen.globalCompositeOperation = "source-over";
    pen.clearRect(width - STEP_PX, 0, STEP_PX, height);
    const half = (height - GAP_PX) / 2;
    const [r, g, b] = colour(getComputedStyle(canvas).getPropertyValue("--accent"));
    taps.slice(0, 2).forEach((tap, ear) => this.#column(tap, width - STEP_PX, ear * (half + GAP_PX), half, `${r} ${g} ${b}`));
  }

  /** @param {AnalyserNode} tap @param {number} x @param {number} top @param {number} height @param {string} rgb */
  #column(tap, x, top, height, rgb) {
    if (this.bins.length !== tap.frequencyBinCount) this.bins = new Float32Array(tap.frequencyBinCount);
    tap.getFloatFrequencyData(this.bins);
    const bin_hz = tap.context.sampleRate / 2 / this.bins.length;
    for (let y = 0; y < height; y++) {
      const at = (/** @type {number} */ share) => LOWEST_HZ * (HIGHEST_HZ / LOWEST_HZ) ** share;
      const from = Math.floor(at(1 - (y + 1) / height) / bin_hz);
      const to = Math.max(from + 1, Math.floor(at(1 - y / height) / bin_hz));
      let loudest = -Infinity;
      for (let bin = from; bin < to; bin++) loudest = Math.max(loudest, this.bins[bin] ?? -Infinity);
      const strength = (loudest - QUIETEST_DB) / (LOUDEST_DB - QUIETEST_DB);
      if (strength <= 0) continue;
      this.pen.fillStyle = `rgb(${rgb} / ${Math.min(strength, 1) ** 1.6})`;
      this.pen.fillRect(x, top + y, STEP_PX, 1);
    }
  }
}

/** @param {string} hex "#rrggbb" @returns {[number, number, number]} */
function colour(hex) {
  const number = Number.parseInt(hex.trim().slice(1), 16);
  return [(number >> 16) & 255, (number >> 8) & 255, number & 255];
}
