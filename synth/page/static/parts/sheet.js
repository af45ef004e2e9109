// A sheet: a dialog that comes up from the foot, closed by its button, Escape, or a tap beside it.

import { h, iconButton, ICONS } from "../logic/dom.js";

/** @param {string} title @param {...import("../logic/dom.js").Child} children @returns {HTMLDialogElement} opened */
export function sheet(title, ...children) {
  const id = `sheet-${title.replaceAll(/\W+/g, "-").toLowerCase()}`;
  const close = iconButton(ICONS.close, "Close", { onclick: () => dialog.close() });
  const dialog = h(
    "dialog",
    { class: "sheet", "aria-labelledby": id },
    h("div", { class: "inside" }, h("header", {}, h("h2", { id }, title), close), ...children),
  );
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
