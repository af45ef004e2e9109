"""What compiled code can reach: its optimised LLVM, function by function, from a root.

module text -> functions, constants -> everything called from the root -> what is not allowed on an audio thread
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

_NAME = r'@("[^"]+"|[\w.$-]+)'
_DEFINED = re.compile(rf"^define .*?{_NAME}\(")
_USED = re.compile(_NAME)
_CONSTANT = re.compile(rf"^{_NAME} = (?:internal|private|linkonce_odr|common|external)\b.*")
_ALLOWED = re.compile(
    r"llvm\.(?!.*(?:eh|throw))[\w.]+"  # instructions
    r"|a?(?:sin|cos|tan)h?f?|atan2f?|exp(?:2|m1)?f?|log(?:2|10|1p)?f?|powf?|sqrtf?|cbrtf?|hypotf?|fmodf?|l?ldexpf?"
    r"|floorf?|ceilf?|truncf?|rintf?|nearbyintf?|roundf?|fabsf?|copysignf?|fmaf?|erfc?f?|tgammaf?|lgammaf?"
    r"|mem(?:set|cpy|move)"
    r"|NRT_incref|NRT_decref|NRT_MemInfo_call_dtor"  # of arrays without an owner (`carray`): their counter is no address
)
_BENIGN_ERROR = "tuple index out of range"
"""What numba says wherever a variable indexes a constant table. It stores an address and returns; our indices are in range."""


@dataclass
class Module:
    """A module's functions with the names that each uses, and the text of its constants."""

    used: dict[str, set[str]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)

    def reachable(self, root: str) -> set[str]:
        """Return every name that the root can come to, constants' included."""
        todo, found = [root], {root}
        while todo:
            name = todo.pop()
            used = self.used.get(name) or set(_names(self.constants.get(name, "").partition("=")[2]))
            todo += used - found
            found |= used
        return found


def _names(text: str) -> list[str]:
    return [name.strip('"') for name in _USED.findall(text)]


def parsed(text: str) -> Module:
    """Return a module from its text."""
    module, function = Module(), ""
    for line in text.splitlines():
        if found := _DEFINED.match(line):
            function = found.group(1).strip('"')
            module.used[function] = set()
        elif line == "}":
            function = ""
        elif function:
            module.used[function] |= set(_names(line))
        elif found := _CONSTANT.match(line):
            module.constants[found.group(1).strip('"')] = line
    return module


def violations(library: Any, root: str) -> set[str]:
    """Return what a function can reach beside calculating: any foreign function, any exception, any object of Python's.

    Parameters
    ----------
    library : the numba code library that holds the function; code from the cache has its module for linking.
    root : the function's name. numba's two wrappers around it (`cpython.`, `cfunc.`) are not part of it: the one that C calls
        takes the GIL to print an error, if the function returns one.
    """
    text = str(library._get_module_for_linking())
    module = parsed(text)
    assert root in module.used, f"{root} is not in the module"
    found = set()
    for name in module.reachable(root):
        if name in module.used or _ALLOWED.fullmatch(name):
            continue
        constant = module.constants.get(name)
        if constant is None:
            found.add(name)  # declared, not defined: a function from outside
        elif "picklebuf" in name or "pickledata" in name:
            data = " ".join(module.constants[each] for each in module.reachable(name) if each in module.constants)
            if _BENIGN_ERROR not in data and ".sha1" not in name:
                found.add(data[-200:])
        elif "external" in constant and "NumbaEnv" not in name:
            found.add(name)
    return found


def of_kernel(dispatcher: Any) -> set[str]:
    """Return the violations of every compiled form of a kernel."""
    assert dispatcher.overloads
    return {each for result in dispatcher.overloads.values() for each in violations(result.library, result.fndesc.llvm_func_name)}


def of_callback(callback: Any) -> set[str]:
    """Return the violations of a `cfunc`."""
    return violations(callback._library, callback._wrapper_name.removeprefix("cfunc."))
