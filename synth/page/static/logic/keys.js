// Keys of the page, as one table: what the help shows and what the page does.  The terminal's keys, where it has them.

/** @typedef {{keys: string[], shown: string, doc: string, act: string}} Key */

/** @type {Key[]} */
export const KEYS = [
  { keys: [" "], shown: "space", doc: "play, or stop with a fade", act: "toggle" },
  { keys: ["ArrowLeft"], shown: "←", doc: "the preset before", act: "previous" },
  { keys: ["ArrowRight"], shown: "→", doc: "the preset after", act: "next" },
  { keys: ["ArrowUp"], shown: "↑", doc: "louder by 1 dB, on the stage", act: "louder" },
  { keys: ["ArrowDown"], shown: "↓", doc: "softer by 1 dB, on the stage", act: "softer" },
  { keys: [..."123456789"], shown: "1 – 9", doc: "glide to a scene", act: "scene" },
  { keys: [..."asdfghjk"], shown: "a – k", doc: "the middle row strikes a layer, for as long as a key is held", act: "strike" },
  { keys: ["m"], shown: "m", doc: "mute, and back", act: "mute" },
  { keys: ["n"], shown: "n", doc: "another performance of the same preset", act: "another" },
  { keys: ["r"], shown: "r", doc: "record, and save", act: "record" },
  {
    keys: ["i"],
    shown: "i",
    doc: "say how it tingles: the space bar is the hold's from then on, where the page has one",
    act: "tingle",
  },
  { keys: ["v"], shown: "v", doc: "look from above, or from behind", act: "view" },
  { keys: ["/"], shown: "/", doc: "search", act: "search" },
  { keys: ["Escape"], shown: "esc", doc: "back to the board", act: "board" },
  { keys: ["?"], shown: "?", doc: "these keys", act: "help" },
];

/** Keys that a control needs itself are left to it. */
const OWN = {
  text: () => true,
  range: (/** @type {string} */ key) => key.startsWith("Arrow"),
  choice: (/** @type {string} */ key) => key.startsWith("Arrow") || key === " ",
  button: (/** @type {string} */ key) => key === " ",
};

/** @param {Element | null} element @returns {keyof typeof OWN | null} */
function kindOf(element) {
  if (!element) return null;
  if (element.matches("textarea, select, input:not([type=range], [type=checkbox], [type=radio])")) return "text";
  if (element.matches("input[type=range], [role=slider]")) return "range";
  if (element.matches("input[type=checkbox], input[type=radio], [role=tab], .card")) return "choice";
  return element.matches("button, a[href], summary") ? "button" : null;
}

/** @param {KeyboardEvent} event @returns {{act: string, index: number} | null} what a key asks for */
export function asked(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const kind = kindOf(/** @type {Element | null} */ (event.target instanceof Element ? event.target : null));
  if (kind && OWN[kind](event.key)) return null;
  for (const row of KEYS) {
    const index = row.keys.indexOf(event.key);
    if (index >= 0) return { act: row.act, index };
  }
  return null;
}
