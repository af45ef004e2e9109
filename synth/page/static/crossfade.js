// A crossfade of equal power that keeps the ceiling: two engines' blocks into one, frame by frame.
//
// Two sounds that both reach the ceiling would pass it together: a frame that would is turned down to it, and what comes after it is
// let up again slowly.

const LET_UP_S = 0.5;

export class Crossfade {
  /** @param {number} frames how long it takes @param {number} ceiling amplitude @param {number} sampleRate */
  constructor(frames, ceiling, sampleRate) {
    this.frames = frames;
    this.ceiling = ceiling;
    this.letUp = 1 / (LET_UP_S * sampleRate);
    this.at = 0;
    this.share = 1;
  }

  get isOver() {
    return this.at >= this.frames && this.share >= 1;
  }

  /** @param {Float32Array} leaving interleaved @param {Float32Array} coming @param {Float32Array[]} out left and right */
  mix(leaving, coming, out) {
    const [left, right] = out;
    for (let n = 0; n < left.length; n++) {
      const angle = (Math.PI / 2) * Math.min(this.at / this.frames, 1);
      const go = Math.cos(angle);
      const come = Math.sin(angle);
      const l = go * leaving[2 * n] + come * coming[2 * n];
      const r = go * leaving[2 * n + 1] + come * coming[2 * n + 1];
      const peak = Math.max(Math.abs(l), Math.abs(r));
      this.share = Math.min(this.share + this.letUp, 1, peak > this.ceiling ? this.ceiling / peak : 1);
      left[n] = this.share * l;
      right[n] = this.share * r;
      this.at += 1;
    }
  }
}
