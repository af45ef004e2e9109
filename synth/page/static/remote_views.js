// What plays as a face sees it: layers with their numbers, paths taken apart, what lies between two scenes.  messages -> views

import { mixed } from "./logic/curves.js";
import { PLACE } from "./views.js";

/** @param {any} layer of the message "preset" */
export function viewOf({ name, trigger, speaks, parameters }) {
  const place = /** @type {Place} */ (Object.fromEntries(PLACE.map((path) => [path, parameters[path].value])));
  return { name, trigger, speaks, parameters, place, level_db: parameters.level_db.value, muted: false, soloed: false };
}

/** @param {any} parameter @param {unknown} value a choice by its name @returns {number} */
const numberOf = ({ choices }, value) => (typeof value === "string" ? choices.indexOf(value) : /** @type {number} */ (value));

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
      values[`${name}.${path}`] = mixed(path, parameter, from, to, share);
    }
  }
  return values;
}
