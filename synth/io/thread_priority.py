"""Real-time priority for threads that must not be late, where the system grants it."""

from __future__ import annotations

import os

AUDIO, MIDI = 60, 30
"""The audio thread goes before the one that fetches MIDI; both before everything that computes."""
HINT = "no real-time priority for the audio thread: on Linux allow it with a line '@audio - rtprio 90' in /etc/security/limits.d"


def raise_priority(thread: int, priority: int) -> bool:
    """Give a thread real-time priority; whether it has it, or the system knows no such thing.

    Parameters
    ----------
    thread : its number in the system; 0: the one that calls.
    priority : 1 .. 99; a thread that has real-time priority already keeps its own.
    """
    if not hasattr(os, "sched_setscheduler"):
        return True
    try:
        if os.sched_getscheduler(thread) & ~os.SCHED_RESET_ON_FORK == os.SCHED_OTHER:
            os.sched_setscheduler(thread, os.SCHED_FIFO, os.sched_param(priority))
    except PermissionError:
        return False
    except OSError:
        return True  # the thread has ended
    return True
