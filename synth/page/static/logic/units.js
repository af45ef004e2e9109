// Names and numbers for people.  path, value, unit -> "rain intensity", "3.5 mm/h".

/** How a unit of the registry is written. */
const WRITTEN = {
  s: "s",
  ms: "ms",
  hz: "Hz",
  db: "dB",
  deg: "°",
  m: "m",
  cm: "cm",
  mm: "mm",
  m_s: "m/s",
  semitones: "semitones",
  degrees: "steps",
  n: "",
  bpm: "bpm",
  l_min: "l/min",
  mm_h: "mm/h",
  per_s: "/s",
};

/** @param {number} value @returns {string} three digits that matter, a true minus */
export function figure(value) {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  const text = String(Number(value.toFixed(digits)));
  return text.replace("-", "−");
}

/** @param {number} value @param {string} unit @returns {string} */
export function withUnit(value, unit) {
  const written = WRITTEN[/** @type {keyof typeof WRITTEN} */ (unit)] ?? unit;
  if (unit === "hz" && Math.abs(value) >= 1000) return `${figure(value / 1000)} kHz`;
  return written === "°" ? `${figure(value)}°` : written ? `${figure(value)} ${written}` : figure(value);
}

/** @param {ParameterView} parameter @param {number} value @returns {string} */
export function shown(parameter, value) {
  if (parameter.choices) return spoken(parameter.choices[Math.round(value)] ?? "–");
  return withUnit(value, parameter.unit);
}

/** @param {string} name @returns {string} */
export const spoken = (name) => name.replaceAll("_", " ");

/** A path without its group and its unit: "gesture.rate_hz" -> "rate". @param {string} path @param {string} unit */
export function label(path, unit) {
  const name = path.slice(path.lastIndexOf(".") + 1);
  return spoken(unit && name.endsWith(`_${unit}`) ? name.slice(0, -unit.length - 1) : name);
}

/** @param {number} seconds @returns {string} "1 h 05", "2 h", "12 min", "40 s" */
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.ceil(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest ? ` ${String(rest).padStart(2, "0")}` : ""}`;
}
