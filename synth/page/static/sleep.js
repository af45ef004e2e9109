// The sleep timer: fades the sound away and ends it, as the instrument's own does.  frames -> share of the level
//
// The fade takes the last third of the time, at most a quarter of an hour, unless it is told. Its level falls as the square of
// what is left of it, so that it is long quiet before it is silent, and nobody wakes up because it has gone.

const SHARE = 1 / 3;
const LONGEST_FADE_S = 900;

export class Sleep {
  static STEP_S = 1;

  /** @param {number} seconds until silence @param {number | undefined} fade_s */
  constructor(seconds, fade_s) {
    this.left_s = seconds;
    this.fade_s = Math.min(fade_s ?? Math.min(seconds * SHARE, LONGEST_FADE_S), seconds);
    this.next_s = 0;
  }

  /** Let time pass; what is left of the amplitude where a step that begins now leads to, or null: nothing is to be set. @param {number} seconds */
  pass(seconds) {
    this.left_s -= seconds;
    this.next_s -= seconds;
    if (this.left_s > this.fade_s || this.next_s > 0 || this.left_s <= 0) return null;
    this.next_s += Sleep.STEP_S;
    const left = this.fade_s > Sleep.STEP_S ? (this.left_s - Sleep.STEP_S) / this.fade_s : this.left_s / this.fade_s;
    return Math.min(Math.max(left, 0), 1) ** 2;
  }
}
