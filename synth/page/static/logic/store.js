// What the browser keeps for the visitor: favourites, the night's list, the dose, settings.  key <-> JSON in localStorage.
// Where storage is forbidden it lasts as long as the page.

const PREFIX = "synth.";
/** @type {Map<string, string>} */
const meanwhile = new Map();

/** @template T @param {string} key @param {T} otherwise @returns {T} */
export function kept(key, otherwise) {
  try {
    const text = meanwhile.get(key) ?? localStorage.getItem(PREFIX + key);
    return text === null ? otherwise : JSON.parse(text);
  } catch {
    return otherwise;
  }
}

/** @param {string} key @param {unknown} value */
export function keep(key, value) {
  const text = JSON.stringify(value);
  try {
    localStorage.setItem(PREFIX + key, text);
  } catch {
    meanwhile.set(key, text);
  }
}
