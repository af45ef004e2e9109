// What the keys do.  a key -> its act on the session or the page.

import { asked } from "./logic/keys.js";
import { kept } from "./logic/store.js";

const VELOCITY = 0.7; // the instrument's own default
const SILENT_DB = -60;

/** @param {import("./session.js").Session} session @param {Record<string, () => void>} page acts that only the page can do */
export function followKeys(session, page) {
  let loud_db = 0;
  /** Layers struck by a key that is still held. @type {Map<string, string>} */
  const held = new Map();
  const mute = () => {
    const { volume_db } = session.player;
    if (volume_db > SILENT_DB) loud_db = volume_db;
    session.setVolume(volume_db > SILENT_DB ? SILENT_DB : loud_db);
  };
  const strike = (/** @type {number} */ index, /** @type {string} */ key) => {
    const layer = session.layers[index];
    if (!layer || held.has(key)) return;
    held.set(key, layer.name);
    session.player.strike(layer.name, VELOCITY);
  };
  const scene = (/** @type {number} */ index) => {
    const chosen = session.preset?.scenes[index];
    if (chosen) session.go(chosen);
  };
  /** @type {Record<string, (index: number, key: string) => void>} */
  const acts = {
    toggle: () => void session.toggle(),
    previous: () => void session.step(-1),
    next: () => void session.step(1),
    louder: () => session.setVolume(session.player.volume_db + 1),
    softer: () => session.setVolume(session.player.volume_db - 1),
    another: () => session.name && void session.another(),
    view: () => session.turnView(),
    scene,
    strike,
    mute,
  };
  /** Where a key does nothing it is the browser's: it scrolls the board. @param {string} act */
  const isFor = (act) => {
    if (["louder", "softer"].includes(act)) return document.body.dataset.view === "stage-view";
    return act !== "toggle" || session.name !== "";
  };
  addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    const wish = asked(event);
    if (!wish || (!kept("keys", true) && wish.act !== "help") || !isFor(wish.act)) return;
    event.preventDefault();
    if (event.repeat && !["louder", "softer"].includes(wish.act)) return;
    ({ ...acts, ...page })[wish.act]?.(wish.index, event.key);
  });
  const letGo = (/** @type {string} */ key) => {
    const layer = held.get(key);
    if (layer !== undefined) session.player.release(layer);
    held.delete(key);
  };
  addEventListener("keyup", (event) => letGo(event.key));
  addEventListener("blur", () => [...held.keys()].forEach(letGo));
}
