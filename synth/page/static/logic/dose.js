// Listening dose after WHO-ITU H.870 (2018): what 80 dBA give in 40 hours is a week's allowance; 3 dB more are half the time.

const ALLOWANCE_DBA = 80;
const ALLOWANCE_H = 40;
export const ASSUMED_CALIBRATION_DBA = 100; // of full scale, by who does not know: loud headphones, turned up
const WEEK_DAYS = 7;
const DAY_MS = 86_400_000;

const SINE_DB = 10 * Math.log10(0.5); // mean square of a sine at full scale

/** What a loudness is at the ear. @param {number} loudness A-weighted mean square in dB @param {number} calibration_dba of a sine at full scale */
export const levelOf = (loudness, calibration_dba) => calibration_dba + loudness - SINE_DB;

/** @param {number} level_dba @returns {number} hours in which a level uses up a week */
export const hoursAt = (level_dba) => ALLOWANCE_H * 10 ** ((ALLOWANCE_DBA - level_dba) / 10);

/** @param {number} level_dba @param {number} seconds @returns {number} share of a week's allowance */
export const shareOf = (level_dba, seconds) => (Number.isFinite(level_dba) ? seconds / 3600 / hoursAt(level_dba) : 0);

/** @typedef {Record<string, number>} Diary shares by day since 1970 */

/** Add a share to today's, and forget what is older than a week. @param {Diary} diary @param {number} share @param {number} now_ms @returns {Diary} */
export function noted(diary, share, now_ms) {
  const today = Math.floor(now_ms / DAY_MS);
  const kept = Object.entries(diary).filter(
    ([day, sum]) => Number(day) > today - WEEK_DAYS && Number(day) <= today && Number.isFinite(sum),
  );
  const next = Object.fromEntries(kept);
  next[today] = (next[today] ?? 0) + share;
  return next;
}

/** @param {Diary} diary @returns {number} */
export const weekOf = (diary) => Object.values(diary).reduce((sum, share) => sum + share, 0);
