"""Which port number a MIDI source has.  system, name -> key -> number; one that comes back finds its old number."""

from __future__ import annotations

from collections.abc import Collection

Key = tuple[str, str, int]  # system, lasting name, which of several with this name


def new_key(system: str, name: str, taken: Collection[Key]) -> Key:
    """Return the key of a new source: the first of its name that is not open."""
    which = 1
    while (system, name, which) in taken:
        which += 1
    return system, name, which


def key_name(key: Key) -> str:
    """Return what to call a source: its lasting name, and a number if others have that name."""
    return key[1] if key[2] == 1 else f"{key[1]} ({key[2]})"


def number_for(key: Key, numbers: dict[Key, int], in_use: Collection[Key], ports: int) -> int | None:
    """Return a source's port number and note it in `numbers`: its old one, a new one, or that of the source longest gone.

    None if all are in use.
    """
    if key not in numbers and len(numbers) == ports:
        forgotten = next((other for other in numbers if other not in in_use), None)
        if forgotten is None:
            return None
        numbers[key] = numbers.pop(forgotten)
    return numbers.setdefault(key, len(numbers))


def note_gone(key: Key, numbers: dict[Key, int]) -> None:
    """Move a source that went behind those that went earlier."""
    numbers[key] = numbers.pop(key)
