// A worker that unpacks the ears, and plays presets for a moment where nobody hears them: the browser compiles then what the audio
// thread will need.
//
// Browsers keep what they compiled with the module, for all threads. {module, path, buffer} once: answers {ears}; then {snapshot}:
// answers {name} as soon as it is rendered quickly, and goes on for a while. What is asked for last comes first.

import { unpackedEars } from "./decode.js";
import { Engine, Machine } from "./engine.js";

const BLOCK = 128;
const PIECE = 10; // blocks until somebody else has a turn: 27 ms of sound
const PIECES = 20; // half a second
const ENOUGH = 10; // pieces after which a page waits no longer: measured, what is slow by then is the machine
const QUICK = 0.3; // of the time that a piece sounds: measured, compiled kernels take 0.04 to 0.25 of it
const [IN_A_ROW, SAMPLE_RATE] = [3, 48000];

/** @type {Engine} */
let engine;
/** Presets to be played, the most urgent last. @type {Snapshot[]} */
let wanted = [];
/** Presets that are compiled, by name. @type {Set<string>} */
const done = new Set();
let current = ""; // the name of what is being played
let isCalled = false; // for something else than what is being played

const turn = () => new Promise((resolve) => setTimeout(resolve));

onmessage = ({ data }) => {
  if (data.module) void begin(data);
  if (data.snapshot) want(data.snapshot);
};

const nameOf = (/** @type {Snapshot} */ { header }) => header.name;

/** @param {Snapshot} snapshot */
function want(snapshot) {
  const name = nameOf(snapshot);
  if (done.has(name) || name === current) return;
  wanted = [...wanted.filter((each) => nameOf(each) !== name), snapshot];
  isCalled = true;
  if (!current) void work();
}

/** @param {{module: WebAssembly.Module, path: string, buffer: ArrayBuffer}} files */
async function begin({ module, path, buffer }) {
  try {
    const ears = await unpackedEars(buffer, path);
    engine = new Engine(new Machine(module, ears));
    postMessage({ ears }, { transfer: [ears.pieces.ears.buffer] });
  } catch (error) {
    postMessage({ message: error instanceof Error ? error.message : String(error) });
  }
}

async function work() {
  for (let snapshot = wanted.pop(); snapshot; snapshot = wanted.pop()) {
    current = nameOf(snapshot);
    isCalled = false;
    await play(snapshot);
    if (!done.has(current)) wanted.unshift(snapshot); // again, when there is time
    current = "";
  }
}

/** Play a preset until it is quick, and a while longer, or until another one is called for. @param {Snapshot} snapshot */
async function play(snapshot) {
  const name = nameOf(snapshot);
  try {
    engine.load(snapshot);
    let quick = 0;
    for (let piece = 1; piece <= PIECES && !isCalled; piece++) {
      quick = renders() < QUICK ? quick + 1 : 0;
      if (quick >= IN_A_ROW || piece === ENOUGH) tell(name);
      await turn();
    }
  } catch {
    tell(name); // the audio thread fails at it too, and says why
  }
}

/** Render a piece; the share of the time that it sounds which that took. */
function renders() {
  const begin_ms = performance.now();
  for (let block = 0; block < PIECE; block++) engine.render(BLOCK);
  return ((performance.now() - begin_ms) / 1e3 / (PIECE * BLOCK)) * SAMPLE_RATE;
}

/** @param {string} name */
function tell(name) {
  if (!done.has(name)) postMessage({ name });
  done.add(name);
}
