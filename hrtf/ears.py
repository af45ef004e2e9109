"""Ears: a set of head-related impulse responses ready for rendering.

table -> Ears -> native record per sample rate
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from hrtf.table import Table


@dataclass(frozen=True, eq=False)
class Ears:
    """A set of ears.

    Attributes
    ----------
    name : str
    title, licence, citation : str
    hash : str
        Hash of the set's content: equal hashes render equal samples.
    table : Table
        Filters, weights and delays, see `hrtf.analysis.tables`.
    remarks : tuple of str
        What was not as the SOFA file says, or was filled in; one line each.
    """

    name: str
    title: str
    licence: str
    citation: str
    hash: str
    table: Table
    _made: dict[float, Any]
    remarks: tuple[str, ...] = ()

    def native(self, sample_rate: float = 48000) -> npt.NDArray[np.void]:
        """Return the EARS record (1,) for the kernels, the same one every time.

        Its tables live as long as it or these ears; whoever copies the record keeps one of the two.

        Raises
        ------
        ValueError
            Sample rate outside 32000 .. 192000 Hz.
        """
        from hrtf.kernels.tables import native

        key = float(sample_rate)
        if key not in self._made:
            self._made[key] = native(self.table, key)
        record: npt.NDArray[np.void] = self._made[key]
        return record

    def base_delay_frames(self, sample_rate: float = 48000) -> int:
        """Return the constant delay of the ears: that of the head's centre, in frames."""
        return int(self.native(sample_rate)[0]["base_delay_frames"])

    def impulse_response(
        self, azimuth_deg: float, elevation_deg: float, distance_m: float, sample_rate: float = 48000
    ) -> npt.NDArray[np.float32]:
        """Return the response of a source at rest, as rendered, delays and the base delay included.

        Parameters
        ----------
        azimuth_deg : float, 0 front, +90 left
        elevation_deg : float
        distance_m : float
            From the head's centre; nearer than 1 cm from the surface counts as 1 cm.

        Returns
        -------
        float32 (2, taps), left and right; frame `base_delay_frames` is the arrival at the head's centre
        """
        from hrtf.kernels.render import impulse_response

        return impulse_response(self.native(sample_rate), azimuth_deg, elevation_deg, distance_m)
