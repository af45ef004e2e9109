// What was fetched, unpacked: containers, and the ears' table from its planes.  gzip -> header, pieces -> corners
//
// For a page, a worker and node; a worklet is given what comes out. `synth/page/container.py` and `predicted.py` pack it.

const GZIP = [0x1f, 0x8b];

/** @param {ArrayBuffer} buffer gzip, or what a server has unpacked already @returns {Promise<Uint8Array>} */
async function gunzipped(buffer) {
  const bytes = new Uint8Array(buffer);
  if (bytes[0] !== GZIP[0] || bytes[1] !== GZIP[1]) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * A container: its header, and what comes after it.
 * @param {ArrayBuffer} buffer @param {string} name for errors
 * @returns {Promise<{header: any, bytes: Uint8Array}>}
 */
export async function container(buffer, name) {
  try {
    const whole = await gunzipped(buffer);
    const begin = 4 + new DataView(whole.buffer, whole.byteOffset).getUint32(0, true);
    return { header: JSON.parse(new TextDecoder().decode(whole.subarray(4, begin))), bytes: whole.subarray(begin) };
  } catch (error) {
    throw new Error(
      `${name} is damaged or no file of this page (${error instanceof Error ? error.message : error}); reload the page.`,
      { cause: error },
    );
  }
}

/** A set of ears, ready for a machine. @param {ArrayBuffer} buffer @param {string} name */
export async function unpackedEars(buffer, name) {
  const { header, bytes } = await container(buffer, name);
  const pieces = wholePieces(header, bytes);
  restore(pieces.ears, header.corners, new Int32Array(pieces.taps.buffer), pieces.planes);
  return { header, pieces: { ears: pieces.ears } };
}

/** @param {any} header @param {Uint8Array} bytes @returns {Record<string, Uint8Array>} */
function wholePieces(header, bytes) {
  /** @type {Record<string, Uint8Array>} */
  const pieces = {};
  let at = 0;
  for (const [name, [stored, size]] of Object.entries(header.pieces)) {
    pieces[name] = new Uint8Array(size);
    pieces[name].set(bytes.subarray(at, at + stored));
    at += stored;
  }
  return pieces;
}

/** Write the table of corners. @param {Uint8Array} ears @param {any} corners @param {Int32Array} taps @param {Uint8Array} planes */
function restore(ears, { at, shape, bytes, columns, shift }, taps, planes) {
  const [directions, distances, sides] = shape;
  const row = sides * directions;
  const view = new DataView(ears.buffer, ears.byteOffset + at);
  const tapCount = taps.length / (columns.length * distances);
  let plane = 0;
  let inCorner = 0;
  columns.forEach((/** @type {number} */ size, /** @type {number} */ index) => {
    const column = unfolded(planes, plane, size, distances * row);
    for (let distance = distances - 1; distance >= 0; distance--) {
      const first = (index * distances + distance) * tapCount;
      predict(column, distance, distances, row, taps.subarray(first, first + tapCount), shift, size);
      for (let side = 0; side < sides; side++) {
        for (let direction = 0; direction < directions; direction++) {
          const value = column[distance * row + side * directions + direction];
          const byte = ((direction * distances + distance) * sides + side) * bytes + inCorner;
          if (size === 2) view.setInt16(byte, value, true);
          else view.setInt32(byte, value, true);
        }
      }
    }
    plane += size * distances * row;
    inCorner += size;
  });
}

/** Residuals from their planes of bytes. @param {Uint8Array} planes @param {number} at @param {number} size @param {number} count */
function unfolded(planes, at, size, count) {
  const column = new Int32Array(count);
  for (let n = 0; n < count; n++) {
    let folded = 0;
    for (let byte = 0; byte < size; byte++) folded |= planes[at + byte * count + n] << (8 * byte);
    column[n] = (folded >>> 1) ^ -(folded & 1);
  }
  return column;
}

/**
 * Turn a distance's residuals into its values, by those farther away. Sums stay below 2 ** 53, so they are exact.
 * @param {Int32Array} column @param {number} distance @param {number} distances @param {number} row @param {Int32Array} taps
 * @param {number} shift @param {number} size
 */
function predict(column, distance, distances, row, taps, shift, size) {
  const scale = 2 ** shift;
  const known = Math.min(taps.length, distances - 1 - distance);
  for (let n = distance * row; n < (distance + 1) * row; n++) {
    let total = scale / 2;
    for (let step = 1; step <= known; step++) total += taps[step - 1] * column[n + step * row];
    const value = Math.floor(total / scale) + column[n];
    column[n] = size === 2 ? (value << 16) >> 16 : value | 0;
  }
}
