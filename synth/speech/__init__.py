"""Speech: a text as phones with lengths, which a voice says: words, a dictionary, word formation, letters, Klatt's lengths.

Imports parameters.errors, dsp.phone and numpy.
Never imports the engine or a trigger; reads no data before something is to be said.
"""

from __future__ import annotations

from synth.speech.phones import phones
from synth.speech.spell import spell

__all__ = ["phones", "spell"]
