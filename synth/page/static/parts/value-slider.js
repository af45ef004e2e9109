// A parameter as a slider: its range, unit and curve from the registry; tapped twice, or by Backspace, it goes back to the preset's value.

import { positionOf, valueAt } from "../logic/curves.js";
import { h } from "../logic/dom.js";
import { label, shown, spoken } from "../logic/units.js";

const STEPS = 1000;
const TWICE_MS = 350; // two taps within this are one double tap

/**
 * @typedef {object} Knob
 * @property {HTMLElement} element
 * @property {(value: number) => void} show
 */

/**
 * @param {string} path @param {ParameterView} parameter @param {number} usual the preset's own value
 * @param {(value: number) => void} act @param {string} [name] in place of the path's
 * @returns {Knob}
 */
export function valueSlider(path, parameter, usual, act, name = label(path, parameter.unit)) {
  return parameter.choices ? choice(name, parameter, act) : slider(name, parameter, usual, act);
}

/** @type {(name: string, parameter: ParameterView, usual: number, act: (value: number) => void) => Knob} */
function slider(name, parameter, usual, act) {
  const text = h("output", {});
  const input = h("input", { type: "range", min: "0", max: String(STEPS), step: "1", "aria-label": name, title: parameter.help });
  const mark = h("span", { class: "usual", "aria-hidden": "true", style: { "--at": positionOf(parameter, usual) } });
  let before = NaN;
  const show = (/** @type {number} */ value) => {
    if (value === before) return;
    before = value;
    const way = positionOf(parameter, value);
    input.value = String(Math.round(way * STEPS));
    input.style.setProperty("--way", `${way * 100}%`);
    text.textContent = shown(parameter, value);
    input.setAttribute("aria-valuetext", text.textContent);
    element.toggleAttribute("data-changed", Math.abs(way - positionOf(parameter, usual)) > 0.5 / STEPS);
  };
  const to = (/** @type {number} */ value) => {
    show(value);
    act(value);
  };
  input.addEventListener("input", () => to(valueAt(parameter, Number(input.value) / STEPS)));
  input.addEventListener("keydown", (event) => {
    const far = event.shiftKey ? 5 : 1;
    const steps = { ArrowLeft: -10, ArrowDown: -10, ArrowRight: 10, ArrowUp: 10 };
    const step = steps[/** @type {keyof typeof steps} */ (event.key)];
    if (step) to(valueAt(parameter, (Number(input.value) + step * far) / STEPS));
    else if (event.key === "Backspace" || event.key === "Delete") to(usual);
    else return;
    event.preventDefault();
  });
  onTwice(input, () => to(usual));
  const element = h(
    "div",
    { class: "knob" },
    h("span", { class: "label", title: parameter.help }, name),
    text,
    h("span", { class: "rail" }, mark, input),
  );
  return { element, show };
}

/** @type {(name: string, parameter: ParameterView, act: (value: number) => void) => Knob} */
function choice(name, parameter, act) {
  const names = parameter.choices ?? [];
  const input = h(
    "select",
    { "aria-label": name, title: parameter.help, onchange: () => act(input.selectedIndex) },
    ...names.map((each, index) => h("option", { value: String(index) }, spoken(each))),
  );
  const show = (/** @type {number} */ value) => {
    const index = Math.round(value);
    if (input.selectedIndex !== index) input.selectedIndex = index;
  };
  return { element: h("div", { class: "knob" }, h("span", { class: "label" }, name), input), show };
}

/** @param {HTMLElement} element @param {() => void} act */
function onTwice(element, act) {
  let before_ms = 0;
  element.addEventListener("pointerup", (event) => {
    const isTwice = event.timeStamp - before_ms < TWICE_MS;
    before_ms = isTwice ? 0 : event.timeStamp;
    if (isTwice) setTimeout(act); // after the browser has put the thumb where the finger was
  });
}
