// A recording as a file.  two channels of samples -> RIFF WAVE, 24 bit.

const HEAD_BYTES = 44;
const LARGEST = 2 ** 23 - 1;

/** @param {Recording} recording @returns {Blob} */
export function wav({ left, right, sample_rate }) {
  const frames = Math.min(left.length, right.length);
  const view = new DataView(new ArrayBuffer(HEAD_BYTES + frames * 6));
  head(view, frames * 6, sample_rate);
  for (let frame = 0, at = HEAD_BYTES; frame < frames; frame++, at += 6) {
    put(view, at, left[frame]);
    put(view, at + 3, right[frame]);
  }
  return new Blob([view.buffer], { type: "audio/wav" });
}

/** @param {DataView} view @param {number} bytes @param {number} sample_rate */
function head(view, bytes, sample_rate) {
  const text = (/** @type {number} */ at, /** @type {string} */ word) =>
    [...word].forEach((letter, index) => view.setUint8(at + index, letter.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, HEAD_BYTES - 8 + bytes, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 2, true); // channels
  view.setUint32(24, sample_rate, true);
  view.setUint32(28, sample_rate * 6, true);
  view.setUint16(32, 6, true);
  view.setUint16(34, 24, true);
  text(36, "data");
  view.setUint32(40, bytes, true);
}

/** @param {DataView} view @param {number} at @param {number} sample */
function put(view, at, sample) {
  const value = Math.round(Math.min(Math.max(sample, -1), 1) * LARGEST);
  view.setUint16(at, value & 0xffff, true);
  view.setInt8(at + 2, value >> 16);
}
