"""Mute and solo: which layers a performer wants to hear.  layer's name -> switched -> each layer audible or not."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from synth.engine.engine import Engine
from synth.engine.layer import Layer
from synth.parameters.errors import unknown


class LayerSwitches:
    """What is muted and soloed of the layers of one preset.

    Attributes
    ----------
    muted, soloed : names of layers. If any is soloed, only those are heard; what is muted never is.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._layers: Mapping[str, Layer] = {}
        self._names: Collection[str] = ()
        self.muted: set[str] = set()
        self.soloed: set[str] = set()

    def begin(self, layers: Mapping[str, Layer], others: Collection[str] = ()) -> None:
        """Take other layers, all audible; `others`: names that can be switched though nobody hears them here."""
        self._layers, self._names = layers, {*layers, *others}
        self.muted.clear()
        self.soloed.clear()

    def mute(self, name: str) -> None:
        """Mute a layer, or no longer; raises `InputError` if there is none of this name."""
        self._switch(self.muted, name)

    def solo(self, name: str) -> None:
        """Solo a layer, or no longer; raises `InputError` if there is none of this name."""
        self._switch(self.soloed, name)

    def _switch(self, switched: set[str], name: str) -> None:
        if name not in self._names:
            raise unknown("layer", name, self._names)
        switched ^= {name}
        for each, layer in self._layers.items():
            self._engine.mute(layer, each in self.muted or (bool(self.soloed) and each not in self.soloed))
