// What else: another performance, a link, a recording, whispered text, a controller.

import { h } from "../logic/dom.js";
import { packed } from "../logic/link.js";
import { wav } from "../logic/wav.js";
import { MidiInputs } from "../midi-inputs.js";
import { Part } from "./part.js";

export class MorePanel extends Part {
  /** @type {MidiInputs | undefined} */
  inputs;

  build() {
    const { session } = this;
    this.record = h(
      "button",
      { type: "button", class: "wide", "aria-pressed": "false", onclick: () => void this.toggleRecord() },
      "Record",
    );
    this.midi = h("button", { type: "button", class: "wide", onclick: () => void this.connect() }, "Connect a MIDI controller");
    this.controllers = h(
      "p",
      { class: "small" },
      "MIDI" in window || "requestMIDIAccess" in navigator
        ? "Keys strike, knobs move what the preset gives them."
        : "This browser has no Web MIDI; Chromium and Firefox have it.",
    );
    this.midi.disabled = !("requestMIDIAccess" in navigator);
    this.seed = h("span", { class: "small" });
    this.text = h("div");
    this.replaceChildren(
      row(
        "Another performance",
        "The same preset, played anew: no two are alike.",
        h("button", { type: "button", class: "wide", onclick: () => void session.another() }, "Play it anew"),
        this.seed,
      ),
      row(
        "A link",
        "Opens the same preset, the same performance, with what you changed.",
        h("button", { type: "button", class: "wide", onclick: () => void this.share() }, "Copy the link"),
      ),
      row(
        "A recording",
        session.player.sounds ? "What that machine plays, as a FLAC file." : "What you hear, as a WAV file.",
        this.record,
      ),
      this.whence(),
      this.text,
      row("A controller", "", this.midi, this.controllers),
    );
    this.on(session, "change", () => this.show());
    this.show();
  }

  /** A served page may offer the one that plays in the browser: the same preset goes on there. */
  whence() {
    const sounds = this.session.player.sounds ?? [];
    if (sounds.length < 2) return "";
    const choose = (/** @type {Event} */ { target }) => {
      const chosen = sounds[Number(/** @type {HTMLSelectElement} */ (target).value)];
      if (chosen) location.href = chosen.address + location.hash;
    };
    const names = sounds.map(({ from, device }) => (from === "browser" ? "In this browser" : `From that machine (${device})`));
    const options = names.map((name, index) => h("option", { value: String(index) }, name));
    return row("The sound", "", h("select", { "aria-label": "Where the sound comes from", onchange: choose }, ...options));
  }

  show() {
    const { session } = this;
    this.record?.setAttribute("aria-pressed", String(session.isRecording));
    if (this.record) this.record.textContent = session.isRecording ? "Stop and save" : "Record";
    if (this.seed) this.seed.textContent = `Performance ${session.seed}`;
    const speakers = session.player.speak
      ? session.layers.filter((layer) => session.player.catalogue.triggers[layer.trigger]?.speaks)
      : [];
    const key = speakers.map((layer) => layer.name).join();
    if (this.text && this.text.dataset.key !== key) {
      this.text.dataset.key = key;
      this.text.replaceChildren(speakers[0] ? this.whisper(speakers) : "");
    }
  }

  /** @param {LayerView[]} speakers */
  whisper(speakers) {
    const text = h("textarea", {
      rows: "3",
      "aria-label": "Words to whisper",
      placeholder: "close your eyes …",
      maxlength: "2000",
    });
    const who = h("select", { "aria-label": "Who whispers" }, ...speakers.map((layer) => h("option", {}, layer.name)));
    const say = async () => {
      try {
        if (text.value.trim()) await this.session.player.speak?.(who.value, text.value.trim());
      } catch (error) {
        this.session.say(error instanceof Error ? error.message : String(error));
      }
    };
    const button = h("button", { type: "button", class: "wide", onclick: () => void say() }, "Whisper it");
    return row("Words", "Typed in, whispered beside your ear.", text, speakers.length > 1 ? who : "", button);
  }

  async share() {
    const { session } = this;
    const url = new URL(
      `#link/${await packed({ name: session.name, seed: session.seed, values: session.changed })}`,
      location.href,
    ).href;
    try {
      await navigator.clipboard.writeText(url);
      session.say("The link is on your clipboard");
    } catch {
      history.replaceState(null, "", url);
      session.say("The link stands in the address bar");
    }
  }

  async toggleRecord() {
    const { session } = this;
    session.isRecording = !session.isRecording;
    const recording = await Promise.resolve(session.player.record(session.isRecording)).catch((error) => {
      session.isRecording = false;
      session.say(error instanceof Error ? error.message : String(error));
      return null;
    });
    if (recording === null) return this.show();
    if (recording && !session.isRecording) keep(recording, `${session.name}-${session.seed}.wav`);
    session.say(session.isRecording ? "Recording" : "The recording is saved");
    this.show();
  }

  async connect() {
    const { session } = this;
    try {
      this.inputs ??= new MidiInputs((bytes) => session.player.midi(bytes));
      await this.inputs.open((names) => {
        if (this.controllers)
          this.controllers.textContent = names.length ? names.join(", ") : "No controller is plugged in yet; it may come later.";
      });
    } catch {
      session.say("The browser did not allow MIDI: allow it in the site's settings");
    }
  }
}

/** @param {string} title @param {string} text @param {...import("../logic/dom.js").Child} children */
const row = (title, text, ...children) =>
  h("section", { class: "group" }, h("h3", {}, title), text && h("p", { class: "small" }, text), ...children);

/** @param {Recording | RecordedFile} recording @param {string} name if it has none */
function keep(recording, name) {
  if ("address" in recording) h("a", { href: recording.address, download: recording.name }).click();
  else save(wav(recording), name);
}

/** @param {Blob} blob @param {string} name */
function save(blob, name) {
  const href = URL.createObjectURL(blob);
  h("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000); // long after the browser has begun to save it
}

customElements.define("more-panel", MorePanel);
