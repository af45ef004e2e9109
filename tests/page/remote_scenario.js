// What a face does with the player of the served page: `before()`, then its server ends and another one begins, then `after()`.

import { Player } from "./player.js";

const LAYER = "left nails";
const PATIENCE_MS = 20_000;
const errors = [];
let player, other;

/** @param {() => unknown} holds */
async function until(holds, what = String(holds)) {
  const end = performance.now() + PATIENCE_MS;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export async function before(base = ".") {
  const said = {};
  [player, other] = await Promise.all([Player.open({ base }), Player.open({ base })]);
  player.addEventListener("error", (event) => errors.push(event.detail.message));

  said.presets = player.catalogue.presets.map((each) => each.name);
  said.layers = player.layers.map((each) => each.name);
  said.first = {
    name: player.name,
    isPlaying: player.isPlaying,
    tap: player.tap,
    sounds: player.sounds.map((each) => each.from),
  };

  player.set(LAYER, "hardness", 0.25);
  said.own = player.layers[0].parameters.hardness.value;
  await until(() => Math.abs(other.layers[0].parameters.hardness.value - 0.25) < 1e-6);
  other.set(LAYER, "hardness", 0.75); // while the first one's own hand still counts
  await until(() => Math.abs(player.layers[0].parameters.hardness.value - 0.75) < 1e-6);

  player.move(LAYER, { azimuth_deg: -90, elevation_deg: 0, distance_m: 0.5 });
  await until(() => Math.abs(player.status.layers[0]?.azimuth_deg + 90) < 0.1);
  said.place = player.status.layers[0];
  player.strike(LAYER, 1);
  await until(() => player.status.layers[0].events.length > 0);
  said.event = player.status.layers[0].events[0];
  player.release(LAYER);

  player.mute(LAYER, true);
  await until(() => other.layers[0].muted);
  player.solo(LAYER, true);
  player.solo(LAYER, false);
  player.volume_db = -9;
  await until(() => other.volume_db === -9);
  player.morph(...player.playing.scenes.slice(0, 2).map((each) => each.name), 0.5);
  player.scene(player.playing.scenes[0].name);
  await until(() => other.session.scene === player.playing.scenes[0].name);
  player.sleep(600);
  await until(() => other.session.sleep_s > 500);
  player.sleep(0);

  await player.newPerformance(42);
  await until(() => other.seed === 42);
  await player.record(true);
  await until(() => other.session.recording);
  player.strike(LAYER, 1);
  await until(() => player.status.layers[0].events.length > 0);
  const { name, address } = await player.record(false);
  const file = await fetch(address);
  said.recording = { name, isThere: file.ok, begins: (await file.text()).slice(0, 4) };

  await player.play("tap", { values: { "tap.hardness": 0.5 } });
  said.second = { name: player.name, hardness: player.layers[0].parameters.hardness.value };
  await until(() => other.name === "tap");
  await player.stop(0.5);
  await until(() => !other.isPlaying);
  await other.play("tap");
  await until(() => player.isPlaying);
  said.refused = await player.play("no such preset").catch((error) => error.message);
  return said;
}

export async function after() {
  await until(() => errors.some((message) => message.includes("gone")), "gone");
  await until(() => player.connection.isOpen && player.status.frame > 0, "back");
  await until(() => player.layers.length > 1, "told anew");
  return { back: player.name, errors };
}
