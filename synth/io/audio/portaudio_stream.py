"""The sound card: a PortAudio stream whose callback is compiled code."""

from __future__ import annotations

from typing import Any

from synth.io.audio import portaudio
from synth.parameters.errors import InputError


def open_stream(
    device: str | int | None,
    sample_rate: float,
    inputs: int,
    block_frames: int,
    latency: str | float,
    function: Any,
    user_data: int,
) -> Any:
    """Open a stereo float32 output, with input from the same device if asked; not started.

    Parameters
    ----------
    device : name, part of a name, or number; None: the system's default.
    sample_rate : hertz.
    inputs : channels of live input; 0: none.
    block_frames : 0: whatever the host likes.
    latency : "low", "high" or seconds.
    function : a compiled `PaStreamCallback`; it and what `user_data` points to must live until the stream is closed.
    user_data : address handed to the callback.

    Raises
    ------
    InputError
        If there is no such device, or it cannot play this.
    """
    module = portaudio.portaudio()
    try:
        return module._StreamBase(
            kind="duplex" if inputs else "output",
            samplerate=sample_rate,
            blocksize=block_frames,
            device=device,
            channels=(inputs, 2) if inputs else 2,
            dtype="float32",
            latency=latency,
            callback=function.cffi,
            userdata=module._ffi.cast("void*", user_data),
            wrap_callback=None,
        )
    except (module.PortAudioError, ValueError) as error:
        reason = " ".join(str(error).split())
        if device is None and not portaudio.devices():
            raise InputError(
                f"no sound device is there; connect one, or start JACK; synth render needs none ({reason})"
            ) from None
        problem = f"device {'by default' if device is None else repr(device)} cannot be opened at {sample_rate:g} Hz: {reason}"
        raise InputError(f"{problem}; synth list devices shows what there is") from None
