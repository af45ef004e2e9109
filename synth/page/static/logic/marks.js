// How sounds are drawn.  a size and chance -> SVG path data around 0, 0; one function a way of sounding.

/** @typedef {(random: () => number, size: number) => string} Mark */

const n = (/** @type {number} */ value) => value.toFixed(1);
const line = (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ dx, /** @type {number} */ dy) =>
  `M${n(x)} ${n(y)}l${n(dx)} ${n(dy)}`;
const circle = (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ r) =>
  `M${n(x - r)} ${n(y)}a${n(r)} ${n(r)} 0 1 0 ${n(2 * r)} 0a${n(r)} ${n(r)} 0 1 0 ${n(-2 * r)} 0`;
const many = (/** @type {number} */ count, /** @type {(index: number) => string} */ one) =>
  Array.from({ length: count }, (_, index) => one(index)).join("");
/** A point in a disc, even over its area. @param {() => number} random @param {number} size */
const spot = (random, size) => {
  const angle = random() * 2 * Math.PI;
  const from = Math.sqrt(random()) * size;
  return [Math.cos(angle) * from, Math.sin(angle) * from];
};

/** @type {Record<string, Mark>} */
export const MARKS = {
  drops: (random, size) =>
    many(26, () => {
      const [x, y] = spot(random, size * 1.7);
      const length = size * (0.16 + 0.26 * random());
      return line(x, y * 0.8, -length * 0.22, length);
    }),
  stream: (random, size) =>
    `M${n(-size * 0.5)} ${n(-size)}q${n(size * 0.55)} ${n(size * 0.1)} ${n(size * 0.5)} ${n(size * 1.3)}` +
    `M${n(-size * 0.24)} ${n(-size)}q${n(size * 0.45)} ${n(size * 0.1)} ${n(size * 0.42)} ${n(size * 1.25)}` +
    many(
      3,
      (index) =>
        `M${n(-size * (0.3 + 0.22 * index))} ${n(size * (0.48 + 0.16 * index))}q${n(size * (0.35 + 0.22 * index))} ${n(size * 0.22)} ${n(size * (0.7 + 0.44 * index))} 0`,
    ),
  bubbles: (random, size) =>
    many(15, () => {
      const [x, y] = spot(random, size);
      return circle(x * 0.8, y * 1.1, size * (0.04 + 0.11 * random() ** 2));
    }),
  rings: (random, size) =>
    many(4, (index) => {
      const r = size * (0.28 + 0.27 * index);
      return `M${n(-r)} 0a${n(r)} ${n(r * 0.42)} 0 1 0 ${n(2 * r)} 0a${n(r)} ${n(r * 0.42)} 0 1 0 ${n(-2 * r)} 0`;
    }),
  ripples: (random, size) =>
    many(5, () => {
      const [x, y] = spot(random, size * 0.8);
      const r = size * (0.1 + 0.12 * random());
      return circle(x, y, size * 0.035) + circle(x, y, r) + (random() < 0.5 ? circle(x, y, r * 1.8) : "");
    }),
  hairs: (random, size) =>
    many(13, (index) => {
      const x = ((index - 6) / 6) * size * 0.62;
      const bend = size * 0.28 * (random() - 0.5);
      return `M${n(x * 0.55)} ${n(-size * 0.7)}q${n(x * 0.3)} ${n(size * 0.6)} ${n(x * 0.75 + bend)} ${n(size * (1.15 + 0.2 * random()))}`;
    }),
  scores: (random, size) =>
    many(5, (index) => {
      const y = (index - 2) * size * 0.3;
      return `M${n(-size * (0.7 + 0.25 * random()))} ${n(y + size * 0.2)}q${n(size * 0.7)} ${n(-size * 0.3)} ${n(size * (1.4 + 0.3 * random()))} ${n(-size * 0.16)}`;
    }),
  shards: (random, size) =>
    many(6, () => {
      const [x, y] = spot(random, size * 0.75);
      const turn = random() * 6.28;
      const corner = (/** @type {number} */ index) => {
        const r = size * (0.16 + 0.28 * random());
        return `${n(x + r * Math.cos(turn + index * 1.7))} ${n(y + r * Math.sin(turn + index * 1.7))}`;
      };
      return `M${corner(0)}L${corner(1)}L${corner(2)}Z`;
    }),
  wisps: (random, size) =>
    many(4, (index) => {
      const y = (index - 1.5) * size * 0.34;
      const swing = size * (0.16 + 0.16 * random());
      return `M${n(-size)} ${n(y)}c${n(size * 0.5)} ${n(-swing)} ${n(size * 0.7)} ${n(swing)} ${n(size * 1.2)} 0s${n(size * 0.45)} ${n(-swing * 0.6)} ${n(size * 0.6)} ${n(-swing * 0.3)}`;
    }),
  words: (random, size) =>
    many(4, (row) => {
      let x = -size * 0.85;
      let text = "";
      while (x < size * 0.7) {
        const width = size * (0.12 + 0.3 * random());
        text += `M${n(x)} ${n((row - 1.5) * size * 0.36)}q${n(width / 2)} ${n(-size * 0.16 * (random() - 0.3))} ${n(width)} 0`;
        x += width + size * 0.15;
      }
      return text;
    }),
  lips: (random, size) =>
    `M${n(-size * 0.7)} 0q${n(size * 0.35)} ${n(-size * 0.5)} ${n(size * 0.7)} ${n(-size * 0.16)}q${n(size * 0.35)} ${n(-size * 0.34)} ${n(size * 0.7)} ${n(size * 0.16)}` +
    `M${n(-size * 0.7)} 0q${n(size * 0.7)} ${n(size * 0.86)} ${n(size * 1.4)} 0M${n(-size * 0.5)} ${n(size * 0.04)}q${n(size * 0.5)} ${n(size * 0.18)} ${n(size)} 0`,
  pulse: (random, size) =>
    `M${n(-size * 1.1)} 0h${n(size * 0.5)}l${n(size * 0.16)} ${n(-size * 0.75)}l${n(size * 0.24)} ${n(size * 1.2)}l${n(size * 0.18)} ${n(-size * 0.45)}h${n(size * 0.24)}` +
    `l${n(size * 0.1)} ${n(-size * 0.34)}l${n(size * 0.14)} ${n(size * 0.5)}l${n(size * 0.1)} ${n(-size * 0.16)}h${n(size * 0.4)}`,
  waves: (random, size) =>
    many(3, (row) => {
      const y = (row - 1) * size * 0.42;
      return (
        `M${n(-size)} ${n(y)}` +
        many(4, (index) => `q${n(size * 0.25)} ${n((index % 2 ? 1 : -1) * size * (0.4 - 0.1 * row))} ${n(size * 0.5)} 0`)
      );
    }),
  coils: (random, size) =>
    many(
      9,
      (index) =>
        `M${n((index - 4.5) * size * 0.22)} ${n(size * 0.32)}q${n(size * 0.22)} ${n(-size * (0.5 + 0.4 * Math.sin(index * 0.8)))} ${n(size * 0.34)} 0`,
    ),
  stars: (random, size) =>
    many(12, () => {
      const [x, y] = spot(random, size);
      return circle(x, y, size * (0.02 + 0.05 * random()));
    }),
};
