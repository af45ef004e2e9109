// A preset's picture.  layers with places and triggers -> somebody seen from behind, and around the head what sounds there.
// Drawn from the catalogue alone and always the same; which mark a trigger has follows from what the registry says of it.

import { MARKS } from "./marks.js";
import { drawn } from "./place.js";
import { generator, hash } from "./random.js";

/** What a trigger has -> its mark; the first that fits. @type {[string, (facts: Traits) => boolean][]} */
const RULES = [
  ["lips", (facts) => facts.families.has("mouth")],
  ["words", (facts) => facts.speaks || facts.names.has("voice") || facts.names.has("word")],
  ["drops", (facts) => facts.units.has("mm_h")],
  ["stream", (facts) => facts.units.has("l_min")],
  ["bubbles", (facts) => facts.names.has("bubble_mm")],
  ["pulse", (facts) => facts.units.has("bpm")],
  ["rings", (facts) => facts.names.has("beat_hz")],
  ["waves", (facts) => facts.names.has("pitch_hz")],
  ["wisps", (facts) => facts.units.has("m_s") && facts.gesture === "hold"],
  ["coils", (facts) => facts.names.has("breath_hz")],
  ["ripples", (facts) => facts.gesture === "taps"],
  ["hairs", (facts) => facts.gesture === "strokes" && facts.names.has("softness")],
  ["scores", (facts) => facts.gesture === "strokes"],
  ["shards", (facts) => facts.gesture === "bursts"],
  ["stars", () => true],
];

/** @typedef {{units: Set<string>, names: Set<string>, families: Set<string>, gesture: string, speaks: boolean}} Traits */

/** @param {TriggerFacts | undefined} facts @returns {string} a name of MARKS */
export function markOf(facts) {
  const given = facts?.parameters ?? [];
  const rows = Array.isArray(given) ? given : Object.entries(given).map(([name, parameter]) => ({ ...parameter, name }));
  const traits = {
    units: new Set(rows.map((row) => row.unit ?? "")),
    names: new Set(rows.map((row) => row.name)),
    families: new Set(facts?.families ?? []),
    gesture: facts?.gesture?.kind ?? "",
    speaks: Boolean(facts?.speaks),
  };
  return /** @type {[string, any]} */ (RULES.find(([, fits]) => fits(traits)))[0];
}

/** Hue of the ground, from blue-green to violet: alike for alike sounds. @param {PresetView} preset @returns {number} degrees */
export const hueOf = (preset) => 188 + (hash(loudest(preset)?.trigger ?? preset.name) % 97);

/** @param {PresetView} preset */
const loudest = (preset) => [...preset.layers].sort((a, b) => (b.level_db ?? 0) - (a.level_db ?? 0))[0];

const WIDTH = 200;
const HEIGHT = 150;
const MIDDLE = { x: WIDTH / 2, y: 88 };
const REACH = 92; // drawn size of the rim
const TILT = 0.42; // how far the ground is seen from above

/** @param {PresetView} preset @param {Record<string, TriggerFacts>} triggers @returns {string} SVG */
export function picture(preset, triggers) {
  const first = loudest(preset);
  const marks = preset.layers.map((layer, index) => mark(preset, layer, index, triggers, layer === first));
  const part = (/** @type {boolean} */ isBehind) => marks.filter((each) => each.isBehind === isBehind).map((each) => each.svg).join("");
  return (
    `<svg class="picture" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="xMidYMid slice" aria-hidden="true">` +
    `<g class="orbits">${[0.42, 0.68, 0.95].map((share) => `<ellipse cx="${MIDDLE.x}" cy="${MIDDLE.y}" rx="${REACH * share}" ry="${REACH * share * TILT}"/>`).join("")}</g>` +
    `${part(false)}${person()}${part(true)}</svg>`
  );
}

/** Head, ears and shoulders from behind. */
const person = () =>
  '<g class="person"><path d="M62 150c2-19 14-24 27-27 4-1 5-4 5-9h12c0 5 1 8 5 9 13 3 25 8 27 27z"/>' +
  '<path d="M81 88c-4-2-6 1-5 5s3 8 6 8M119 88c4-2 6 1 5 5s-3 8-6 8"/><path d="M100 66c-13 0-20 9-20 23 0 15 9 28 20 28s20-13 20-28c0-14-7-23-20-23z"/></g>';

/**
 * @param {PresetView} preset @param {CatalogueLayer} layer @param {number} index
 * @param {Record<string, TriggerFacts>} triggers @param {boolean} isFirst
 */
function mark(preset, layer, index, triggers, isFirst) {
  const place = { azimuth_deg: 0, elevation_deg: 0, distance_m: 0.3, ...layer.place };
  const { left, up, front } = drawn(place);
  const random = generator(hash(`${preset.name} ${layer.name} ${index}`));
  const size = 15 + 9 * Math.min(place.distance_m, 2);
  const x = Math.min(Math.max(MIDDLE.x - left * REACH, 22), WIDTH - 22);
  const y = Math.min(Math.max(MIDDLE.y - front * REACH * TILT - up * REACH * 0.8, 20), HEIGHT - 22);
  const path = /** @type {(random: () => number, size: number) => string} */ (MARKS[markOf(triggers[layer.trigger])])(random, size);
  const svg = `<path class="mark${isFirst ? " first" : ""}" transform="translate(${x.toFixed(1)} ${y.toFixed(1)})" d="${path}"/>`;
  return { svg, isBehind: front <= 0.05 };
}
