// Places around the head and where they are drawn.  azimuth, elevation, distance <-> x, y of a view (1: the rim), and words.
// x goes right, y goes down. From above the front is up; from behind the crown is up. Distances are drawn by their ratios.

const NEAREST_M = 0.05;
const RIM_M = 4; // chosen: what is farther is drawn at the rim
const HEAD_SHARE = 0.2; // of the rim: where the nearest places lie
const radians = (/** @type {number} */ degrees) => (degrees * Math.PI) / 180;
const degrees = (/** @type {number} */ angle) => (angle * 180) / Math.PI;
const clamped = (/** @type {number} */ value, /** @type {number} */ low, /** @type {number} */ high) =>
  Math.min(Math.max(value, low), high);

/** @param {number} distance_m @returns {number} 0..1 of the rim */
export function radiusOf(distance_m) {
  const way = Math.log(distance_m / NEAREST_M) / Math.log(RIM_M / NEAREST_M);
  return HEAD_SHARE + (1 - HEAD_SHARE) * clamped(way, 0, 1);
}

/** @param {number} radius @returns {number} metres */
export function distanceAt(radius) {
  const way = clamped((radius - HEAD_SHARE) / (1 - HEAD_SHARE), 0, 1);
  return NEAREST_M * (RIM_M / NEAREST_M) ** way;
}

/** @param {number} azimuth_deg @returns {number} -180 .. 180 */
export function wrapped(azimuth_deg) {
  const turned = ((azimuth_deg % 360) + 360) % 360;
  return turned > 180 ? turned - 360 : turned;
}

/** @param {Place} place @returns {{left: number, up: number, front: number}} in drawn radii */
export function drawn({ azimuth_deg, elevation_deg, distance_m }) {
  const radius = radiusOf(distance_m);
  const flat = radius * Math.cos(radians(elevation_deg));
  return {
    left: flat * Math.sin(radians(azimuth_deg)),
    up: radius * Math.sin(radians(elevation_deg)),
    front: flat * Math.cos(radians(azimuth_deg)),
  };
}

/** @param {Place} place @param {"above" | "behind"} view @returns {{x: number, y: number}} */
export function projected(place, view) {
  const { left, up, front } = drawn(place);
  return { x: -left, y: view === "above" ? -front : -up };
}

/**
 * The place at a point of a view, nearest to where it was: what the view cannot show stays as it is.
 * @param {Place} place where it was @param {number} x @param {number} y @param {"above" | "behind"} view @returns {Place}
 */
export function placeAt(place, x, y, view) {
  const from = Math.hypot(x, y);
  return view === "above" ? fromAbove(place, x, y, from) : fromBehind(place, x, y, from);
}

/** High places slide over their sphere, low ones go nearer and farther. @type {(p: Place, x: number, y: number, from: number) => Place} */
function fromAbove(place, x, y, from) {
  const azimuth_deg = wrapped(degrees(Math.atan2(-x, -y)));
  const radius = radiusOf(place.distance_m);
  if (Math.abs(place.elevation_deg) > 45 && from <= radius) {
    const size = degrees(Math.acos(clamped(from / radius, 0, 1)));
    return { ...place, azimuth_deg, elevation_deg: Math.sign(place.elevation_deg) * size };
  }
  const high = clamped(place.elevation_deg, -45, 45);
  return { azimuth_deg, elevation_deg: high, distance_m: distanceAt(from / Math.cos(radians(high))) };
}

/** Stays before or behind the ears; beyond its sphere it goes farther. @type {(p: Place, x: number, y: number, from: number) => Place} */
function fromBehind(place, x, y, from) {
  const radius = Math.max(radiusOf(place.distance_m), from, 1e-6);
  const elevation_deg = degrees(Math.asin(clamped(-y / radius, -1, 1)));
  const flat = radius * Math.cos(radians(elevation_deg));
  const side = degrees(Math.asin(clamped(-x / Math.max(flat, 1e-6), -1, 1)));
  const isInFront = Math.cos(radians(place.azimuth_deg)) >= 0;
  const distance_m = from > radiusOf(place.distance_m) ? distanceAt(from) : place.distance_m;
  return { azimuth_deg: wrapped(isInFront ? side : 180 - side), elevation_deg, distance_m };
}

/** How far one press of an arrow key goes, a view. */
const STEPS = {
  above: {
    ArrowLeft: [5, 0, 1],
    ArrowRight: [-5, 0, 1],
    ArrowUp: [0, 0, 1 / 1.12],
    ArrowDown: [0, 0, 1.12],
    PageUp: [0, 5, 1],
    PageDown: [0, -5, 1],
  },
  behind: {
    ArrowLeft: [5, 0, 1],
    ArrowRight: [-5, 0, 1],
    ArrowUp: [0, 5, 1],
    ArrowDown: [0, -5, 1],
    PageUp: [0, 0, 1 / 1.12],
    PageDown: [0, 0, 1.12],
  },
};

/** @param {Place} place @param {string} key @param {"above" | "behind"} view @returns {Place | null} null: no such key */
export function stepped(place, key, view) {
  const step = STEPS[view][/** @type {keyof typeof STEPS.above} */ (key)];
  if (!step) return null;
  const [turn, rise, ratio] = /** @type {[number, number, number]} */ (step);
  return {
    azimuth_deg: wrapped(place.azimuth_deg + turn),
    elevation_deg: clamped(place.elevation_deg + rise, -90, 90),
    distance_m: clamped(place.distance_m * ratio, NEAREST_M, 50),
  };
}

/** Names of directions, and how many degrees to the left each lies. */
const DIRECTIONS = ["in front", "front left", "left", "back left", "behind", "back right", "right", "front right"];

/** @param {Place} place @returns {string} "left, 15 cm", "above, 1.4 m" */
export function inWords({ azimuth_deg, elevation_deg, distance_m }) {
  const far = distance_m < 1 ? `${Math.round(distance_m * 100)} cm` : `${distance_m.toFixed(1)} m`;
  if (elevation_deg > 60) return `above, ${far}`;
  const eighth = Math.round((((azimuth_deg % 360) + 360) % 360) / 45) % 8;
  const height = elevation_deg > 25 ? ", high" : elevation_deg < -25 ? ", low" : "";
  return `${DIRECTIONS[eighth]}${height}, ${far}`;
}
