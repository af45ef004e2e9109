// What an engine's memory says of itself: meters, and where each layer and each of its micro-events is.
//
// memory -> numbers (in the audio thread: one array, no objects) -> status (in the page)

const EVENTS = 48; // of a layer, at most
const HEAD = 9;
const LAYER = 5;
const EVENT = 4;
const SILENT = 1e-11; // mean square below which an emitter is not shown
const EAR_M = 0.09; // where what touches an ear is shown

/**
 * The numbers of a status: frame, missed blocks, share of the processor, two peaks, A-weighted mean square, limiter gain, sounding
 * voices, layers; of each layer x, y, z, mean square, events; of each event x, y, z, mean square.
 * @param {import("./engine.js").Engine} engine @param {number} missed @param {number} cpu @param {number} rows meter rows to look back
 */
export function measured(engine, missed, cpu, rows = 8) {
  const { machine, header } = engine;
  const view = machine.view;
  const found = [
    engine.frame,
    missed,
    cpu,
    ...meters(engine, view, rows),
    Number(view.getBigInt64(engine.state + machine.at("STATE", "sounding"), true)),
    header.layers.length,
  ];
  for (const { index } of header.layers) layer(engine, view, index, found);
  return Float64Array.from(found);
}

/**
 * The highest peaks, the mean A-weighted square of both ears and the lowest gain of the newest rows.
 * @param {import("./engine.js").Engine} engine @param {DataView} view @param {number} rows
 */
function meters(engine, view, rows) {
  const { machine, constants } = engine;
  const record = engine.state + machine.at("STATE", "meters");
  const written = Number(view.getBigInt64(record + machine.at("METERS", "written"), true));
  let left = 0,
    right = 0,
    square = 0,
    gain = 1,
    frames = 0;
  for (let n = Math.max(0, written - rows); n < written; n++) {
    const row = record + machine.at("METERS", "rows") + (n % constants.meter_rows) * machine.size("METER_ROW");
    const at = (/** @type {string} */ field, side = 0) => row + machine.at("METER_ROW", field) + 8 * side;
    const count = Number(view.getBigInt64(at("frames"), true));
    left = Math.max(left, view.getFloat64(at("peak"), true));
    right = Math.max(right, view.getFloat64(at("peak", 1), true));
    square += (count * (view.getFloat64(at("weighted"), true) + view.getFloat64(at("weighted", 1), true))) / 2;
    gain = Math.min(gain, view.getFloat64(at("gain"), true));
    frames += count;
  }
  return [left, right, frames ? square / frames : 0, gain];
}

/** @param {import("./engine.js").Engine} engine @param {DataView} view @param {number} index @param {number[]} found */
function layer(engine, view, index, found) {
  const { machine } = engine;
  const record = engine.state + machine.at("STATE", "layers") + index * machine.size("LAYER");
  const place = ["x_m", "y_m", "z_m"].map((axis) => view.getFloat64(record + machine.at("LAYER", axis), true));
  /** @type {number[]} */
  const events = [];
  const first = view.getInt32(record + machine.at("LAYER", "first_voice"), true);
  const count = view.getInt32(record + machine.at("LAYER", "voices"), true);
  const emitters = view.getInt32(record + machine.at("LAYER", "emitters"), true);
  let square = 0;
  for (let n = first; n < first + count; n++) {
    const voice = engine.state + machine.at("STATE", "voices") + n * machine.size("VOICE");
    if (!view.getInt32(voice + machine.at("VOICE", "life"), true)) continue;
    square += view.getFloat64(voice + machine.at("VOICE", "level"), true);
    emittersOf(engine, view, voice, emitters, events);
  }
  found.push(...place, square, events.length / EVENT, ...events);
}

/**
 * The emitters of a voice that sound.
 * @param {import("./engine.js").Engine} engine @param {DataView} view @param {number} voice @param {number} emitters @param {number[]} found
 */
function emittersOf(engine, view, voice, emitters, found) {
  const { machine, constants } = engine;
  const offset = (/** @type {string} */ field) =>
    engine.arena + Number(view.getBigInt64(voice + machine.at("VOICE", field), true));
  const slots = offset("emitters_at") + machine.at("EMITTERS", "slot"),
    points = offset("points_at");
  for (let n = 0; n < emitters && found.length < EVENT * EVENTS; n++) {
    const slot = slots + n * machine.size("SLOT"),
      point = points + n * machine.size("POINT");
    if (!view.getInt32(slot + machine.at("SLOT", "life"), true) || !view.getInt32(point + machine.at("POINT", "is_placed"), true))
      continue;
    const source = point + machine.at("POINT", "source");
    const route = view.getInt32(slot + machine.at("SLOT", "route"), true);
    const isInEars = route === constants.ears_route;
    const level = meanSquare(
      new Float32Array(view.buffer, source + (isInEars ? constants.past_at : constants.running_at), constants.quantum),
    );
    if (!(level > SILENT)) continue;
    const position = source + machine.at("SOURCE", "position_m");
    if (isInEars) found.push(...[0, 8, 16].map((byte) => view.getFloat64(position + byte, true)), level);
    else found.push(0, route === constants.left_route ? EAR_M : -EAR_M, 0, level);
  }
}

/** @param {Float32Array} samples */
function meanSquare(samples) {
  let total = 0;
  for (const sample of samples) total += sample * sample;
  return total / samples.length;
}

/** @param {number} square */
const decibels = (square) => 10 * Math.log10(Math.max(square, 1e-12));

/** @param {number} x @param {number} y @param {number} z */
function placeOf(x, y, z) {
  const distance_m = Math.hypot(x, y, z);
  const elevation = distance_m ? Math.asin(Math.min(Math.max(z / distance_m, -1), 1)) : 0;
  return { azimuth_deg: (Math.atan2(y, x) * 180) / Math.PI, elevation_deg: (elevation * 180) / Math.PI, distance_m };
}

/**
 * The status that numbers stand for: `loudness` is A-weighted, dB below a full-scale square; an event's `level` its mean square in dB.
 * @param {Float64Array} numbers @param {number} sampleRate
 */
export function statusOf(numbers, sampleRate) {
  const [frame, missed_blocks, cpu, left, right, square, gain, sounding, count] = numbers;
  const layers = [];
  for (let n = 0, at = HEAD; n < count; n++) {
    const [x, y, z, mean, eventCount] = numbers.subarray(at, at + LAYER);
    const events = [];
    for (let event = 0, from = at + LAYER; event < eventCount; event++, from += EVENT) {
      const [ex, ey, ez, level] = numbers.subarray(from, from + EVENT);
      events.push({ ...placeOf(ex, ey, ez), level: decibels(level) });
    }
    layers.push({ ...placeOf(x, y, z), level_db: decibels(mean), events });
    at += LAYER + EVENT * eventCount;
  }
  const peak_db = [decibels(left * left), decibels(right * right)];
  return {
    frame,
    seconds: frame / sampleRate,
    peak_db,
    loudness: decibels(square),
    limiter_db: 20 * Math.log10(Math.max(gain, 1e-6)),
    missed_blocks,
    cpu,
    sounding,
    layers,
  };
}

export const NOTHING = statusOf(new Float64Array(HEAD), 1);
