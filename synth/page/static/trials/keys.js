// The keys of a trial: those of the terminal, and the space bar as a real hold.  keys -> the hold, wishes

const LEVEL = { "+": 1, "=": 1, "-": -1 };
const WISHES = { x: "dislike", p: "pause", Escape: "silence", q: "end", Enter: "take" };
const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

/** @param {import("./trial-view.js").TrialView} view */
export function followKeys(view) {
  const wish = (/** @type {string} */ name, /** @type {number | true} */ value = true) => view.session.wish(name, value);
  /** The digit that is held down. */
  let digit = "";
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || view.isOver) return;
    const own = event.target instanceof Element && event.target.matches("button:not(.hold), input, a[href]");
    const { key } = event;
    if (own && (key === " " || key === "Enter" || key.startsWith("Arrow"))) return; // the control's own
    if (key === " ") view.hold?.key(event);
    else if (/^[1-9]$/.test(key)) {
      if (event.repeat || !view.hold || view.hold.hidden) return;
      digit = key;
      view.hold.say(Number(key) / 9);
    } else if (event.repeat && !(key in LEVEL)) return;
    else if (key in LEVEL) wish("level", LEVEL[/** @type {keyof typeof LEVEL} */ (key)]);
    else if (key in STEPS && view.isComparing) wish("step", STEPS[/** @type {keyof typeof STEPS} */ (key)]);
    else if (key in WISHES) wish(WISHES[/** @type {keyof typeof WISHES} */ (key)]);
    else return;
    event.preventDefault();
  });
  addEventListener("keyup", ({ key }) => {
    if (key !== " " && key !== digit) return;
    digit = "";
    view.hold?.say(0);
  });
}
