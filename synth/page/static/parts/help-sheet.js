// Help: the keys, and a switch that turns single keys off.

import { h } from "../logic/dom.js";
import { KEYS } from "../logic/keys.js";
import { keep, kept } from "../logic/store.js";
import { sheet } from "./sheet.js";

export function helpSheet() {
  const rows = KEYS.map(({ shown, doc }) => h("tr", {}, h("th", { scope: "row" }, h("kbd", {}, shown)), h("td", {}, doc)));
  const box = h("input", { type: "checkbox", checked: kept("keys", true), onchange: () => keep("keys", box.checked) });
  return sheet(
    "Keys",
    h("table", { class: "keys" }, h("tbody", {}, ...rows)),
    h("label", { class: "check" }, box, "Single keys do all this"),
    h(
      "p",
      { class: "small" },
      "On the head: arrow keys move the chosen sound, Page up and Page down what the view does not show. On a slider: Backspace goes back to the preset's value, Shift makes larger steps.",
    ),
  );
}
