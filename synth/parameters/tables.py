"""What every layer, every note and the master have: their parameters, in the order of their slots."""

from __future__ import annotations

from synth.parameters.parameter import Parameter

PLACE_PARAMETERS = (
    Parameter("azimuth_deg", -360, 360, 0, "deg", smoothing_s=0.05, doc="0 front, 90 left, -90 right"),
    Parameter("elevation_deg", -90, 90, 0, "deg", smoothing_s=0.05, doc="90 overhead"),
    Parameter("distance_m", 0.05, 50, 0.3, "m", curve="exp", smoothing_s=0.05, doc="from the head's centre"),
)
LAYER_PARAMETERS = (*PLACE_PARAMETERS, Parameter("level_db", -120, 24, 0, "db", doc="-120: off"))
"""What every layer has beside its trigger's own."""

NOTE_PARAMETERS = {
    "pitch": Parameter("pitch", -60, 60, 0, "semitones"),
    "bend": Parameter("bend", -60, 60, 0, "semitones"),
    "pressure": Parameter("pressure"),
    "timbre": Parameter("timbre"),
}
VELOCITY = Parameter("velocity", default=0.7)
STEP = Parameter("step_db", -24, 24, 1, "db", doc="by how much the volume is turned")
SLEEP = Parameter("sleep_s", 0, 1e6, 0, "s", doc="until silence; 0: no timer")
RAMP = Parameter("ramp_s", 0, 86400, 0, "s")

MASTER_PARAMETERS = (
    Parameter("level_db", -120, 24, 0, "db", smoothing_s=0.05, doc="of everything, before the limiter"),
    Parameter("fade", 0, 1, 1, smoothing_s=0.05, doc="fade in and out"),
    Parameter("room_db", -60, 12, -12, "db", smoothing_s=0.05, doc="level of the room, if there is one"),
    Parameter("guard_db", -60, 0, 0, "db", smoothing_s=1, doc="how far safe listening has turned everything down"),
    Parameter("trim_db", -200, 200, 0, "db", doc="gain of a render that is to reach a loudness, before the limiter"),
    Parameter(
        "soften_db", 0, 12, 3, "db", smoothing_s=0.05, doc="how far everything dips around 5 kHz, where listeners like less"
    ),
    Parameter("volume_db", -60, 12, 0, "db", smoothing_s=0.05, doc="the listener's own; no preset, scene or stream sets it"),
    Parameter("tingle", 0, 1, 0, smoothing_s=0, doc="how strongly it tingles now, as the listener says; no sound changes by it"),
)
MASTER_TARGETS = {p.name: slot for slot, p in enumerate(MASTER_PARAMETERS) if p.name in ("level_db", "room_db", "soften_db")}
"""What streams, controllers and scenes can set on the master, by its slot; fades, guard, trim and volume are not for them."""
MASTER_PATHS = {name: MASTER_PARAMETERS[slot] for name, slot in MASTER_TARGETS.items()}
VOLUME = next(p for p in MASTER_PARAMETERS if p.name == "volume_db")
"""The listener's volume: beside those, hands alone move it."""
TINGLE = next(p for p in MASTER_PARAMETERS if p.name == "tingle")
"""The hold: how strongly it tingles now. Nothing reads it but whoever records it; hands alone move it."""
HAND_PATHS = {p.name: p for p in (VOLUME, TINGLE)}
"""What controllers move on the master beside `MASTER_PATHS`."""
AUDIBLE = Parameter("audible", 0, 1, 1, smoothing_s=0.05, doc="0: the layer is muted")
"""A layer's, beside all that can be set on it: what mute and solo turn."""
ROOM_T60 = Parameter("t60_s", 0.08, 0.6, 0.15, "s", doc="how long the room's sound takes to fall by 60 dB")
