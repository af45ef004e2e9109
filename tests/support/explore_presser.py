"""A listener with headphones and a controller, as a JACK client of its own: python -m tests.support.explore_presser.

Says "open" when he is there; hears at presser:ear, presses at presser:hand; ends with stdin.
"""

from __future__ import annotations

import sys

from tests.support.jack_presser import Presser

RATE = 48000
REACTION_S, HELD_S = 0.2, 0.2


def main() -> None:
    presser = Presser(threshold=0.004, reaction=round(REACTION_S * RATE), rest=round(0.3 * RATE), held=round(HELD_S * RATE))
    sys.stdout.write("open\n")
    sys.stdout.flush()
    sys.stdin.read()
    presser.close()


if __name__ == "__main__":
    main()
