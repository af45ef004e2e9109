"""OpenAL Soft's HRTF renderer as a peer, through ctypes.

looping mono noise buffers -> sources at places -> HRTF mixer -> loopback device -> (frames, 2) float32

The loopback extension (ALC_SOFT_loopback) renders on demand in the calling thread: no sound card, no thread, no clock.
The user's own configuration is kept out by a configuration file of our own; effects, output limiter and Doppler are off, the
resampler has nothing to do (buffers are at the device's rate): the renderer is measured at its cheapest.

Constants are those of `AL/al.h`, `AL/alc.h` and `AL/alext.h`.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import math
import os
import tempfile
import time
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.timing import PeerMissing

INSTALL = "OpenAL Soft is missing: apt-get install libopenal1"

_NONE, _TRUE = 0, 1
_ALC_FREQUENCY, _ALC_MONO_SOURCES, _ALC_STEREO_SOURCES = 0x1007, 0x1010, 0x1011
_ALC_FORMAT_CHANNELS_SOFT, _ALC_FORMAT_TYPE_SOFT, _ALC_STEREO_SOFT, _ALC_FLOAT_SOFT = 0x1990, 0x1991, 0x1501, 0x1406
_ALC_HRTF_SOFT, _ALC_HRTF_STATUS_SOFT, _ALC_HRTF_SPECIFIER_SOFT, _ALC_HRTF_ENABLED_SOFT = 0x1992, 0x1993, 0x1995, 1
_ALC_OUTPUT_LIMITER_SOFT = 0x199A
_AL_POSITION, _AL_LOOPING, _AL_BUFFER, _AL_GAIN = 0x1004, 0x1007, 0x1009, 0x100A
_AL_SOURCE_STATE, _AL_PLAYING, _AL_VERSION = 0x1010, 0x1012, 0xB002
_AL_FORMAT_MONO_FLOAT32 = 0x10010

_CONFIGURATION = "[general]\nhrtf = true\nhrtf-mode = full\n"


_FOLDER = tempfile.TemporaryDirectory(prefix="peer_openal_")  # holds the configuration as long as the library may read it


@cache
def _load(library: str | None, hrtf: str | None) -> ctypes.CDLL:
    """Load the library under a configuration of our own and declare the argument types that ctypes cannot guess."""
    configuration = Path(_FOLDER.name) / "alsoft.conf"
    configuration.write_text(_CONFIGURATION + (f"default-hrtf = {hrtf}\n" if hrtf else ""))
    os.environ.update(ALSOFT_CONF=str(configuration), ALSOFT_LOGLEVEL="0")
    try:
        al = ctypes.CDLL(library or ctypes.util.find_library("openal") or "libopenal.so.1")
    except OSError as error:
        raise PeerMissing(INSTALL) from error
    pointer, integer, real = ctypes.c_void_p, ctypes.c_int, ctypes.c_float
    prototypes = {
        "alcLoopbackOpenDeviceSOFT": (pointer, [ctypes.c_char_p]),
        "alcCreateContext": (pointer, [pointer, pointer]),
        "alcMakeContextCurrent": (ctypes.c_ubyte, [pointer]),
        "alcDestroyContext": (None, [pointer]),
        "alcCloseDevice": (ctypes.c_ubyte, [pointer]),
        "alcGetIntegerv": (None, [pointer, integer, integer, pointer]),
        "alcGetString": (ctypes.c_char_p, [pointer, integer]),
        "alcRenderSamplesSOFT": (None, [pointer, pointer, integer]),
        "alDeferUpdatesSOFT": (None, []),
        "alProcessUpdatesSOFT": (None, []),
        "alGetString": (ctypes.c_char_p, [integer]),
        "alGetError": (integer, []),
        "alGenSources": (None, [integer, pointer]),
        "alGenBuffers": (None, [integer, pointer]),
        "alDeleteSources": (None, [integer, pointer]),
        "alDeleteBuffers": (None, [integer, pointer]),
        "alBufferData": (None, [ctypes.c_uint, integer, pointer, integer, integer]),
        "alSourcei": (None, [ctypes.c_uint, integer, integer]),
        "alSourcef": (None, [ctypes.c_uint, integer, real]),
        "alSource3f": (None, [ctypes.c_uint, integer, real, real, real]),
        "alGetSource3f": (None, [ctypes.c_uint, integer, pointer, pointer, pointer]),
        "alGetSourcei": (None, [ctypes.c_uint, integer, pointer]),
        "alSourcePlayv": (None, [integer, pointer]),
    }
    for name, (result, arguments) in prototypes.items():
        function = getattr(al, name, None)
        if function is None:
            raise PeerMissing(f"{al._name} has no {name}: OpenAL Soft 1.17 or later is needed")
        function.restype, function.argtypes = result, arguments
    return al


def positions(places: np.ndarray) -> np.ndarray:
    """Turn places into OpenAL's coordinates: x right, y up, -z front.

    Parameters
    ----------
    places
        (sources, 3): azimuth_deg (0 front, +90 left), elevation_deg, distance_m.

    Returns
    -------
    ndarray
        (sources, 3) metres.
    """
    azimuth, elevation = np.radians(places[:, 0]), np.radians(places[:, 1])
    level = places[:, 2] * np.cos(elevation)
    return np.stack((-level * np.sin(azimuth), places[:, 2] * np.sin(elevation), -level * np.cos(azimuth)), axis=1)


class OpenAL:
    """A loopback device with HRTF on and one looping source per row of `noise`.

    Parameters
    ----------
    noise
        (sources, frames) float32: what each source loops.
    sample_rate
        Hz.
    quantum
        Frames rendered per call.
    library
        Path of another libopenal; None takes the installed one.
    hrtf
        Name of one of its HRTF sets; None takes its default. The same for all in one process.

    Raises
    ------
    PeerMissing
        The library is missing, or HRTF is not on, or not every source plays.
    """

    def __init__(
        self,
        noise: np.ndarray,
        sample_rate: int = 48000,
        quantum: int = 64,
        library: str | None = None,
        hrtf: str | None = None,
    ) -> None:
        self._al = al = _load(library, hrtf)
        self.sources, self.quantum = len(noise), quantum
        self.out = np.zeros((quantum, 2), np.float32)
        self._device = al.alcLoopbackOpenDeviceSOFT(None)
        if not self._device:
            raise PeerMissing("OpenAL Soft opens no loopback device")
        attributes = (_ALC_FREQUENCY, sample_rate, _ALC_FORMAT_CHANNELS_SOFT, _ALC_STEREO_SOFT)
        attributes += (_ALC_FORMAT_TYPE_SOFT, _ALC_FLOAT_SOFT, _ALC_HRTF_SOFT, _TRUE, _ALC_OUTPUT_LIMITER_SOFT, _NONE)
        attributes += (_ALC_MONO_SOURCES, self.sources, _ALC_STEREO_SOURCES, 0, _NONE)
        self._context = al.alcCreateContext(self._device, (ctypes.c_int * len(attributes))(*attributes))
        if not self._context or not al.alcMakeContextCurrent(self._context):
            raise PeerMissing("OpenAL Soft makes no 48 kHz stereo float context")
        self.version = al.alGetString(_AL_VERSION).decode()
        self._check_hrtf(hrtf)
        self._make_sources(noise, sample_rate)

    def _check_hrtf(self, wanted: str | None) -> None:
        status = ctypes.c_int(-1)
        self._al.alcGetIntegerv(self._device, _ALC_HRTF_STATUS_SOFT, 1, ctypes.byref(status))
        self.hrtf_status = status.value
        self.hrtf_name = (self._al.alcGetString(self._device, _ALC_HRTF_SPECIFIER_SOFT) or b"").decode()
        if self.hrtf_status != _ALC_HRTF_ENABLED_SOFT:
            status_text = f"ALC_HRTF_STATUS_SOFT {self.hrtf_status}"
            raise PeerMissing(f"OpenAL Soft renders without HRTF ({status_text}): apt-get install libopenal-data")
        if wanted and wanted != self.hrtf_name:
            raise PeerMissing(f"OpenAL Soft has no HRTF set '{wanted}' for this sample rate; it took '{self.hrtf_name}'")

    def _make_sources(self, noise: np.ndarray, sample_rate: int) -> None:
        al, count = self._al, self.sources
        self._sources, self._buffers = (ctypes.c_uint * count)(), (ctypes.c_uint * count)()
        al.alGenSources(count, self._sources)
        al.alGenBuffers(count, self._buffers)
        for source, buffer, row in zip(self._sources, self._buffers, noise, strict=True):
            samples = np.ascontiguousarray(row, np.float32)
            al.alBufferData(buffer, _AL_FORMAT_MONO_FLOAT32, samples.ctypes.data, samples.nbytes, sample_rate)
            al.alSourcei(source, _AL_BUFFER, buffer)
            al.alSourcei(source, _AL_LOOPING, _TRUE)
            al.alSourcef(source, _AL_GAIN, 1 / math.sqrt(count))
        al.alSourcePlayv(count, self._sources)
        error, playing = al.alGetError(), self.playing()
        if error or playing != count:
            raise PeerMissing(f"OpenAL Soft plays {playing} of {count} sources (error {error:#x})")

    def playing(self) -> int:
        """Return how many sources play."""
        state, count = ctypes.c_int(), 0
        for source in self._sources:
            self._al.alGetSourcei(source, _AL_SOURCE_STATE, ctypes.byref(state))
            count += state.value == _AL_PLAYING
        return count

    def position(self, index: int) -> tuple[float, float, float]:
        """Return where the library says that a source is, in metres."""
        x, y, z = ctypes.c_float(), ctypes.c_float(), ctypes.c_float()
        self._al.alGetSource3f(self._sources[index], _AL_POSITION, ctypes.byref(x), ctypes.byref(y), ctypes.byref(z))
        return x.value, y.value, z.value

    def move(self, places: np.ndarray) -> float:
        """Move every source in one deferred update and return the seconds that the Python loop over `alSource3f` took.

        Parameters
        ----------
        places
            (sources, 3): azimuth_deg, elevation_deg, distance_m.
        """
        al, set_position = self._al, self._al.alSource3f
        rows = positions(places).tolist()
        start = time.perf_counter()
        al.alDeferUpdatesSOFT()
        for source, (x, y, z) in zip(self._sources, rows, strict=True):
            set_position(source, _AL_POSITION, x, y, z)
        return time.perf_counter() - start

    def apply(self) -> float:
        """Hand the deferred positions to the mixer and return the seconds it took."""
        start = time.perf_counter()
        self._al.alProcessUpdatesSOFT()
        return time.perf_counter() - start

    def render(self) -> float:
        """Render one quantum into `out` and return the seconds it took."""
        address = self.out.ctypes.data
        start = time.perf_counter()
        self._al.alcRenderSamplesSOFT(self._device, address, self.quantum)
        return time.perf_counter() - start

    def close(self) -> None:
        """Delete the sources, the context and the device."""
        al = self._al
        al.alDeleteSources(self.sources, self._sources)
        al.alDeleteBuffers(self.sources, self._buffers)
        al.alcMakeContextCurrent(None)
        al.alcDestroyContext(self._context)
        al.alcCloseDevice(self._device)


def evidence(sample_rate: int = 48000, library: str | None = None, hrtf: str | None = None) -> dict[str, object]:
    """Measure on one noise source that the output is binaural and follows the source.

    Panning gives no difference in time between the ears; an HRTF gives about 0.7 ms for a source at the side. The source is put
    at the left and then, while it plays, carried round the back to the right.

    Returns
    -------
    dict
        `left_lag_ms` and `right_lag_ms` (how much later the right ear hears it), `left_db` and `right_db` (left over right
        level), the status, the set's name and the version.
    """
    noise = 0.1 * np.random.default_rng(1).standard_normal((1, sample_rate)).astype(np.float32)
    peer = OpenAL(noise, sample_rate, library=library, hrtf=hrtf)
    found: dict[str, object] = {"version": peer.version, "hrtf_status": peer.hrtf_status, "hrtf": peer.hrtf_name}
    for name, azimuths_deg in (("left", [90.0] * 200), ("way", np.linspace(90, 270, 400)), ("right", [270.0] * 200)):
        blocks = [_at(peer, azimuth_deg) for azimuth_deg in azimuths_deg]
        if name != "way":
            found[f"{name}_lag_ms"], found[f"{name}_db"] = _between_ears(np.concatenate(blocks[8:]), sample_rate)
    peer.close()
    return found


def _at(peer: OpenAL, azimuth_deg: float) -> np.ndarray:
    peer.move(np.array([[azimuth_deg, 0, 0.3]]))
    peer.apply()
    peer.render()
    return peer.out.copy()


def _between_ears(sound: np.ndarray, sample_rate: int) -> tuple[float, float]:
    """Return how much later (ms) and how much weaker (dB) the right ear hears a sound (frames, 2)."""
    spectrum = np.fft.rfft(sound, 2 * len(sound), axis=0)
    correlation = np.fft.irfft(spectrum[:, 1] * spectrum[:, 0].conj())
    lags = np.arange(-60, 61)
    level = np.sqrt(np.mean(sound.astype(float) ** 2, axis=0))
    return float(lags[np.argmax(correlation[lags])]) / sample_rate * 1000, float(20 * np.log10(level[0] / level[1]))
