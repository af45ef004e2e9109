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
const MIDDLE = { x: WIDTH / 2, y: 98 };
const REACH = 100; // drawn size of the rim
const TILT = 0.5; // how far the ground is seen from above
const EDGE = 26; // a mark stays within

/** @param {PresetView} preset @param {Record<string, TriggerFacts>} triggers @returns {string} SVG */
export function picture(preset, triggers) {
  const first = loudest(preset);
  const marks = preset.layers.map((layer, index) => mark(preset, layer, index, triggers, layer === first));
  const part = (/** @type {boolean} */ isNear) => marks.filter((each) => each.isNear === isNear).map((each) => each.svg);
  return (
    `<svg class="picture" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="xMidYMid slice" aria-hidden="true">` +
    `<g class="orbits">${[0.4, 0.66, 0.92].map(orbit).join("")}</g>${part(false).join("")}${PERSON}${part(true).join("")}</svg>`
  );
}

/** Where the light of a picture comes from: the loudest sound. @param {PresetView} preset @returns {Record<string, string>} */
export function lightOf(preset) {
  const { x, y } = pointOf(loudest(preset) ?? { name: "", trigger: "" });
  return { "--x": `${((100 * x) / WIDTH).toFixed(0)}%`, "--y": `${((100 * y) / HEIGHT).toFixed(0)}%` };
}

const orbit = (/** @type {number} */ share) =>
  `<ellipse cx="${MIDDLE.x}" cy="${MIDDLE.y}" rx="${REACH * share}" ry="${REACH * share * TILT}"/>`;

/** Head, ears and shoulders from behind. */
const PERSON =
  '<g class="person"><path d="M68 151c2-15 11-18 22-21 3-1 4-3 4-8h12c0 5 1 7 4 8 11 3 20 6 22 21z"/>' +
  '<path d="M85 100c-4-2-5 1-4 4s2 7 5 7M115 100c4-2 5 1 4 4s-2 7-5 7"/><path d="M100 81c-10 0-16 8-16 19 0 13 7 24 16 24s16-11 16-24c0-11-6-19-16-19z"/></g>';

/** @param {CatalogueLayer} layer */
function pointOf(layer) {
  const { left, up, front } = drawn(placeOf(layer));
  const x = Math.min(Math.max(MIDDLE.x - left * REACH, EDGE), WIDTH - EDGE);
  const y = Math.min(Math.max(MIDDLE.y - front * REACH * TILT - up * REACH * 0.9, EDGE), HEIGHT - EDGE);
  return { x, y, isNear: front <= 0.05 };
}

/** @param {CatalogueLayer} layer @returns {Place} */
const placeOf = (layer) => ({ azimuth_deg: 0, elevation_deg: 0, distance_m: 0.3, ...layer.place });

/**
 * @param {PresetView} preset @param {CatalogueLayer} layer @param {number} index
 * @param {Record<string, TriggerFacts>} triggers @param {boolean} isFirst
 */
function mark(preset, layer, index, triggers, isFirst) {
  const { x, y, isNear } = pointOf(layer);
  const random = generator(hash(`${preset.name} ${layer.name} ${index}`));
  const size = 19 + 11 * Math.min(placeOf(layer).distance_m, 2);
  const path = /** @type {import("./marks.js").Mark} */ (MARKS[markOf(triggers[layer.trigger])])(random, size);
  const at = `transform="translate(${x.toFixed(1)} ${y.toFixed(1)})"`;
  const glow = isFirst ? `<circle class="glow" ${at} r="${(size * 2.2).toFixed(0)}"/>` : "";
  return { svg: `${glow}<path class="mark${isFirst ? " first" : ""}" ${at} d="${path}"/>`, isNear };
}
