// A status frame of the served page, taken apart: HEAD, LAYER records, EVENT records, as `synth/page/frame.py` has them.

const VERSION = 1;
const HEAD_BYTES = 48;
const LAYER_BYTES = 20;
const EVENT_BYTES = 16;

/** @param {number} square */
const decibels = (square) => 10 * Math.log10(Math.max(square, 1e-12));

/** @param {DataView} view @param {number} at where x, y, z stand */
function placeAt(view, at) {
  const [x, y, z] = [0, 4, 8].map((byte) => view.getFloat32(at + byte, true));
  const distance_m = Math.hypot(x, y, z);
  const elevation = distance_m ? Math.asin(Math.min(Math.max(z / distance_m, -1), 1)) : 0;
  return { azimuth_deg: (Math.atan2(y, x) * 180) / Math.PI, elevation_deg: (elevation * 180) / Math.PI, distance_m };
}

/**
 * What a frame says: a status as a face shows it, and the number of the preset that it is of.
 * @param {DataView} view
 */
export function statusOf(view) {
  const version = view.getUint16(0, true);
  if (version !== VERSION)
    throw new Error(`The instrument speaks another version (${version}) than this page (${VERSION}); reload the page.`);
  const count = view.getUint16(2, true);
  const [sample_rate, cpu, left, right, weighted, gain] = [24, 28, 32, 36, 40, 44].map((at) => view.getFloat32(at, true));
  const frame = view.getFloat64(16, true);
  const layers = [];
  let at = HEAD_BYTES + LAYER_BYTES * count;
  for (let n = 0; n < count; n++) {
    const layer = HEAD_BYTES + LAYER_BYTES * n;
    const events = [];
    for (let waiting = view.getUint32(layer + 16, true); waiting > 0; waiting--, at += EVENT_BYTES) {
      events.push({ ...placeAt(view, at), level: decibels(view.getFloat32(at + 12, true)) });
    }
    layers.push({ ...placeAt(view, layer), level_db: decibels(view.getFloat32(layer + 12, true)), events });
  }
  return {
    preset: view.getUint32(8, true),
    frame,
    seconds: sample_rate ? frame / sample_rate : 0,
    peak_db: [decibels(left * left), decibels(right * right)],
    loudness: decibels(weighted),
    limiter_db: 20 * Math.log10(Math.max(gain, 1e-6)),
    missed_blocks: view.getUint32(12, true),
    cpu,
    layers,
  };
}

export const NOTHING = {
  preset: 0,
  frame: 0,
  seconds: 0,
  peak_db: [-120, -120],
  loudness: -120,
  limiter_db: 0,
  missed_blocks: 0,
  cpu: 0,
  layers: /** @type {any[]} */ ([]),
};
