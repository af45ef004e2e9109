"""Safe listening: levels, dose, the week across sessions and crashes, warnings, and the guard on whole nights."""

import json
import math
import signal
import subprocess
import sys

import pytest

from synth.io.files.exposure_log import Entry, ExposureLog, state_folder
from synth.live.safety import dose
from synth.live.safety.exposure import Exposure, guard_db
from synth.parameters.errors import InputError
from tests.io.files.test_sound_writer import full_disk
from tests.support.processes import killed_at_last

DAY_S = 86400.0
SINE = 0.5  # mean square of one at full scale


class Clock:
    """A wall clock that stands still until it is moved."""

    def __init__(self, now_s=1_800_000_000.0):
        self.now_s = now_s

    def __call__(self):
        return self.now_s


def mean_square(level_dba, calibration_dba=100.0):
    return SINE * 10 ** ((level_dba - calibration_dba) / 10)


def listen(exposure, clock, level_dba, hours, step_s=60.0, other_dba=0.0, guard=0.0):
    for _ in range(round(hours * 3600 / step_s)):
        clock.now_s += step_s
        exposure.add(step_s, mean_square(level_dba), mean_square(other_dba), guard)


@pytest.fixture
def long_pages(monkeypatch):
    """A line of the diary for ten minutes instead of one, where dozens of hours are played."""
    monkeypatch.setattr("synth.live.safety.week._PAGE_S", 600.0)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def exposure(tmp_path, clock):
    return Exposure(100.0, folder=tmp_path, clock=clock)


# ---- figures


def test_the_allowances_are_those_of_h_870():
    assert dose.allowance("adult").pa2h == pytest.approx(1.6, rel=1e-12)
    assert round(dose.allowance("sensitive").pa2h, 2) == 0.51
    assert dose.dose_pa2h(80, 40) / dose.allowance("adult").pa2h == pytest.approx(1)
    assert dose.dose_pa2h(75, 40) / dose.allowance("sensitive").pa2h == pytest.approx(1)


@pytest.mark.parametrize(("level_dba", "hours"), [(80, 40), (83.0103, 20), (90, 4), (100, 0.4), (110, 0.04)])
def test_equal_energy_three_decibels_are_half_the_time(level_dba, hours):
    assert dose.hours_left(dose.allowance("adult").pa2h, dose.pa2_from_dba(level_dba)) == pytest.approx(hours, rel=1e-4)


def test_94_dba_are_one_pascal():
    assert dose.dba_from_pa2(1.0) == pytest.approx(93.98, abs=0.01)
    assert dose.pa2_from_dba(dose.dba_from_pa2(0.3)) == pytest.approx(0.3)


def test_a_full_scale_sine_has_the_level_of_the_calibration():
    levels_dba = [dose.dba_from_pa2(dose.pa2_from_mean_square(mean_square, 104)) for mean_square in (SINE, SINE / 100, 0.0)]
    assert levels_dba == [pytest.approx(104), pytest.approx(84), -math.inf]


def test_silence_uses_nothing_and_lasts_for_ever():
    assert dose.pa2_from_dba(-math.inf) == 0
    assert dose.hours_left(1.0, 0.0) == math.inf
    assert dose.hours_left(0.0, 0.0) == 0


@pytest.mark.parametrize("calibration_dba", [39.9, 141, math.nan, math.inf, "100", True])
def test_a_calibration_that_cannot_be_is_refused(calibration_dba, tmp_path):
    with pytest.raises(InputError, match=r"calibration_dba: .* is not a level of 40 to 140 dBA"):
        Exposure(calibration_dba, folder=tmp_path)


def test_an_unknown_mode_names_the_nearest(tmp_path):
    with pytest.raises(InputError, match="unknown exposure mode 'adlut'; did you mean 'adult'"):
        Exposure(mode="adlut", folder=tmp_path)


# ---- a session


def test_levels_of_each_ear(exposure, clock):
    listen(exposure, clock, 80, hours=1, other_dba=60, step_s=0.25)
    assert exposure.laeq_dba == pytest.approx((80, 60))
    assert exposure.level_dba == pytest.approx((80, 60), abs=0.01)
    assert exposure.seconds == 3600
    assert exposure.dose_pa2h == pytest.approx((0.04, 0.0004))


def test_the_session_is_averaged_by_energy(exposure, clock):
    listen(exposure, clock, 90, hours=1)
    listen(exposure, clock, 0, hours=9)
    assert exposure.laeq_dba[0] == pytest.approx(80, abs=0.01)


def test_the_level_now_is_slow(exposure, clock):
    """Time weighting S: a second after the sound has stopped it is 4.34 dB down, however often it was fed."""
    listen(exposure, clock, 80, hours=1 / 60, step_s=0.5)
    exposure.add(0.25, 0.0, 0.0)
    exposure.add(0.75, 0.0, 0.0)
    assert exposure.level_dba[0] == pytest.approx(80 - 4.343, abs=0.01)


def test_before_any_sound_there_is_no_dose(exposure):
    assert exposure.laeq_dba == exposure.level_dba == exposure.programme_dba == (-math.inf, -math.inf)
    assert (exposure.share, exposure.time_left_s) == (0, math.inf)


def test_the_louder_ear_counts(exposure, clock):
    listen(exposure, clock, 60, hours=4, other_dba=80)
    assert exposure.share == pytest.approx(0.1)
    assert exposure.time_left_s == pytest.approx(36 * 3600)


def test_the_ear_that_has_taken_in_more_counts_even_when_the_other_is_louder_now(exposure, clock):
    listen(exposure, clock, 90, hours=3.6)
    listen(exposure, clock, 70, hours=0.1, other_dba=80)
    assert exposure.share == pytest.approx(0.9, abs=0.001)
    assert exposure.time_left_s == pytest.approx(3600 * exposure.rest_pa2h[0] / dose.pa2_from_dba(70), rel=1e-3)


def test_the_sensitive_mode_allows_less(tmp_path, clock):
    sensitive = Exposure(100, "sensitive", tmp_path, clock)
    listen(sensitive, clock, 75, hours=20)
    assert sensitive.share == pytest.approx(0.5)


def test_the_calibration_counts(tmp_path, clock):
    loud, quiet = (Exposure(c, folder=tmp_path / str(c), clock=clock) for c in (110, 90))
    for one in (loud, quiet):
        one.add(60, mean_square(80), 0)
    assert loud.laeq_dba[0] - quiet.laeq_dba[0] == pytest.approx(20)


@pytest.mark.parametrize("wrong", [(-1, 0, 0), (1, math.nan, 0), (1, 0, math.inf), (1, -0.1, 0)])
def test_what_is_no_number_is_refused_and_changes_nothing(exposure, wrong):
    with pytest.raises(InputError, match="must be finite and not negative"):
        exposure.add(*wrong)
    assert exposure.seconds == 0


# ---- warnings


@pytest.mark.usefixtures("long_pages")
def test_each_share_is_warned_of_once(exposure, clock):
    told = []
    for _ in range(50):
        listen(exposure, clock, 80, hours=1)
        told += exposure.take_warnings()
    assert [text.split(" of ")[0] for text in told] == ["50%", "80%", "100%"]
    assert all("this week's sound allowance (80 dBA for 40 h) is used" in text and "\n" not in text for text in told)
    assert exposure.warnings == tuple(told)


def test_a_session_that_begins_past_several_limits_says_one_line(exposure, tmp_path, clock):
    listen(exposure, clock, 90, hours=3.4)
    exposure.close()
    later = Exposure(100.0, folder=tmp_path, clock=clock)
    later.add(0.25, 0.0, 0.0)
    assert later.take_warnings() == ["85% of this week's sound allowance (80 dBA for 40 h) is used"]
    listen(later, clock, 90, hours=0.7)
    assert len(later.take_warnings()) == 1


def test_sustained_loudness_is_warned_of_and_a_short_one_is_not(tmp_path, clock):
    exposure = Exposure(120.0, folder=tmp_path, clock=clock)
    for _ in range(20):
        exposure.add(2, mean_square(101, 120), 0)
        exposure.add(30, 0, 0)
    assert exposure.take_warnings() == []
    for _ in range(60):
        exposure.add(0.25, mean_square(101, 120), 0)
    assert exposure.take_warnings() == ["above 100 dBA at the ear for 5 s: turn it down"]


def test_an_assumed_calibration_is_said(tmp_path, clock):
    exposure = Exposure(folder=tmp_path, clock=clock)
    assert exposure.take_warnings() == ["how loud your headphones are is unknown: 100 dBA at full scale assumed"]
    assert (exposure.calibration_dba, exposure.is_assumed) == (100, True)


def test_log_rows_are_json(exposure, clock):
    assert json.loads(json.dumps(exposure.log_rows(), allow_nan=False))[0]["time_left_s"] is None
    listen(exposure, clock, 80, hours=1)
    whole, left, right = json.loads(json.dumps(exposure.log_rows(), allow_nan=False))
    assert whole["share"] == pytest.approx(0.025)
    assert (left["ear"], right["ear"]) == ("left", "right")
    assert left["laeq_dba"] == pytest.approx(80)


# ---- the week


def test_the_week_is_kept_across_sessions(exposure, tmp_path, clock):
    listen(exposure, clock, 80, hours=2.0125, step_s=45)  # the last page is not full
    exposure.close()
    assert Exposure(100.0, folder=tmp_path, clock=clock).share == pytest.approx(2.0125 / 40)


def test_the_week_is_the_last_seven_days(exposure, tmp_path, clock):
    listen(exposure, clock, 80, hours=4)
    clock.now_s += 3 * DAY_S
    listen(exposure, clock, 80, hours=4)
    assert exposure.share == pytest.approx(0.2)
    clock.now_s += 4 * DAY_S
    listen(exposure, clock, 0, hours=1 / 60)
    assert exposure.share == pytest.approx(0.1, rel=1e-3)
    clock.now_s += 3.1 * DAY_S
    listen(exposure, clock, 0, hours=1 / 60)
    assert exposure.share == pytest.approx(0, abs=1e-6)


def test_the_diary_stays_short(exposure, tmp_path, clock):
    listen(exposure, clock, 80, hours=1)
    exposure.close()
    path = tmp_path / "exposure.jsonl"
    line = path.read_bytes().splitlines(keepends=True)[-1]
    path.write_bytes(line.replace(b"18000", b"17000") * 30_000 + path.read_bytes())
    assert Exposure(100.0, folder=tmp_path, clock=clock).share == pytest.approx(1 / 40)
    assert 60 < len(path.read_bytes().splitlines()) < 20_000
    assert {p.name for p in tmp_path.iterdir()} == {"exposure.jsonl", "exposure.lock"}


@pytest.mark.parametrize("days", [30, 400, -30, -400, -20_000])
def test_a_session_whose_clock_is_wrong_erases_nothing_and_counts(exposure, tmp_path, clock, days):
    listen(exposure, clock, 80, hours=20)
    exposure.close()
    wrong = Clock(clock.now_s + days * DAY_S)
    session = Exposure(100.0, folder=tmp_path, clock=wrong)
    listen(session, wrong, 80, hours=4)
    session.close()
    assert session.share == pytest.approx(0.1 if days > 0 else 0.6)  # ahead it may as well be right
    clock.now_s += DAY_S
    after = Exposure(100.0, folder=tmp_path, clock=clock)
    assert after.share == pytest.approx(0.6)
    listen(after, clock, 80, hours=2)
    assert after.share == pytest.approx(0.65)
    clock.now_s += 6.5 * DAY_S
    listen(after, clock, 0, hours=1 / 60)
    assert after.share == pytest.approx(0.15 if days > 0 else 0.05, rel=0.02)
    clock.now_s += 1 * DAY_S
    listen(after, clock, 0, hours=1 / 60)
    assert after.share == pytest.approx(0.0, abs=1e-6)


def test_lines_that_cannot_be_read_are_skipped_and_counted(exposure, tmp_path, clock):
    listen(exposure, clock, 80, hours=4)
    exposure.close()
    good = json.loads((tmp_path / "exposure.jsonl").read_text().splitlines()[0])
    bad = [
        b"",
        b"\xff\x00garbage",
        b"[1, 2]",
        b"null",
        b"{}",
        b"[" * 100_000,
        json.dumps(good | {"left_pa2h": -1}).encode(),
        json.dumps(good | {"left_pa2h": math.nan}).encode(),
        json.dumps(good | {"left_pa2h": None}).encode(),
        json.dumps(good).encode()[:30],  # cut short, no line end
    ]
    with (tmp_path / "exposure.jsonl").open("ab") as file:
        file.write(b"\n".join(bad))
    later = Exposure(100.0, folder=tmp_path, clock=clock)
    assert later.share == pytest.approx(0.1)
    assert later.log_rows()[0]["diary_lines_skipped"] == 9
    assert "9 lines cannot be read" in later.take_warnings()[0]
    listen(later, clock, 80, hours=4)  # not spoilt by the line that was cut short
    later.close()
    assert Exposure(100.0, folder=tmp_path, clock=clock).share == pytest.approx(0.2)


def test_lines_that_a_crash_cut_short_are_counted(exposure, tmp_path, clock):
    path = tmp_path / "exposure.jsonl"
    listen(exposure, clock, 80, hours=1)
    exposure.close()
    path.write_bytes(b"garbage\n\n" + path.read_bytes() + b"cut sho")
    later = Exposure(100.0, folder=tmp_path, clock=clock)
    assert later.log_rows()[0]["diary_lines_skipped"] == 2
    assert later.share == pytest.approx(1 / 40)


def test_two_sessions_at_once_see_each_other(tmp_path, clock):
    one, other = (Exposure(100.0, folder=tmp_path, clock=clock) for _ in range(2))
    for _ in range(60):
        clock.now_s += 60
        one.add(60, mean_square(80), 0)
        other.add(60, mean_square(80), 0)
    one.close()
    other.close()
    assert other.share == pytest.approx(2 / 40)
    assert one.share == pytest.approx(2 / 40, rel=0.02)  # all but the other's last minute
    assert Exposure(100.0, folder=tmp_path, clock=clock).share == pytest.approx(2 / 40)


def test_a_session_that_prunes_does_not_lose_what_another_writes(tmp_path, clock):
    old = Exposure(100.0, folder=tmp_path, clock=clock)
    listen(old, clock, 80, hours=1)
    clock.now_s += 9 * DAY_S
    pruning = Exposure(100.0, folder=tmp_path, clock=clock)
    listen(old, clock, 80, hours=2)
    listen(pruning, clock, 80, hours=1)
    assert pruning.share == pytest.approx(3 / 40)
    listen(old, clock, 0, hours=1 / 60)
    assert old.share == pytest.approx(3 / 40)


def test_a_held_diary_is_not_waited_for(exposure, tmp_path, clock):
    fcntl = pytest.importorskip("fcntl")
    with (tmp_path / "exposure.lock").open("ab") as holder:
        fcntl.flock(holder, fcntl.LOCK_EX)
        listen(exposure, clock, 80, hours=1)
        assert exposure.share == pytest.approx(1 / 40)
        assert not (tmp_path / "exposure.jsonl").exists() or not (tmp_path / "exposure.jsonl").read_bytes()
        begun_meanwhile = Exposure(100.0, folder=tmp_path, clock=clock)
    listen(exposure, clock, 80, hours=1)
    begun_meanwhile.add(0.25, 0.0, 0.0)
    assert begun_meanwhile.share == pytest.approx(2 / 40)


def test_a_folder_that_cannot_be_used_is_said_once_and_the_session_still_counts(tmp_path, clock):
    (tmp_path / "file").write_text("not a folder")
    exposure = Exposure(100.0, folder=tmp_path / "file", clock=clock)
    listen(exposure, clock, 80, hours=4)
    (warning,) = exposure.take_warnings()
    assert "the listening diary cannot be kept" in warning
    assert str(tmp_path / "file") in warning
    assert exposure.share == pytest.approx(0.1)


@pytest.mark.parametrize("room", [0, 1000])
def test_a_full_disk_is_said_and_no_minute_is_lost_or_counted_twice(tmp_path, clock, room):
    exposure = Exposure(100.0, folder=tmp_path, clock=clock)
    with full_disk(room):
        listen(exposure, clock, 80, hours=1)
    assert "the listening diary cannot be kept" in exposure.take_warnings()[0]
    kept = (tmp_path / "exposure.jsonl").read_bytes()
    assert bool(kept) == bool(room)
    assert all(json.loads(line) for line in kept.splitlines())  # nothing cut short
    listen(exposure, clock, 80, hours=1)
    assert exposure.share == pytest.approx(2 / 40)
    again = Exposure(100.0, folder=tmp_path, clock=clock)
    assert again.share == pytest.approx(2 / 40)
    assert again.take_warnings() == []


LISTENER = """
import sys
from pathlib import Path
from synth.live.safety.exposure import Exposure
exposure = Exposure(100.0, folder=Path(sys.argv[1]))
for n in range(int(sys.argv[2])):
    exposure.add(30.0, 0.005, 0.0)
print("heard", flush=True)
if len(sys.argv) > 3:
    sys.stdin.read()
exposure.close()
"""


def test_kill_minus_9_loses_at_most_the_last_minute(tmp_path):
    command = [sys.executable, "-c", LISTENER, str(tmp_path), "121", "wait"]
    with killed_at_last(subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE)) as process:
        assert process.stdout.readline() == b"heard\n"
        process.send_signal(signal.SIGKILL)
    assert Exposure(100.0, folder=tmp_path).share == pytest.approx(1 / 40)


def test_processes_that_write_at_the_same_time_lose_nothing(tmp_path):
    command = [sys.executable, "-c", LISTENER, str(tmp_path), "240"]
    with killed_at_last(*(subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(3))) as processes:
        for process in processes:
            process.communicate()
            assert process.returncode == 0
    assert Exposure(100.0, folder=tmp_path).share == pytest.approx(3 * 2 / 40)


def test_the_environment_names_the_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("SYNTH_STATE_DIR", str(tmp_path / "state"))
    assert state_folder() == tmp_path / "state"
    Exposure()
    assert (tmp_path / "state" / "exposure.jsonl").exists()


def test_the_diary_reads_what_it_wrote(tmp_path, clock):
    entry = Entry(clock.now_s, 60.0, 1 / 3, 1e-300, 100.0)
    assert ExposureLog(tmp_path).sync([entry])
    exposure_log = ExposureLog(tmp_path)
    exposure_log.sync()
    assert exposure_log.entries == [entry]


# ---- the guard


def night(exposure, clock, programme_dba, hours, step_s=15.0, planned_hours=8.0):
    """Play on with the guard at work; returns its positions, in steps."""
    now_db, positions = 0.0, []
    for n in range(round(hours * 3600 / step_s)):
        level_dba = programme_dba(n * step_s / 3600) if callable(programme_dba) else programme_dba
        clock.now_s += step_s
        gain = 10 ** (now_db / 10)
        exposure.add(step_s, mean_square(level_dba) * gain, mean_square(level_dba - 3) * gain, now_db)
        now_db = guard_db(exposure, now_db, step_s, planned_hours)
        positions.append(now_db)
    return positions


@pytest.mark.parametrize("programme_dba", [70, 78, 85, 90, 95, 100])
@pytest.mark.usefixtures("long_pages")
def test_forty_loud_hours_never_use_up_the_allowance(exposure, clock, programme_dba):
    positions = night(exposure, clock, programme_dba, hours=40)
    assert exposure.share < 1
    assert all(-30 <= position <= 0 for position in positions)
    if programme_dba > 80:
        assert exposure.share > 0.85  # and it is not stingy


@pytest.mark.usefixtures("long_pages")
def test_a_quiet_listener_never_meets_the_guard(exposure, clock):
    assert set(night(exposure, clock, 75, hours=40)) == {0.0}


def test_the_guard_moves_slowly(exposure, clock):
    """Loud, quiet, silent, loud again: at most 12 dB a minute down and 1 dB a minute up."""
    step_s = 5.0
    positions = night(exposure, clock, lambda h: (98, 40, 0, 95)[int(h) % 4], hours=8, step_s=step_s)
    steps = [after - before for before, after in zip([0.0, *positions], positions, strict=False)]
    assert max(steps) <= step_s / 60 * 1.000001
    assert min(steps) >= -step_s / 60 * 12.000001
    assert min(positions) < -10


def test_the_guard_waits_through_silence(exposure, clock):
    turned_down = night(exposure, clock, 95, hours=3)[-1]
    assert turned_down < -10
    for _ in range(240):
        exposure.add(15.0, 0.0, 0.0, turned_down)
    assert guard_db(exposure, turned_down, 15.0) == turned_down


def test_it_lets_go_when_the_week_has_moved_on(exposure, clock):
    now_db = night(exposure, clock, 95, hours=3)[-1]
    clock.now_s += 7 * DAY_S
    for _ in range(60):
        exposure.add(60.0, mean_square(60) * 10 ** (now_db / 10), 0.0, now_db)
        now_db = guard_db(exposure, now_db, 60.0)
    assert now_db == 0


def test_the_plan_counts(tmp_path, clock):
    levels = []
    for planned_hours in (2.0, 16.0):
        exposure = Exposure(100.0, folder=tmp_path / str(planned_hours), clock=clock)
        night(exposure, clock, 90, hours=4, planned_hours=planned_hours)
        levels.append(exposure.level_dba[0])
    assert levels[0] > levels[1] + 3


def test_at_four_fifths_it_aims_at_the_level_that_lasts_for_the_planned_time():
    """1.6 Pa2h: a fifth of it in 8 hours is 0.04 Pa2, which are 80 dBA."""
    rest = 0.2 * 1.6 * (1 - 1e-9)
    assert dose.guard_target_db(dose.pa2_from_dba(95), rest, 1.6, 8) == pytest.approx(-15, abs=1e-6)
    assert dose.guard_target_db(dose.pa2_from_dba(79), rest, 1.6, 8) == 0
    assert dose.guard_target_db(dose.pa2_from_dba(95), 0.33, 1.6, 8) == 0
    assert dose.guard_target_db(dose.pa2_from_dba(40), 0.0, 1.6, 8) == -30


def test_the_guard_changes_nothing_by_itself(exposure, clock):
    listen(exposure, clock, 95, hours=2)
    before = json.dumps(exposure.log_rows())
    assert guard_db(exposure, 0.0, 60.0) == guard_db(exposure, 0.0, 60.0) == -12
    assert json.dumps(exposure.log_rows()) == before
