// Web MIDI: every input that is there or comes later -> bytes.

export class MidiInputs {
  /** @param {(bytes: Uint8Array) => void} act */
  constructor(act) {
    this.act = act;
  }

  /** @param {(names: string[]) => void} tell of the inputs, now and whenever they change */
  async open(tell) {
    const access = await navigator.requestMIDIAccess();
    const attend = () => {
      const inputs = [...access.inputs.values()].filter((input) => input.state === "connected");
      for (const input of inputs) input.onmidimessage = ({ data }) => data && this.act(data);
      tell(inputs.map((input) => input.name ?? "a controller"));
    };
    access.onstatechange = attend;
    attend();
  }
}
