// The keys of a trial: those of the terminal, and the space bar and digits as real holds.  keys -> the hold, wishes

const LEVEL = { "+": 1, "=": 1, "-": -1 };
const WISHES = { x: "dislike", p: "pause", Escape: "silence", q: "end", Enter: "take" };
const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

/** What a control needs of the keys itself. @param {EventTarget | null} target @param {string} key */
function isItsOwn(target, key) {
  if (!(target instanceof Element)) return false;
  if (target.matches("input[type=range]")) return key.startsWith("Arrow");
  return target.matches("button:not(.hold), a[href]") && (key === " " || key === "Enter");
}

/** @param {import("./trial-view.js").TrialView} view */
export function followKeys(view) {
  /** Keys that hold, in the order in which they went down: the newest says how strongly. @type {string[]} */
  let down = [];
  const amountOf = (/** @type {string} */ key) => (key === " " ? (view.hold?.strength ?? 1) : Number(key) / 9);
  const say = () => {
    const newest = down.at(-1);
    view.hold?.say(newest === undefined ? 0 : amountOf(newest));
  };

  /** @param {KeyboardEvent} event @returns {boolean} whether it was a key of ours */
  const press = ({ key, repeat }) => {
    if (key === " " || /^[0-9]$/.test(key)) {
      if (repeat || !view.isHolding) return true;
      down = key === "0" ? [] : [...down.filter((each) => each !== key), key];
      say();
      return true;
    }
    if (key in LEVEL) view.session.wish("level", LEVEL[/** @type {keyof typeof LEVEL} */ (key)]);
    else if (key in STEPS && view.isComparing) view.session.wish("step", STEPS[/** @type {keyof typeof STEPS} */ (key)]);
    else if (key in WISHES) repeat || view.session.wish(WISHES[/** @type {keyof typeof WISHES} */ (key)]);
    else return false;
    return true;
  };

  const onDown = (/** @type {KeyboardEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || view.isOver || isItsOwn(event.target, event.key)) return;
    if (!press(event)) return;
    event.preventDefault();
    event.stopPropagation(); // the hold's button has keys of its own elsewhere
  };
  const onUp = (/** @type {KeyboardEvent} */ event) => {
    if (!down.includes(event.key)) return;
    down = down.filter((each) => each !== event.key);
    say();
    event.stopPropagation();
  };
  addEventListener("keydown", onDown, true);
  addEventListener("keyup", onUp, true);
  addEventListener("blur", () => (down = []));
}
