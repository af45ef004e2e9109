// A night's sequence: presets with minutes, one after the other.  entries, time -> which one plays, how long still.

/** @typedef {{name: string, minutes: number}} Entry */

export const MINUTES = { lowest: 1, highest: 600, usual: 30 };

/** @param {Entry[]} entries @returns {number} */
export const length_s = (entries) => entries.reduce((sum, entry) => sum + entry.minutes * 60, 0);

/**
 * @param {Entry[]} entries @param {number} seconds since the beginning
 * @returns {{index: number, left_s: number} | null} null: it is over
 */
export function at(entries, seconds) {
  let end_s = 0;
  for (const [index, entry] of entries.entries()) {
    end_s += entry.minutes * 60;
    if (seconds < end_s) return { index, left_s: end_s - seconds };
  }
  return null;
}

/** The fade of a timer: its last third, a quarter of an hour at most, as `synth play --sleep` has it. @param {number} seconds */
export const fadeOf_s = (seconds) => Math.min(seconds / 3, 900);

/** @param {Entry[]} entries @param {number} from @param {number} step -1: earlier, 1: later @returns {Entry[]} */
export function moved(entries, from, step) {
  const next = [...entries];
  const to = from + step;
  if (to < 0 || to >= next.length) return next;
  [next[from], next[to]] = [/** @type {Entry} */ (next[to]), /** @type {Entry} */ (next[from])];
  return next;
}
