// Lateness: blocks that the audio thread has missed, as it can tell itself.  a clock, frames -> blocks
//
// A device takes its frames at an even pace, so the clock's time less the frames' stays what it was, give or take the device's
// buffer. What has become later for a whole second, and stays so, is a gap that was heard.

const WINDOW_S = 1;
const GAP_S = 0.005; // clocks in worklets may tell whole milliseconds only, and drift by 0.1 ms a second

export class Lateness {
  /** @param {number} sampleRate @param {number} block frames */
  constructor(sampleRate, block) {
    this.sampleRate = sampleRate;
    this.block = block;
    this.missed = 0;
    this.before_s = this.least_s = Infinity;
    this.frames = this.windowFrames = 0;
  }

  /** Begin anew: the context was suspended. */
  restart() {
    this.before_s = this.least_s = Infinity;
    this.frames = this.windowFrames = 0;
  }

  /** A block is being rendered. @param {number} now_s */
  pass(now_s) {
    this.least_s = Math.min(this.least_s, now_s - this.frames / this.sampleRate);
    this.frames += this.block;
    this.windowFrames += this.block;
    if (this.windowFrames < WINDOW_S * this.sampleRate) return;
    const gap_s = this.least_s - this.before_s;
    if (gap_s > GAP_S && gap_s < Infinity) this.missed += Math.max(1, Math.round((gap_s * this.sampleRate) / this.block));
    this.before_s = this.least_s;
    this.least_s = Infinity;
    this.windowFrames = 0;
  }
}
