"""Black: how much of the time there is nothing, not even a room.  frames of 10 ms -> share under -75 and -90 dBFS.

A hand that touches and a room that is there never fall silent; a synthesizer between two events does.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from synth.analysis.frames import frame_power

_FRAME_S = 0.01
_LEVELS_DBFS = (75, 90)


def black(channels: npt.NDArray[np.float32], sample_rate: float) -> dict[str, float]:
    """Return `black_75_pct`, `black_90_pct`: the share of 10 ms frames whose RMS over all channels is so far below full scale.

    Parameters
    ----------
    channels : (frames, channels).
    """
    power = frame_power(channels, sample_rate, _FRAME_S)
    return {f"black_{level}_pct": float(100 * (power < 10 ** (-level / 10)).mean()) for level in _LEVELS_DBFS}
