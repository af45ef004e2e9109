"""Draw the picture of the display: what `synth play` shows while a preset sounds.

python docs/pictures/live.py            writes docs/pictures/live.svg
python docs/pictures/live.py 60 20      prints that many columns and rows to the terminal
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme

from synth.cli.terminal.display import view
from synth.live.status import Ear, Sender, Source, Status

WIDTH, HEIGHT = 100, 30
THEME = TerminalTheme((16, 19, 22), (184, 196, 204), [(0, 0, 0)] * 8, [(120, 120, 120)] * 8)
SAMPLE = Status(
    preset="bowls_far_breath_near",
    scene="rain nearer",
    morph=0.62,
    is_held=True,
    seconds=5025,
    recording="night.wav",
    recorded_s=4990,
    device="JACK (synth)",
    block_frames=256,
    latency_ms=7.9,
    left=Ear(-14.2, 52),
    right=Ear(-9.1, 55),
    limiter_db=-0.6,
    load_mean=0.041,
    load_p999=0.12,
    late_events=2,
    voices=14,
    emitters=342,
    dose_share=0.31,
    time_left_s=19300,
    calibration="100 dBA at full scale assumed",
    midi_ports=("Launchkey Mini MK3",),
    last_midi="CC 21 50%, channel 1, Launchkey Mini MK3",
    streams=(Sender("heart", "driving", 1.1, 0.4, 0.03, 0),),
    tempo_hz=1.25,
    sources=(
        Source("left nails", 80, 0, 0.12, -14),
        Source("breath", -95, -5, 0.1, -9),
        Source("bowl", 25, 10, 1.2, -26),
        Source("second bowl", -150, 0, 2.5, -32),
        Source("rain on the tent", 170, 55, 0.6, -38),
        Source("letter", -40, -35, 0.3),
    ),
    scenes=("bowls", "breath", "rain nearer"),
    messages=("MIDI: Launchkey Mini MK3 is there", "saved as bowls_and_breath-saved.toml"),
)


def main() -> None:
    """Write the picture, or print it in the size that the command line asks for."""
    if len(sys.argv) == 3:
        Console(color_system="truecolor").print(view(SAMPLE, int(sys.argv[1]), int(sys.argv[2])), end="")
        return
    console = Console(record=True, file=io.StringIO(), width=WIDTH, color_system="truecolor", force_terminal=True)
    console.print(view(SAMPLE, WIDTH, HEIGHT), end="", crop=False)
    svg = console.export_svg(title=f"synth play {SAMPLE.preset}", theme=THEME, unique_id="live")
    (Path(__file__).parent / "live.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
