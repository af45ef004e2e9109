// How fast a worker renders a preset: 128 frames at a time, as an AudioWorklet must.  {page, preset, ears, frames} -> seconds
onmessage = async ({ data: { page, preset, ears, frames } }) => {
  const from = (path) => new URL(path, page).href;
  const fetched = async (path) => (await fetch(from(path))).arrayBuffer();
  const { Engine, Machine } = await import(from("engine.js"));
  const { container, unpackedEars } = await import(from("decode.js"));
  const module = await WebAssembly.compile(await fetched("synth.wasm"));
  const engine = new Engine(new Machine(module, await unpackedEars(await fetched(`ears/${ears}.ears`), ears)));
  const snapshot = await container(await fetched(`presets/${preset}.preset`), preset);
  engine.load(snapshot);
  for (let at = 0; at < 48000; at += 128) engine.render(128); // the browser has compiled what is hot
  engine.load(snapshot);
  postMessage("begin");
  onmessage = () => {
    const begin = performance.now();
    for (let at = 0; at < frames; at += 128) engine.render(128);
    postMessage((performance.now() - begin) / 1e3);
  };
};
