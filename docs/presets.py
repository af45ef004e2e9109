"""Write presets.md: what ships in `presets/`, from the TOML files.  `--check`: only say whether it is current."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from synth.preset.library import load_preset, preset_names

PAGE = Path(__file__).with_suffix(".md")
_HEAD = """# Presets

Written by `python docs/presets.py` from `presets/*.toml`; do not edit.

Every preset plays for as long as it is asked to without repeating itself: gestures, drifts and events are drawn from the seed.
Another `--seed` is another performance of the same piece. All are levelled to about -27 LUFS.

| preset | title | what is heard | layers | tags |
|---|---|---|---|---|
"""
_FOOT = """
## A sound of your own

The trigger [`input`](triggers/input.md) plays a sound file, or what a microphone hears, at a place that moves like any other:

```toml
schema = 1
[[layer]]
name = "whisper"
trigger = "input"
sound = { file = "whisper.wav", loop = true }   # beside this preset; any format and rate, up to ten minutes, made mono
place = { azimuth_deg = 80, distance_m = 0.1 }
motion = { kind = "sweep", period_s = 12, span_deg = 160 }
[[layer]]
name = "microphone"
trigger = "input"
sound = { channel = 1 }                          # 1 or 2, live; what is meant if nothing is said
params = { gate_db = -45, low_cut_hz = 90 }
```

Each note plays a file from its beginning; without `loop` it is silent after its end. In a render a live channel is silent. What
comes in live is heard 64 frames and the engine's latency later. From Python, files are read before they are played:
`engine.load(preset, inputs=synth.inputs_of(preset, engine.sample_rate))`, or without a preset
`engine.add("input", input=synth.Input(sound=samples))`, (frames,) float32 at the engine's rate.
"""


def text() -> str:
    """Return the page."""
    return _HEAD + "".join(f"{_row(name)}\n" for name in preset_names()) + _FOOT


def _row(name: str) -> str:
    preset = load_preset(name)
    layers = ", ".join(f"{layer.name} ({layer.trigger})" for layer in preset.layers)
    cells = (f"`{name}`", preset.title, preset.description, layers, ", ".join(preset.tags))
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def main() -> int:
    """Write or check the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the page is not current")
    if parser.parse_args().check:
        is_current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == text()
        print(f"{PAGE.name}: {'current' if is_current else 'not current; run: python docs/presets.py'}")
        return 0 if is_current else 1
    PAGE.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
