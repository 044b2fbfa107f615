"""The soak runs, on little, and finds that nothing is lost."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # benchmarks are not installed: they stand beside tests

from benchmarks.events import Work, events

from benchmarks import soak


def test_a_short_soak_loses_nothing(capsys):
    assert soak.main(["--events", "1500", "--days", "33", "--cards", "40", "--stretches", "3", "--plain", "500"]) == 0
    said = capsys.readouterr().out
    assert "PASS nothing lost" in said
    assert "PASS the same decisions on 40 cards" in said
    assert "plain durable-rules" in said


def test_the_events_are_the_same_every_time():
    work = Work(events=200, days=3, cards=10)
    assert list(events(work)) == list(events(work))
    times = [each.at for each in events(Work(events=5_000, days=3))]
    assert times != sorted(times), "some are late"
    assert len({each.event_id for each in events(Work(events=5_000, days=3))}) < 5_000, "some are sent twice"
