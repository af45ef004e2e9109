"""The command line: results on stdout, one line on stderr and exit code 2 for whatever is wrong."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import netCDF4
import numpy as np
import pytest
import soundfile

from synth.cli import render
from synth.cli.main import main
from synth.cli.signals import signals
from synth.offline import render as offline_render
from synth.preset.library import preset_names
from synth.trigger import TRIGGERS
from tests.io.files.test_sound_writer import full_disk
from tests.support.processes import killed_at_last
from tests.support.sizes import short_and_long

NAILS = str(Path(__file__).parents[1] / "support" / "nails.toml")
SHORT = ["--seconds", "0.3", "--ears", "sphere"]


@pytest.fixture
def fails(capsys, tmp_path, monkeypatch):
    """Run the command line in an empty folder; it must fail with one line, and leave the folder empty. Returns the line."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def run(*arguments, code=2):
        assert main(list(arguments)) == code
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("synth: ")
        assert err.count("\n") == 1
        assert "Traceback" not in err
        assert list(folder.iterdir()) == []
        return err

    return run


def test_a_render_becomes_a_file(tmp_path, capsys):
    for seed, name in (("1", "a"), ("1", "b"), ("2", "c")):
        assert main(["render", "tap", "-o", str(tmp_path / f"{name}.wav"), "--seed", seed, *SHORT]) == 0
    a, b, c = ((tmp_path / f"{name}.wav").read_bytes() for name in "abc")
    assert a == b
    assert a != c
    samples, rate = soundfile.read(tmp_path / "a.wav", dtype="float32")
    assert rate == 48000
    np.testing.assert_array_equal(samples, offline_render.render("tap", 0.3, 1, ears="sphere"))


def test_the_options_reach_the_score(tmp_path, capsys):
    path = tmp_path / "x.flac"
    options = ["--sample-rate", "44100", "--seconds", "1", "--ears", "kemar", "--fade-in", "0.1", "--fade-out", "0.2"]
    options += ["--set", "1.hardness=0.9", "--set", "left nails.gesture.rate_hz=8", "--stems", "--loudness", "-35"]
    assert main(["render", NAILS, "-o", str(path), *options]) == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["x.flac", "x.left_nails.flac", "x.wandering_nails.flac"]
    assert soundfile.info(path).samplerate == 44100
    assert soundfile.info(path).frames == 44100
    err = capsys.readouterr().err
    assert f"{path}: 1 s, peak -" in err
    assert "-35.0 LUFS, " in err
    assert "do not add up" not in err  # so quiet that the limiter rests


def test_of_stems_that_do_not_add_up_it_is_said(tmp_path, capsys):
    loud = ["--set", "tap.level_db=24", "--set", "master.level_db=24", "--stems", *SHORT]
    assert main(["render", "tap", "-o", str(tmp_path / "x.wav"), *loud]) == 0
    assert "do not add up" in capsys.readouterr().err


def test_without_a_name_the_file_is_called_after_the_preset(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        assert main(["render", "tap", "--json", *SHORT]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tap-2.wav", "tap.wav"]
    out, err = capsys.readouterr()
    assert '"path": "tap-2.wav"' in out
    assert err.count("times as fast as it lasts") == 2


def test_presets_are_listed_by_tags(capsys):
    assert main(["list", "presets", "--tag", "sleep", "rain", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found
    assert all({"sleep", "rain"} <= set(row["tags"]) for row in found)
    assert main(["list", "presets", "--json"]) == 0
    every = json.loads(capsys.readouterr().out)
    assert len(found) == sum({"sleep", "rain"} <= set(row["tags"]) for row in every) < len(every)


def test_what_has_sounds_of_a_family_is_left_out(capsys, tmp_path, monkeypatch):
    from synth.preset import library

    def names(*arguments):
        return [row["name"] for row in _json(capsys, "list", *arguments)]

    assert names("triggers", "--without", "mouth") == [name for name in TRIGGERS if "mouth" not in TRIGGERS[name].families]
    assert {row["name"]: row["families"] for row in _json(capsys, "list", "triggers")}["mouth"] == ["mouth"]
    kissed = replace(library.init_preset("tap"), name="kissed", layers=library.init_preset("mouth").layers)
    monkeypatch.setattr(library, "preset_names", lambda: ["kissed", "rain_on_tent"])
    load = library.load_preset
    monkeypatch.setattr(library, "load_preset", lambda name: kissed if name == "kissed" else load(name))
    assert names("presets") == ["kissed", "rain_on_tent"]
    assert names("presets", "--without", "mouth") == ["rain_on_tent"]


def test_layers_with_like_names_get_files_of_their_own(tmp_path, capsys):
    preset = tmp_path / "x.toml"
    layers = [f"[[layer]]\nname = '{name}'\ntrigger = 'tap'\n" for name in ("a/b", "a b", "../a")]
    preset.write_text("schema = 1\n" + "".join(layers))
    assert main(["render", str(preset), "-o", str(tmp_path / "x.wav"), "--stems", *SHORT]) == 0
    assert sorted(p.name for p in tmp_path.glob("*.wav")) == ["x._a.wav", "x.a_b-2.wav", "x.a_b.wav", "x.wav"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["render", "tapp", "-o", "x.wav"], "unknown preset or trigger 'tapp'; did you mean 'tap'?"),
        (["render", "missing.toml", "-o", "x.wav"], "missing.toml: cannot be read: No such file"),
        (["render", "tap", "-o", "x.aiff"], "x.aiff: unknown output format '.aiff'; known: .flac"),
        (["render", "tap", "-o", "\udcff.wav"], r"'\udcff.wav': a file's name must be UTF-8 text"),
        (["render", "tap", "-o", f"{'x' * 252}.wav"], "the file's name is longer than 255 bytes"),
        (["render", "tap", "-o", "x.flac", "--sample-rate", "96001"], "x.flac: cannot be written: FLAC cannot hold 96001 Hz"),
        (["render", "tap", "-o", "nowhere/x.wav"], "there is no folder 'nowhere'"),
        (["render", "tap", "-o", "/proc/x.wav"], "/proc/x.wav: cannot "),
        (["render", "tap", "-o", "x.wav", "--ears", "ku10"], "ears 'ku10': not a built-in set"),
        (["render", "tap", "-o", "x.wav", "--ears", "none.sofa"], "none.sofa: no such file"),
        (["render", "tap", "-o", "x.wav", "--seconds", "ten"], "'ten' is not a time"),
        (["render", "tap", "-o", "x.wav", "--seconds", "nan"], "seconds = nan is out of range"),
        (["render", "tap", "-o", "x.wav", "--seconds", "inf"], "seconds = inf is out of range"),
        (["render", "tap", "-o", "x.wav", "--seconds", "-1"], "seconds = -1 is out of range"),
        (["render", "tap", "-o", "x.wav", "--seed", "x"], "'x' is not a whole number"),
        (["render", "tap", "-o", "x.wav", "--seed", str(1 << 80)], "seed = "),
        (["render", "tap", "-o", "x.wav", "--sample-rate", "7"], "sample_rate = 7 is out of range"),
        (["render", "tap", "-o", "x.wav", "--sample-rate", "48000.5"], "whole hertz"),
        (["render", "tap", "-o", "x.wav", "--fade-in", "20"], "longer than the whole"),
        (["render", "tap", "-o", "x.wav", "--seconds", "1e6", "--fade-out", "90000"], "fade_out_s = 90000 is out of range"),
        (["render", "tap", "-o", "x.wav", "--loudness", "3"], "loudness_lufs = 3 is out of range"),
        (["render", "tap", "-o", "x.wav", "--set", "tap.hardnes=1"], "did you mean 'hardness'?"),
        (["render", "tap", "-o", "x.wav", "--set", "tap.hardness=nan"], "hardness = nan is out of range"),
        (["render", "tap", "-o", "x.wav", "--sets", "a"], "No such option"),
        (["render", "tap", "tap", "-o", "x.wav"], "unexpected extra argument"),
        (["rendr"], "No such command 'rendr'"),
        (["list", "trigger"], "unknown kind of list 'trigger'; did you mean 'triggers'?"),
        (["list", "presets", "--tag", "slep"], "unknown tag 'slep'; did you mean 'sleep'?"),
        (["list", "ears", "--tag", "sleep"], "--tag is for presets"),
        (["list", "presets", "--without", "moth"], "unknown family 'moth'; did you mean 'mouth'?"),
        (["list", "ears", "--without", "mouth"], "--without is for triggers and presets"),
        (["describe", "tapp"], "unknown preset or trigger 'tapp'"),
        (["describe", "two\nlines"], "unknown preset or trigger 'two lines'"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(fails, arguments, message):
    assert message in fails(*arguments)


def test_ears_of_another_kind_of_file(fails, tmp_path):
    path = tmp_path / "x.sofa"
    netCDF4.Dataset(path, "w").close()
    assert "x.sofa" in fails("render", "tap", "-o", "x.wav", "--ears", str(path))


@pytest.mark.parametrize("content", [b"", b"not a sofa file at all", b"\x89HDF\r\n\x1a\n" + bytes(500)])
def test_a_file_that_is_no_sofa_is_named(fails, tmp_path, content):
    path = tmp_path / "x.sofa"
    path.write_bytes(content)
    assert "x.sofa" in fails("render", "tap", "-o", "x.wav", "--ears", str(path))


def test_a_full_disk_is_named_and_leaves_nothing(fails):
    with full_disk(10_000):
        assert "x.flac: cannot be written: File too large" in fails("render", "tap", "-o", "x.flac")


def test_ctrl_c_keeps_the_beginning(tmp_path, capsys, monkeypatch):
    def impatient(job, *others):
        yield next(plain(job, *others))
        raise KeyboardInterrupt

    plain = offline_render.blocks
    monkeypatch.setattr(offline_render, "blocks", impatient)
    path = tmp_path / "x.flac"
    assert main(["render", "tap", "-o", str(path), "--seconds", "5", "--ears", "sphere"]) == 130
    assert [p.name for p in tmp_path.iterdir()] == ["x.partial.flac"]
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "x.partial.flac" in err


def test_ctrl_c_while_measuring_leaves_nothing(fails, monkeypatch):
    def impatient(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(render, "levelled", impatient)
    assert "no file" in fails("render", "tap", "-o", "x.wav", "--loudness", "-23", code=130)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_keeps_what_was_rendered(tmp_path, number):
    """Eight hours, stopped as soon as there is something in the file."""
    command = [sys.executable, "-m", "synth", "render", "tap", "-o", "night.flac", "--seconds", "28800", "--ears", "sphere"]
    with killed_at_last(subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)) as process:
        while process.poll() is None and not any(path.stat().st_size > 100_000 for path in tmp_path.glob("night.flac.part*")):
            time.sleep(0.05)
        process.send_signal(number)
        process.send_signal(number)  # who is impatient loses nothing
        _, err = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert err.splitlines()[-1].startswith("synth: stopped; the first ")
    assert "Traceback" not in err
    assert [path.name for path in tmp_path.iterdir()] == ["night.partial.flac"]
    assert soundfile.info(tmp_path / "night.partial.flac").duration > 1


_KILL_AT_IMPORT = """
import os, signal, sys
class Killer:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.{signal})
sys.meta_path.insert(0, Killer())
"""
_KILL_IN_CALLBACK = """
import ctypes, os, signal
from synth.engine.engine import Engine
plain = Engine.load
def load(self, preset, **inputs):
    ctypes.CFUNCTYPE(None)(lambda: os.kill(os.getpid(), signal.{signal}))()
    return plain(self, preset, **inputs)
Engine.load = load
"""


@pytest.mark.parametrize(
    ("code", "name", "module"),
    [
        (_KILL_AT_IMPORT, "SIGINT", "typer"),
        (_KILL_AT_IMPORT, "SIGTERM", "synth.cli.render"),
        (_KILL_AT_IMPORT, "SIGINT", "soundfile"),
        (_KILL_AT_IMPORT, "SIGINT", "_soundfile"),
        (_KILL_IN_CALLBACK, "SIGINT", ""),
        (_KILL_IN_CALLBACK, "SIGHUP", ""),
    ],
)
def test_a_signal_before_there_is_anything_to_keep_ends_the_process_at_once(tmp_path, code, name, module):
    """While modules are imported; and inside a callback from C, as llvmlite's, which would swallow an exception."""
    run = "from synth.cli.main import main\nmain(['render', 'tap', '-o', 'x.flac', '--seconds', '2000', '--ears', 'sphere'])"
    code = f"{code.format(signal=name, module=module)}\n{run}"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr.splitlines()[-1:] == ["synth: stopped; no file was written"]
    assert "Traceback" not in done.stderr
    assert done.returncode == 128 + getattr(signal, name)
    assert list(tmp_path.iterdir()) == []


def test_a_signal_that_the_process_was_started_to_ignore_stays_ignored():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with signals():
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
            assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_warm_render_loads_nothing_heavy_and_gives_the_same_bytes(tmp_path):
    code = """
import sys
from synth.cli.main import main
assert main(["render", "tap", "-o", "x.wav", "--seconds", "0.3", "--ears", "sphere"]) == 0
heavy = {"scipy.signal", "sounddevice", "sofar", "rtmidi", "rich", "tomli_w", "matplotlib", "pyarrow"}
sys.exit(" ".join(heavy & set(sys.modules)) or 0)
"""
    process = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stderr
    assert process.stderr.startswith("synth: x.wav: 0.3 s, peak -")
    assert process.stderr.count("\n") == 1
    samples, _ = soundfile.read(tmp_path / "x.wav", dtype="float32")
    here = offline_render.render("tap", 0.3, ears="sphere")
    assert hashlib.sha256(samples.tobytes()).hexdigest() == hashlib.sha256(here.tobytes()).hexdigest()


_DOUBLE = """
from synth.rt import kernel
@kernel
def double(x):
    return 2.0 * x
@kernel
def fourfold(x):
    return double(double(x))
print(fourfold(1.5), double(1.5))
"""


@short_and_long("damages", [("nbc", 1000), ("nbi", 30)], [("nbc", 1000), ("nbi", 0), ("nbi", 30)])
def test_damaged_kernels_are_compiled_anew(tmp_path, damages):
    def run():
        environment = {**os.environ, "SYNTH_CACHE_DIR": str(tmp_path / "cache")}
        done = subprocess.run(
            [sys.executable, "double.py"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout) == (0, "6.0 3.0\n"), done.stderr
        return done.stderr

    (tmp_path / "double.py").write_text(_DOUBLE)
    assert run() == ""
    for suffix, size in damages:
        files = list(tmp_path.rglob(f"*.{suffix}"))
        assert len(files) == 2
        for path in files:
            os.truncate(path, size)
        assert run() == "synth: compiled kernels were damaged; compiling them anew\n"
        assert run() == ""


# ---- facts


def _json(capsys, *arguments):
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_lists_as_json_hold_all_there_is(capsys):
    assert [row["name"] for row in _json(capsys, "list", "triggers")] == list(TRIGGERS)
    assert [row["name"] for row in _json(capsys, "list", "presets")] == preset_names()
    assert {row["name"] for row in _json(capsys, "list", "ears")} >= {"ku100", "kemar", "sphere"}


@pytest.mark.parametrize("arguments", [["list", "triggers"], ["list", "presets"], ["list", "ears"], ["doctor"]])
def test_tables_are_for_people(capsys, arguments):
    assert main(arguments) == 0
    out, err = capsys.readouterr()
    assert len(out.splitlines()) > 3
    assert err == ""


def test_devices_are_listed_or_what_is_missing_is_said(capsys):
    code = main(["list", "devices", "--json"])
    out, err = capsys.readouterr()
    assert (code, isinstance(json.loads(out or "[]"), list)) in [(0, True), (2, True)]
    assert code == 0 or "install" in err


def test_missing_portaudio_is_said_in_one_line(fails, monkeypatch):
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    assert "PortAudio cannot be loaded" in fails("list", "devices")


def test_describe_gives_a_schema_or_a_table(capsys):
    schema = _json(capsys, "describe", "tap")
    assert schema["properties"]["hardness"]["index"] == 0
    assert main(["describe", NAILS]) == 0
    assert "left nails.gesture.rate_hz" in capsys.readouterr().out


def test_doctor_checks_all_that_playing_needs(capsys):
    found = _json(capsys, "doctor")
    assert {"python", "numba", "kernels", "ears ku100", "portaudio", "jack", "midi", "real-time priority", "free disk"} <= set(
        found
    )


def test_warm_compiles_every_trigger(capsys):
    assert main(["warm"]) == 0
    assert f"{len(TRIGGERS)} triggers" in capsys.readouterr().err


def test_help_shows_the_usage(capsys):
    for arguments in ([], ["--help"], ["render", "--help"]):
        main(arguments)
        out, err = capsys.readouterr()
        assert "Usage: synth" in out + err
