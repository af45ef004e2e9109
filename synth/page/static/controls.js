// What a hand does, as events of the engine: by layer and path, in the parameter's unit.  header, layout -> events

export class Controls {
  /** @param {any} header the preset's @param {any} layout the module's @param {number} sampleRate */
  constructor(header, layout, sampleRate) {
    this.layout = layout;
    this.sampleRate = sampleRate;
    this.header = header;
    this.layers = new Map(header.layers.map((/** @type {any} */ layer) => [layer.name, layer]));
  }

  /** @param {string} name */
  layer(name) {
    const found = this.layers.get(name);
    if (!found) throw new Error(`'${this.header.name}' has no layer '${name}'; it has ${[...this.layers.keys()].join(", ")}.`);
    return found;
  }

  /** The numbers of a layer, or of the master. @param {string} name @returns {Record<string, any>} */
  parameters(name) {
    return name === "master" && !this.layers.has(name) ? this.header.master : this.layer(name).parameters;
  }

  /** @param {number | undefined} ramp_s its own smoothing if left out */
  frames(ramp_s) {
    return ramp_s === undefined ? this.layout.constants.own_ramp : Math.round(ramp_s * this.sampleRate);
  }

  /** @param {any} parameter @param {string} where @param {number} value */
  #checked({ low, high }, where, value) {
    if (!Number.isFinite(value) || value < low || value > high)
      throw new Error(`${where} = ${value} is out of range; allowed: ${low} .. ${high}.`);
    return value;
  }

  /** @param {string} name a layer's, or "master" @param {string} path @param {number} value @param {number} [ramp_s] */
  set(name, path, value, ramp_s) {
    const { kinds, owners } = this.layout;
    const parameters = this.parameters(name);
    const parameter = parameters[path];
    if (!parameter) throw new Error(`'${name}' has no parameter '${path}'; it has ${Object.keys(parameters).join(", ")}.`);
    const change = {
      slot: parameter.slot,
      value: this.#checked(parameter, `${name}.${path}`, value),
      ramp_frames: this.frames(ramp_s),
      owner: owners.BY_PYTHON,
    };
    if (parameters === this.header.master) return { ...change, kind: kinds.MASTER };
    const { index, generation } = this.layer(name);
    return { ...change, kind: kinds.SET, layer: index, generation };
  }

  /** @param {string} name @param {number} velocity @param {number} note */
  strike(name, velocity, note) {
    const { index, generation } = this.layer(name);
    return {
      kind: this.layout.kinds.STRIKE,
      layer: index,
      generation,
      note,
      velocity: this.#checked({ low: 0, high: 1 }, "velocity", velocity),
    };
  }

  /** @param {string} name @param {number} note */
  release(name, note) {
    const { index, generation } = this.layer(name);
    return { kind: this.layout.kinds.RELEASE, layer: index, generation, note };
  }

  /** @param {string} name @param {boolean} isAudible */
  audible(name, isAudible) {
    const { index, generation } = this.layer(name);
    const { kinds, constants } = this.layout;
    return {
      kind: kinds.SET,
      layer: index,
      generation,
      slot: constants.audible_slot,
      value: Number(isAudible),
      ramp_frames: constants.own_ramp,
    };
  }

  /** One of the master's own numbers that no preset sets: fade, volume. @param {string} path @param {number} value @param {number} [ramp_s] */
  master(path, value, ramp_s) {
    return { kind: this.layout.kinds.MASTER, slot: this.layout.master[path], value, ramp_frames: this.frames(ramp_s) };
  }

  /** Glides that are held are forgotten, as when a scene is called. */
  forgetHeld() {
    return { kind: this.layout.kinds.HOLD, switch: this.layout.switches.FORGET };
  }

  /** @param {string} name */
  scene(name) {
    const found = this.header.scenes.find((/** @type {any} */ scene) => scene.name === name);
    if (!found)
      throw new Error(
        `'${this.header.name}' has no scene '${name}'; it has ${this.header.scenes.map((/** @type {any} */ each) => each.name).join(", ") || "none"}.`,
      );
    return found;
  }
}
