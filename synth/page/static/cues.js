// Cues on their way: what a preset changes by itself, and up to when that has been sent.  cues, frame -> events

/** Round as Python does: a half goes to the even neighbour. @param {number} value */
function rounded(value) {
  const low = Math.floor(value);
  const rest = value - low;
  if (rest !== 0.5) return rest < 0.5 ? low : low + 1;
  return low % 2 === 0 ? low : low + 1;
}

export class Cues {
  /** @param {{at_s: number, every_s: number, events: object[]}[]} cues @param {number} sampleRate */
  constructor(cues, sampleRate) {
    this.sampleRate = sampleRate;
    this.coming = cues.map((cue) => ({ cue, count: 0, frame: rounded(cue.at_s * sampleRate) }));
  }

  /** The events before frame `stop` that were not given yet, in order. @param {number} stop @returns {object[]} */
  before(stop) {
    const found = [];
    for (let next = this.#next(); next && next.frame < stop; next = this.#next()) {
      for (const event of next.cue.events) found.push({ ...event, frame: next.frame });
      this.#advance(next);
    }
    return found;
  }

  #next() {
    let first = null;
    for (const each of this.coming) if (!first || each.frame < first.frame) first = each;
    return first;
  }

  /** @param {{cue: {at_s: number, every_s: number}, count: number, frame: number}} each */
  #advance(each) {
    const { at_s, every_s } = each.cue;
    each.count += 1;
    each.frame = every_s ? rounded((at_s + each.count * every_s) * this.sampleRate) : Infinity;
  }
}
