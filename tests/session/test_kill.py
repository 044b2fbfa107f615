"""A process that is killed at any moment loses nothing that a call returned for."""

import os
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from dxrules import Session
from profiles import examples
from session.killed import MOST
from session.ops import said, steps, take
from session.rulebooks import rulebook

KILLS = 5  # of processes that go on with the same file


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has SIGKILL")
@pytest.mark.parametrize("seed", range(examples(ci=20, long=200) // KILLS))
def test_nothing_that_a_call_returned_for_is_lost(seed, tmp_path):
    rng = Random(seed)
    rules = rulebook(seed)[0]
    file = tmp_path / "saved.session"
    first = 0
    for _ in range(KILLS):
        told = killed(file, seed, first, rng)
        assert told is not None or first, "the first process said nothing"
        done = first if told is None else told + 1
        if not file.exists():
            continue
        restored = said_by(file, rules)
        # The call that was under way may be in the file or not; each that returned is.
        choices = {number: said_from_scratch(rules, seed, number) for number in (done, done + 1)}
        assert restored in choices.values()
        first = next(number for number, each in choices.items() if each == restored)
        if first > MOST - 100:
            break


def killed(file, seed, first, rng):
    """Start a process, kill it, and give the number of the last step that it said was done."""
    script = Path(__file__).parent / "killed.py"
    command = [sys.executable, str(script), str(file), str(seed), str(seed), str(first)]
    enough = rng.randint(1, 60)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = list(islice(process.stdout, enough))
        time.sleep(rng.random() * 0.01)
        process.kill()
        lines += process.stdout.read().split("\n")
    whole = [line.strip() for line in lines if line.strip()]
    return int(whole[-1]) if whole else None


def said_by(file, rules):
    with Session.restore(file, rules) as session:
        return said(session)


def said_from_scratch(rules, seed, count):
    with Session(rules) as session:
        for step in islice(steps(seed, MOST), count):
            take(session, step)
        return said(session)
