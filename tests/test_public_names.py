"""The public names: there, lazy, and never replaced by a module."""

import importlib
import pkgutil
import subprocess
import sys
from types import ModuleType

import pytest

import hrtf
import synth


def test_no_module_replaces_a_public_name():
    for package in (synth, hrtf):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
        for name in package.__all__:
            value = getattr(package, name)
            home = importlib.import_module(package._HOMES[name])
            assert not isinstance(value, ModuleType), name
            assert value is getattr(home, name)


@pytest.mark.parametrize("package", [synth, hrtf])
def test_all_is_complete(package):
    assert set(package.__all__) == set(package._HOMES) <= set(dir(package))
    with pytest.raises(AttributeError, match="nothing_like_it"):
        _ = package.nothing_like_it


def test_importing_the_package_loads_nothing_heavy():
    code = "import sys, synth, hrtf; sys.exit(len({'numba', 'numpy', 'scipy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
