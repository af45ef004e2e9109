"""Check that every dependency resolves to wheels on each supported Python.  pyproject -> markers -> pip --dry-run."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

VERSIONS = ("3.11", "3.12", "3.13", "3.14")
EXTRAS = ("ml",)


def requirements(version: str) -> list[str]:
    """Return what this project asks for on a Python version, without markers."""
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]
    extras = [project["optional-dependencies"][name] for name in EXTRAS]
    wanted = [Requirement(line) for lines in (project["dependencies"], *extras) for line in lines]
    chosen = [r for r in wanted if r.marker is None or r.marker.evaluate({"python_version": version})]
    return [f"{r.name}{r.specifier}" for r in chosen]


def main() -> int:
    """Return 1 if any version lacks a wheel."""
    failed = []
    for version in VERSIONS:
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--ignore-installed", "--only-binary=:all:"]
        command += ["--python-version", version, "--implementation", "cp", "--target", "unused", *requirements(version)]
        if subprocess.run(command, check=False).returncode:
            failed.append(version)
        print(f"CPython {version}: {'no wheels' if version in failed else 'wheels for everything'}", flush=True)
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
