// A card of the sound board: a picture and a name that play at once, and a heart.

import { h, iconButton, ICONS } from "../logic/dom.js";
import { hueOf, lightOf, picture } from "../logic/picture.js";
import { keep, kept } from "../logic/store.js";

const RESTS_MS = 150; // chosen: longer than passing over

/**
 * @param {PresetView} preset @param {Record<string, TriggerFacts>} triggers
 * @param {import("../session.js").Session} session @param {boolean} isFavourite
 */
export function card(preset, triggers, session, isFavourite) {
  const button = h(
    "button",
    {
      type: "button",
      class: "card",
      "data-name": preset.name,
      style: { "--hue": hueOf(preset), ...lightOf(preset) },
      onclick: () => open(preset.name, session),
    },
    h("span", { class: "ground", html: picture(preset, triggers) }),
    h("span", { class: "name" }, preset.title),
    h("span", { class: "tags" }, preset.tags.slice(0, 2).join(" · ")),
  );
  prepareWhenLookedAt(button, preset.name, session);
  return h("li", {}, button, heart(preset, isFavourite));
}

/**
 * Whoever rests on a card may touch it next: have it made ready. What fails here fails again at the touch, and says why.
 * @param {HTMLElement} button @param {string} name @param {import("../session.js").Session} session
 */
function prepareWhenLookedAt(button, name, session) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const prepare = () => session.player.prepare?.(name).catch(() => undefined);
  button.addEventListener("pointerdown", prepare); // a finger is there for a tenth of a second before it has clicked
  for (const begins of ["pointerenter", "focus"]) button.addEventListener(begins, () => (timer = setTimeout(prepare, RESTS_MS)));
  for (const ends of ["pointerleave", "blur", "click"]) button.addEventListener(ends, () => clearTimeout(timer));
}

/** @param {string} name @param {import("../session.js").Session} session */
function open(name, session) {
  location.hash = `#play/${name}`;
  if (session.name !== name || !session.isPlaying) void session.play(name);
}

/** @param {PresetView} preset @param {boolean} isFavourite */
export function heart(preset, isFavourite) {
  const button = iconButton(ICONS.heart, `Favourite: ${preset.title}`, { class: "heart", "aria-pressed": String(isFavourite) });
  button.addEventListener("click", () => {
    const names = new Set(kept("favourites", /** @type {string[]} */ ([])));
    const isNow = !names.delete(preset.name);
    if (isNow) names.add(preset.name);
    keep("favourites", [...names]);
    button.setAttribute("aria-pressed", String(isNow));
  });
  return button;
}
