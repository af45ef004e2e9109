// Tabs: one panel at a time, arrow keys go from tab to tab (WAI-ARIA authoring practices).

import { h } from "../logic/dom.js";

/** @param {string} label @param {[string, HTMLElement][]} panels @returns {HTMLElement} */
export function tabSet(label, panels) {
  const tabs = panels.map(([title], index) =>
    h(
      "button",
      { type: "button", role: "tab", id: `tab-${index}`, "aria-controls": `panel-${index}`, onclick: () => choose(index) },
      title,
    ),
  );
  const bodies = panels.map(([, panel], index) =>
    h("div", { role: "tabpanel", id: `panel-${index}`, "aria-labelledby": `tab-${index}`, tabindex: "-1" }, panel),
  );
  const choose = (/** @type {number} */ chosen) => {
    tabs.forEach((tab, index) => {
      tab.setAttribute("aria-selected", String(index === chosen));
      tab.tabIndex = index === chosen ? 0 : -1;
    });
    bodies.forEach((body, index) => (body.hidden = index !== chosen));
  };
  const list = h("div", { role: "tablist", "aria-label": label, class: "tabs" }, ...tabs);
  list.addEventListener("keydown", (event) => {
    const here = tabs.findIndex((tab) => tab.tabIndex === 0);
    const ways = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: tabs.length - 1 };
    const to = ways[/** @type {keyof typeof ways} */ (event.key)];
    if (to === undefined) return;
    event.preventDefault();
    choose((to + tabs.length) % tabs.length);
    tabs[(to + tabs.length) % tabs.length]?.focus();
  });
  choose(0);
  return h("div", { class: "tab-set" }, list, ...bodies);
}
