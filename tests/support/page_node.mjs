// Render presets of an exported page in node, as a worklet would.  node page_node.mjs PAGE JOBS.json
//
// JOBS: [{preset, ears, seed, frames, out, begin: [event], events: [[frame, event]], midi: [[frame, bytes]]}]; out: f4, interleaved.
// Prints a JSON line for each: what the engine counted, and how long it took.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [page, jobs] = process.argv.slice(2);
const from = (name) => import(pathToFileURL(join(page, name)));
const { Engine, Machine } = await from("engine.js");
const { container, unpackedEars } = await from("decode.js");
const BLOCK = 128;

const bytes = (name) => new Uint8Array(readFileSync(join(page, name))).buffer;
const module = new WebAssembly.Module(bytes("synth.wasm"));

for (const job of JSON.parse(readFileSync(jobs, "utf8"))) {
  const machine = new Machine(module, await unpackedEars(bytes(`ears/${job.ears}.ears`), job.ears));
  const engine = new Engine(machine);
  engine.load(await container(bytes(`presets/${job.preset}.preset`), job.preset), job.seed);
  engine.push(...(job.begin ?? []));
  const events = job.events ?? [], midi = job.midi ?? [];
  const rendered = new Float32Array(2 * job.frames);
  const before = process.cpuUsage();
  for (let at = 0; at < job.frames; at += BLOCK) {
    for (const [frame, event] of events) if (frame === at) engine.push(event);
    for (const [frame, message] of midi) if (frame === at) engine.midi(message);
    const count = Math.min(BLOCK, job.frames - at);
    rendered.set(engine.render(count), 2 * at);
  }
  const cpu_s = process.cpuUsage(before).user / 1e6;
  if (job.out) writeFileSync(job.out, rendered);
  const counted = Object.fromEntries(["late", "dropped_events", "muted", "scrubbed", "sounding"].map((name) => [name, Number(machine.view.getBigInt64(engine.state + machine.at("STATE", name), true))]));
  console.log(JSON.stringify({ preset: job.preset, cpu_s, memory_bytes: machine.end, ...counted }));
}
