// A worker that plays a preset for a moment where nobody hears it: the browser compiles then what the audio thread will need.
//
// Browsers keep what they compiled with the module, for all threads. {module, ears} once, then {snapshot}; answers with its name.

import { Engine, Machine } from "./engine.js";

const BLOCK = 128;
const BLOCKS = 200; // about half a second

/** @type {Engine} */
let engine;

onmessage = ({ data }) => {
  try {
    if (data.module) engine = new Engine(new Machine(data.module, data.ears));
    if (data.snapshot) {
      engine.load(data.snapshot);
      for (let block = 0; block < BLOCKS; block++) engine.render(BLOCK);
      postMessage({ name: data.snapshot.header.name });
    }
  } catch (error) {
    postMessage({ name: data.snapshot?.header.name, message: error instanceof Error ? error.message : String(error) });
  }
};
