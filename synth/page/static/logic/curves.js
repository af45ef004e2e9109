// Curves: where a value lies in 0..1 of its range, and back, as the instrument's own parameters do it.

/** @param {ParameterView} parameter @param {number} value @returns {number} 0..1 */
export function positionOf({ low, high, curve, choices }, value) {
  if (high <= low) return 0;
  const inside = Math.min(Math.max(value, low), high);
  if (curve === "exp" && low > 0 && !choices) return Math.log(inside / low) / Math.log(high / low);
  return (inside - low) / (high - low);
}

/** @param {ParameterView} parameter @param {number} position 0..1 @returns {number} */
export function valueAt({ low, high, curve, choices }, position) {
  const way = Math.min(Math.max(position, 0), 1);
  if (way === 1) return high;
  if (curve === "exp" && low > 0 && !choices) return low * (high / low) ** way;
  const value = low + way * (high - low);
  return choices ? Math.round(value) : value;
}

const TURN = 360;

/** Between two numbers of a parameter, on its own curve; an angle takes the shorter way.
 * @param {string} path @param {any} parameter @param {number} from @param {number} to @param {number} share */
export function mixed(path, parameter, from, to, share) {
  if (path !== "azimuth_deg") {
    const [begin, end] = [positionOf(parameter, from), positionOf(parameter, to)];
    return valueAt(parameter, begin + share * (end - begin));
  }
  const way = ((((to - from) % TURN) + TURN + TURN / 2) % TURN) - TURN / 2;
  return from + share * way;
}
