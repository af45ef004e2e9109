// A preset's layers as a face sees them, and paths taken apart.  snapshot's header, values -> views

export const PLACE = ["azimuth_deg", "elevation_deg", "distance_m"];

/** @param {any} layer of a snapshot's header @param {Record<string, number>} values by "LAYER.PATH" */
export function viewOf({ name, trigger, speaks, parameters }, values) {
  /** @type {Record<string, any>} */
  const own = {};
  for (const [path, parameter] of Object.entries(parameters))
    own[path] = { ...parameter, usual: parameter.value, value: values[`${name}.${path}`] ?? parameter.value };
  const place = /** @type {Place} */ (Object.fromEntries(PLACE.map((path) => [path, own[path].value])));
  return { name, trigger, speaks, parameters: own, place, level_db: own.level_db.value, muted: false, soloed: false };
}

/** Take note of a number. @param {ReturnType<typeof viewOf>} view @param {string} path @param {number} value */
export function noted(view, path, value) {
  view.parameters[path].value = value;
  if (PLACE.includes(path)) view.place[/** @type {keyof Place} */ (path)] = value;
  if (path === "level_db") view.level_db = value;
}

/**
 * "LAYER.PATH" taken apart: names of layers, and paths, may have points.
 * @param {string} path @param {string[]} names of the layers @returns {[string, string]}
 */
export function split(path, names) {
  const [name] = [...names, "master"].filter((each) => path.startsWith(`${each}.`)).sort((a, b) => b.length - a.length);
  if (name === undefined) throw new Error(`There is no '${path}'; there are the layers ${names.join(", ")}.`);
  return [name, path.slice(name.length + 1)];
}
