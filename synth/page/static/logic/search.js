// Which presets are shown.  presets, words, tag, what is unwanted, favourites -> presets.

/**
 * @typedef {{words: string, tag: string, without: Set<string>, only: Set<string> | null}} Wish
 * `without`: families nobody wants to hear; `only`: names, or null for all.
 */

/** @param {PresetView[]} presets @param {Wish} wish @returns {PresetView[]} */
export function found(presets, { words, tag, without, only }) {
  const parts = words.toLowerCase().split(/\s+/).filter(Boolean);
  return presets.filter(
    (preset) =>
      (!only || only.has(preset.name)) &&
      (!tag || preset.tags.includes(tag)) &&
      !preset.families.some((family) => without.has(family)) &&
      parts.every((part) => said(preset).includes(part)),
  );
}

/** All that is written of a preset. @param {PresetView} preset */
function said({ name, title, tags, description, layers }) {
  const sounds = layers.map((layer) => `${layer.name} ${layer.trigger}`);
  return [name, title, description, ...tags, ...sounds].join(" ").replaceAll("_", " ").toLowerCase();
}

/** Tags by how many presets have them, those of one preset left out. @param {PresetView[]} presets @returns {string[]} */
export function commonTags(presets) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const preset of presets) for (const tag of preset.tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  const common = [...counts].filter(([, count]) => count > 1);
  return common.sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([tag]) => tag);
}

/** @param {PresetView[]} presets @returns {string[]} every family that somebody may not want to hear */
export const familiesOf = (presets) => [...new Set(presets.flatMap((preset) => preset.families))].sort();
