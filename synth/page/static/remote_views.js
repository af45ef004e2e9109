// What plays as a face sees it: layers with their numbers, paths taken apart, what lies between two scenes.  messages -> views

export const PLACE = ["azimuth_deg", "elevation_deg", "distance_m"];

/** @param {any} layer of the message "preset" */
export function viewOf({ name, trigger, speaks, parameters }) {
  const place = /** @type {Place} */ (Object.fromEntries(PLACE.map((path) => [path, parameters[path].value])));
  return { name, trigger, speaks, parameters, place, level_db: parameters.level_db.value, muted: false, soloed: false };
}

/** Take note of a number. @param {ReturnType<typeof viewOf>} view @param {string} path @param {number} value */
export function noted(view, path, value) {
  view.parameters[path].value = value;
  if (PLACE.includes(path)) view.place[/** @type {keyof Place} */ (path)] = value;
  if (path === "level_db") view.level_db = value;
}

/**
 * "LAYER.PATH" taken apart: names of layers, and paths, may have points.
 * @param {string} path @param {{name: string}[]} layers @returns {[string, string]}
 */
export function split(path, layers) {
  const names = [...layers.map(({ name }) => name), "master"].filter((each) => path.startsWith(`${each}.`));
  const [name] = names.sort((a, b) => b.length - a.length);
  if (name === undefined)
    throw new Error(`There is no '${path}'; there are the layers ${layers.map((each) => each.name).join(", ")}.`);
  return [name, path.slice(name.length + 1)];
}

/** @param {any} parameter @param {unknown} value a choice by its name @returns {number} */
const numberOf = ({ choices }, value) => (typeof value === "string" ? choices.indexOf(value) : /** @type {number} */ (value));

/** @param {any} parameter @param {number} begin @param {number} end @param {number} share @param {boolean} isAngle */
function mixed({ curve, choices }, begin, end, share, isAngle) {
  if (choices) return share < 0.5 ? begin : end;
  if (curve === "exp" && begin > 0 && end > 0) return begin * (end / begin) ** share;
  const way = isAngle ? ((((end - begin) % 360) + 540) % 360) - 180 : end - begin;
  return begin + share * way;
}

/**
 * The numbers between two scenes, by "LAYER.PATH"; what only one of them sets begins or ends at the preset's own.
 * @param {any} begin @param {any} end values by layer and path @param {number} share 0..1
 * @param {ReturnType<typeof viewOf>[]} layers @param {any} master its parameters
 */
export function between(begin, end, share, layers, master) {
  /** @type {Record<string, number>} */
  const values = {};
  for (const [name, parameters] of [...layers.map((each) => [each.name, each.parameters]), ["master", master]]) {
    for (const path of new Set([...Object.keys(begin[name] ?? {}), ...Object.keys(end[name] ?? {})])) {
      const parameter = parameters[path];
      const [from, to] = [begin, end].map((scene) => numberOf(parameter, scene[name]?.[path] ?? parameter.usual));
      values[`${name}.${path}`] = mixed(parameter, from, to, share, path === "azimuth_deg");
    }
  }
  return values;
}
