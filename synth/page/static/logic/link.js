// A preset as a link.  name, seed, changed values <-> deflated JSON in base64url, which stands after "#link/".

/** @typedef {{name: string, seed: number, values: Record<string, number>}} Shared values by "layer.path" */

const VERSION = 1;

/** @param {Shared} shared @returns {Promise<string>} */
export async function packed({ name, seed, values }) {
  const short = Object.fromEntries(Object.entries(values).map(([path, value]) => [path, Number(value.toPrecision(6))]));
  const bytes = await through(
    new TextEncoder().encode(JSON.stringify([VERSION, name, seed, short])),
    new CompressionStream("deflate-raw"),
  );
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** @param {string} text @returns {Promise<Shared>} throws an Error that says what is wrong */
export async function unpacked(text) {
  let parts;
  try {
    const raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(raw, (character) => character.charCodeAt(0));
    parts = JSON.parse(new TextDecoder().decode(await through(bytes, new DecompressionStream("deflate-raw"))));
  } catch {
    throw new Error("This link is cut off or misspelt; ask for it again.");
  }
  if (!isShared(parts)) throw new Error("This link was made by another version of the page; reload it, or ask for a new one.");
  return { name: parts[1], seed: parts[2], values: parts[3] };
}

/** @param {any} parts @returns {boolean} */
function isShared(parts) {
  if (!Array.isArray(parts) || parts[0] !== VERSION || typeof parts[1] !== "string" || !Number.isSafeInteger(parts[2]))
    return false;
  return typeof parts[3] === "object" && parts[3] !== null && Object.values(parts[3]).every(Number.isFinite);
}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {CompressionStream | DecompressionStream} stream @returns {Promise<Uint8Array>} */
async function through(bytes, stream) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}
