// Elements in one call.  tag, properties, children -> element.

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * Functions become listeners (their key without "on"), `style` custom properties, true and false attributes that are there or
 * not, everything else attributes.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {Record<string, any>} [properties] @param {...Child} children @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (typeof value === "function") element.addEventListener(key.slice(2), value);
    else if (key === "style") for (const [name, text] of Object.entries(value)) element.style.setProperty(name, String(text));
    else if (key === "html")
      element.innerHTML = value; // drawings of our own
    else if (key.startsWith("aria-") || typeof value !== "boolean") value == null || element.setAttribute(key, String(value));
    else element.toggleAttribute(key, value);
  }
  element.append(
    ...children
      .filter((child) => child != null && child !== false)
      .map((child) => (child instanceof Node ? child : String(child))),
  );
  return element;
}

/** A line of drawing in a 24 by 24 square. @param {string} path @param {string} [more] further SVG @returns {HTMLElement} */
export function icon(path, more = "") {
  return h("span", { class: "icon", "aria-hidden": "true", html: `<svg viewBox="0 0 24 24"><path d="${path}"/>${more}</svg>` });
}

export const ICONS = {
  play: "M8 5.5v13l10.5-6.5z",
  stop: "M7 7h10v10H7z",
  back: "M14.5 5.5 8 12l6.5 6.5",
  heart: "M12 19.5S4.5 15 4.5 9.6A3.9 3.9 0 0 1 12 8a3.9 3.9 0 0 1 7.5 1.6c0 5.4-7.5 9.9-7.5 9.9z",
  moon: "M19 14.5A7.5 7.5 0 1 1 9.5 5a6 6 0 0 0 9.5 9.5z",
  share: "M12 15V4.5M8.5 8 12 4.5 15.5 8M6 12.5v6.5h12v-6.5",
  again:
    "M5.5 12a6.5 6.5 0 0 1 11.3-4.4L19 9.8M19 5v4.8h-4.8M18.500 12a6.500 6.500 0 0 1-11.300 4.400L5 14.200M5 19v-4.800h4.800",
  record: "M12 6.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11z",
  help: "M9 9.500a3 3 0 1 1 4.400 2.600c-.9.500-1.400 1.100-1.400 2.100M12 17.500v.1",
  night: "M5 7h9M5 12h9M5 17h6M18 14v5M15.500 16.500h5",
  close: "M6.500 6.500l11 11M17.500 6.500l-11 11",
  up: "M7 14l5-5 5 5",
  down: "M7 10l5 5 5-5",
  plus: "M12 6v12M6 12h12",
  search: "M10.500 5a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM14.600 14.600 19 19",
  speaker: "M5 10v4h3l4 3.500v-11L8 10zM15.500 9a4 4 0 0 1 0 6M18 6.500a7.500 7.500 0 0 1 0 11",
};

/** @param {string} path @param {string} label @param {Record<string, any>} properties @returns {HTMLButtonElement} */
export function iconButton(path, label, properties) {
  const { class: more = "", ...rest } = properties;
  return h("button", { type: "button", "aria-label": label, title: label, ...rest, class: `round ${more}` }, icon(path));
}
