"""The command line: errors are one line on stderr and exit code 2; stopped by Ctrl-C is 130.

Signals are handled before anything else is imported.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress

from synth.cli.signals import signals

_FAILED = 2
_INTERRUPTED = 128 + 2  # what typer makes of a KeyboardInterrupt


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code.

    Parameters
    ----------
    arguments : the words after `synth`; None: those of this process.
    """
    with signals() as stop:
        from hrtf.errors import EarsError
        from synth.cli.commands import USAGE_ERROR, app
        from synth.io.files.sound_writer import Stopped
        from synth.parameters.errors import InputError

        try:
            words = sys.argv[1:] if arguments is None else list(arguments)
            code = app(args=words, prog_name="synth", standalone_mode=False, obj=stop)
            return _fail("stopped; no file was written", stop.code) if code == _INTERRUPTED else int(code or 0)
        except Stopped as error:
            return _fail(str(error), stop.code)
        except USAGE_ERROR as error:
            return _fail(error.format_message() or "say what to do; synth --help lists the commands")
        except BrokenPipeError:
            sys.stdout = None  # nobody reads any more
            return _FAILED
        except (InputError, EarsError, OSError, MemoryError) as error:
            return _fail(str(error) or type(error).__name__)


def _fail(message: str, code: int = _FAILED) -> int:
    from synth.parameters.errors import clean

    with suppress(OSError, AttributeError):  # the terminal is gone
        print("synth: " + clean(" ".join(message.split())), file=sys.stderr)  # noqa: T201
    return code
