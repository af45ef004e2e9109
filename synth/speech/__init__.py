"""Speech: text -> words -> phones -> lengths -> an array of PHONE, which a voice says.

`phones(text)` is the door, `spell(array)` its way back for people. How it works: docs/internals/speech.md.

Imports `synth.parameters.errors`, `synth.dsp.phone` and numpy.  Never imports the engine or a trigger, and is never imported
where nothing is to be said: its data are read at the first word.
"""

from __future__ import annotations

from synth.speech.phones import phones
from synth.speech.spell import spell

__all__ = ["phones", "spell"]
