"""A session through a year: a million events on 2,000 cards, of which a window of 30 days counts.

Prints for each stretch of events how many a second were taken in, how much memory is resident, and how much is held.
At the end it says whether the rate in the last window is that in the first, while the session filled, and that in the
one after it; whether memory stayed flat since then; and whether anything was lost: the session must hold exactly the
events of the last window that some rule reads, each once, and decide every card as a new session does that sees the
last window only. The rate in the first stretch, into an empty session from which nothing expires, is told beside them.

Rates are compared as multiples of a yardstick, a fixed piece of Python that is timed every thousand events: a shared
machine is faster in one minute than in the next. The rates as they were stand beside them.

Beside it stands a plain durable-rules program of the same ten patterns, `plain.py`, on the first events: what each
takes in a second in the first stretch and in the last, after a window, and whether they say the same in the end.
"""

import argparse
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Protocol

import attrs

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs from anywhere, as a plain script

from benchmarks.events import START, Work, cards, events
from benchmarks.plain import Program
from dxrules import CardEvent, Session, default_rulebook
from dxrules.session import Changes

TOLERANCE = 0.2  # of the rate; of memory a quarter of it
WINDOW = 30  # days
BLOCK = 1_000  # events between two looks at the yardstick


@attrs.frozen
class Stretch:
    """What was measured over some events: CPU seconds, those of the yardstick, and what was so at their end."""

    events: int
    seconds: float
    yardstick: float
    resident_mb: float
    held: int
    day: int

    @property
    def rate(self) -> float:
        """Events a CPU second."""
        return self.events / self.seconds

    @property
    def pace(self) -> float:
        """Events in the time of one yardstick."""
        return self.events / (self.seconds / self.yardstick)


class Taking(Protocol):
    """What takes in events."""

    def __call__(self, event: CardEvent) -> object:
        """Take in an event."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and say by the exit code whether all is well."""
    options = _options(arguments)
    work = Work(options.events, options.days, options.cards)
    size = max(1, options.events // options.stretches)
    print(f"{work.events} events over {work.days} days, {work.cards} cards, {default_rulebook()}")
    session = _session(work)
    tally = _Tally()
    found = []
    for stretch in _stretches(lambda event: tally.count(session.post(event)), work, size, lambda: len(session)):
        found.append(stretch)
        row = f"  day {stretch.day:4}  {stretch.rate:9.0f} events/s  {stretch.resident_mb:7.0f} MB"
        print(f"{row}  {stretch.held:8} held", flush=True)
    others = ", ".join(f"{count} {why}" for why, count in tally.ignored.items() if why)
    print(f"taken in: {tally.ignored[None]}; ignored: {others or 'none'}")
    print(f"outcomes: {tally.changes} began or ended")
    passed = _judge(found, work) & _nothing_lost(session, work)
    session.close()
    if options.plain:
        days = max(1, round(work.days * options.plain / work.events))
        passed &= _plain(attrs.evolve(work, events=min(options.plain, work.events), days=days), size)
    return 0 if passed else 1


class _Tally:
    """What a session told."""

    def __init__(self) -> None:
        self.ignored: Counter[str | None] = Counter()
        self.changes = 0
        self.outcomes: set[tuple[str, str]] = set()

    def count(self, told: Changes) -> None:
        """Count what was ignored, and what began and ended."""
        self.ignored[told.ignored] += 1
        if told:
            self.changes += len(told.began) + len(told.ended)
            self.outcomes.difference_update((each.code, each.key) for each in told.ended)
            self.outcomes.update((each.code, each.key) for each in told.began)


def _session(work: Work) -> Session:
    session = Session()
    session.advance(START)
    for card in cards(work):
        session.assert_fact(card)
    return session


def _stretches(take: Taking, work: Work, size: int, held: Callable[[], int]) -> Iterator[Stretch]:
    """Give the events to something that takes them in; the time that it takes to make them up is not counted."""
    every = events(work)
    while waiting := list(islice(every, size)):
        seconds = yardsticks = 0.0
        blocks = range(0, len(waiting), BLOCK)
        for start in blocks:
            yardsticks += yardstick()
            begin = time.process_time()
            for each in waiting[start : start + BLOCK]:
                take(each)
            seconds += time.process_time() - begin
        mean = yardsticks / len(blocks)
        yield Stretch(len(waiting), seconds, mean, resident(), held(), (waiting[-1].at - START).days)


def yardstick() -> float:
    """CPU seconds of a fixed piece of Python; it is warmed up by a pass that is not timed."""
    _measure()
    begin = time.process_time()
    _measure()
    return time.process_time() - begin


def _measure() -> None:
    numbers: dict[str, int] = {}
    for number in range(2_000):
        text = str(number)
        numbers[text] = numbers.get(text, number) & 7
    for number in range(2_000):
        del numbers[str(number)]


def resident() -> float:
    """Resident memory in megabytes."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:  # not on Linux: the most that it ever was
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return pages * resource.getpagesize() / 1e6


def _judge(found: list[Stretch], work: Work) -> bool:
    """Whether the last window is like the first, and like the one after it."""
    whole = [each for each in found if each.events == found[0].events]
    first = [each for each in whole if each.day < WINDOW]
    steady = [each for each in whole if each.day > WINDOW]
    if not first or len(steady) < 3 * len(first):
        print(f"JUDGE nothing: only {work.days} days, of which the first {WINDOW} fill the window")
        return True
    after, end = steady[: len(first)], steady[-len(first) :]
    passed = _same_rate("the first window, which fills", first, end)
    passed &= _same_rate("the window after it", after, end)
    _same_rate("the first stretch, into the empty session", first[:1], end, judged=False)
    quarter = max(1, len(steady) // 4)
    small, large = (max(each.resident_mb for each in of) for of in (steady[:quarter], steady[-quarter:]))
    memory = large <= small * (1 + TOLERANCE / 4)
    print(f"{_word(memory)} memory: {small:.0f} MB in the months after the first window, {large:.0f} MB in the last")
    return passed and memory


def _same_rate(what: str, before: list[Stretch], end: list[Stretch], *, judged: bool = True) -> bool:
    rates = [sum(each.events for each in of) / sum(each.seconds for each in of) for of in (before, end)]
    paces = [len(of) / sum(1 / each.pace for each in of) for of in (before, end)]
    ratio = paces[1] / paces[0]
    passed = abs(ratio - 1) <= TOLERANCE
    print(f"{_word(passed) if judged else 'NOTE'} rate: at the end {ratio:.2f} of {what}: {rates[0]:.0f} events/s, "
          f"and {rates[1]:.0f} at the end ({rates[1] / rates[0]:.2f}) as the machine was then")  # fmt: skip
    return passed


def _nothing_lost(session: Session, work: Work) -> bool:
    """Whether the session is what a new one is that sees the last window only."""
    assert session.now is not None
    keep = max(rule.keep for rule in default_rulebook().patterns if rule.keep is not None)
    again = _session(work)
    again.advance(session.now - keep)
    for event in events(work):
        if event.at + keep > session.now:
            again.post(event)
    again.advance(session.now)
    held = session.facts() == again.facts()
    same = all(session.decision(card.card_id) == again.decision(card.card_id) for card in cards(work))
    count = len(session) - work.cards
    print(f"{_word(held)} nothing lost: the {count} events that count are held, {len(again)} facts in a new session")
    print(f"{_word(same)} the same decisions on {work.cards} cards as in a new session")
    return held and same


def _word(passed: bool) -> str:
    return "PASS" if passed else "FAIL"


def _plain(work: Work, size: int) -> bool:
    """The plain program and a session on the same events: the rates of both, and whether they say the same."""
    print(f"beside a plain durable-rules program of the same ten patterns: {work.events} events over {work.days} days")
    codes = {rule.name for rule in default_rulebook().patterns}
    session, tally = _session(work), _Tally()
    ours = list(_stretches(lambda event: tally.count(session.post(event)), work, size, lambda: len(session)))
    session.close()
    before = resident()
    program = Program(list(events(work)), cards(work))
    theirs = list(_stretches(program.post, work, size, lambda: 0))
    for name, found in (("dxrules.Session", ours), ("plain durable-rules", theirs)):
        print(f"  {name:20} {found[0].rate:9.0f} events/s in the first stretch, {found[-1].rate:9.0f} in the last")
    print(f"  of which the plain program took {theirs[-1].resident_mb - before:.0f} MB more")
    said = {each for each in tally.outcomes if each[0] in codes}
    same = said == program.outcomes()
    print(f"{_word(same)} both say the same at the end: {len(said)} outcomes of pattern rules")
    return same


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Post a year of events to a session.")
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--cards", type=int, default=2_000)
    parser.add_argument("--stretches", type=int, default=50, help="how often to measure")
    parser.add_argument("--plain", type=int, default=100_000, metavar="EVENTS",
                        help="give so many of the first events to the plain program too; 0: none")  # fmt: skip
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
