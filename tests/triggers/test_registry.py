"""The registry: a broken trigger of another package is named, and takes nothing else down."""

from __future__ import annotations

import dataclasses
from importlib.metadata import EntryPoint, PathDistribution

import pytest

from synth import trigger
from synth.cli import listing, warm
from synth.cli.doctor import checkup
from synth.cli.main import main
from synth.parameters.errors import InputError
from synth.preset.library import load_preset
from synth.rt import kernel
from synth.trigger import TRIGGERS, Registry

BROKEN = {  # the module's text, and what is said
    "missing": ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
    "nothing": ("", "AttributeError: .*TRIGGER"),
    "raising": ("1 / 0", "ZeroDivisionError: division by zero"),
    "syntax": ("def", "SyntaxError: "),
    "other": ("TRIGGER = 3", "must hold a Trigger of that name"),
    "bad": ("from synth.trigger import TRIGGERS; import dataclasses\n"
            "TRIGGER = dataclasses.replace(TRIGGERS['tap'], emitters=0)", "0 emitters; allowed: 1 .. "),
    "named": ("from synth.trigger import TRIGGERS\nTRIGGER = TRIGGERS['tap']", "must hold a Trigger of that name"),
}  # fmt: skip


@pytest.fixture
def registry(tmp_path, monkeypatch):
    """A registry that sees, beside the own triggers, a package full of broken ones."""
    info = tmp_path / "bad_sounds-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: bad-sounds\nVersion: 1.0\n")
    for name, (text, _) in BROKEN.items():
        (tmp_path / f"bad_sounds_{name}.py").write_text(text)
    lines = [f"{name} = bad_sounds_{name}:TRIGGER" for name in BROKEN]
    (info / "entry_points.txt").write_text("\n".join(["[synth.triggers]", *lines]))
    monkeypatch.syspath_prepend(tmp_path)
    entries = list(PathDistribution(info).entry_points)
    assert all(isinstance(entry, EntryPoint) for entry in entries)
    monkeypatch.setattr(trigger, "entry_points", lambda group: entries)
    found = Registry()
    for module in (
        "synth.cli.doctor",
        "synth.cli.warm",
        "synth.preset.library",
        "synth.preset.schema",
        "synth.preset.describe",
        "synth.trigger",
    ):
        monkeypatch.setattr(f"{module}.TRIGGERS", found)
    return found


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_trigger_is_named_with_its_package_and_the_reason(registry, name):
    with pytest.raises(
        InputError, match=rf"^trigger '{name}': entry point .*bad_sounds_{name}:TRIGGER.*{BROKEN[name][1]}"
    ) as caught:
        registry[name]
    assert "package 'bad-sounds'" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_others_stay(registry, capsys):
    assert set(registry.broken) == set(BROKEN)
    rows = {row["name"]: row["what"] for row in listing.rows("triggers")}
    assert set(rows) == set(registry)
    assert {name for name, what in rows.items() if what.startswith("broken: ")} == set(BROKEN)
    assert load_preset("tap").layers
    assert {f"trigger {name}" for name in BROKEN} <= checkup().keys()
    for arguments in (["render", "missing", "-o", "x.wav"], ["describe", "missing"]):
        assert main(arguments) == 2
        assert capsys.readouterr().err.count("\n") == 1


def test_what_does_not_compile_is_said_when_the_others_are_done(monkeypatch, capsys):
    @kernel
    def strike(state, params, velocity, sample_rate):
        state.there_is_no_such_field = 1.0

    tap = dataclasses.replace(TRIGGERS["tap"], strike=strike)
    monkeypatch.setattr(warm, "TRIGGERS", few := Registry())
    few._own, few._foreign = frozenset({"tap", "pour"}), {}
    with few.register(tap), pytest.raises(InputError, match="trigger 'tap' does not compile: "):
        warm.compile_everything()
    assert "and 1 triggers" in capsys.readouterr().err


def test_warming_leaves_them_out(registry, capsys):
    warm.compile_everything()
    err = capsys.readouterr().err
    assert err.count("left out: trigger ") == len(BROKEN)
    assert f"{len(registry) - len(BROKEN)} triggers" in err


def test_a_registered_trigger_is_known_while_it_is_registered() -> None:
    one = dataclasses.replace(TRIGGERS["tap"], name="one")
    other = dataclasses.replace(TRIGGERS["tap"], tail_s=1.0)
    with TRIGGERS.register(one), TRIGGERS.register(other):
        assert TRIGGERS["one"] is one
        assert TRIGGERS["tap"] is other
    assert TRIGGERS["tap"] is not other
    with pytest.raises(InputError, match="unknown trigger 'one'"):
        _ = TRIGGERS["one"]
