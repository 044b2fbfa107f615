"""A session through a year: a million events on 2,000 cards, of which a window of 30 days counts.

Prints for each stretch of events how many a second were taken in, how much memory is resident, and how much is held.
At the end it says whether the rate at the end is that of the first full window, whether memory stayed flat since then,
and whether anything was lost: the session must hold exactly the events of the last window that some rule reads, each
once, and decide every card as a new session does that sees the last window only.

Beside it, `--plain` gives the first events to a plain durable-rules program of the same pairs of facts: one ruleset,
joined by the engine, each fact taken out after its window; conditions that compare times in Python. It has no absent
facts, no counts, no `after`, no decisions and no file.
"""

import argparse
import json
import resource
import sys
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import attrs

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs from anywhere, as a plain script

from benchmarks.events import START, Work, cards, events
from dxrules import Session, default_rulebook

TOLERANCE = 0.2  # of the rate, and of memory


@attrs.frozen
class Stretch:
    """What was measured over some events: CPU seconds, and what was so at their end."""

    events: int
    seconds: float
    resident_mb: float
    held: int
    day: int

    @property
    def rate(self) -> float:
        """Events a CPU second."""
        return self.events / self.seconds


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and say by the exit code whether all is well."""
    options = _options(arguments)
    work = Work(options.events, options.days, options.cards)
    size = max(1, options.events // options.stretches)
    print(f"{work.events} events over {work.days} days, {work.cards} cards, {default_rulebook()}")
    session = _session(work)
    ignored: Counter[str | None] = Counter()
    changes: Counter[str] = Counter()
    found = []
    for stretch in _stretches(session, work, size, ignored, changes):
        found.append(stretch)
        row = f"  day {stretch.day:4}  {stretch.rate:9.0f} events/s  {stretch.resident_mb:7.0f} MB"
        print(f"{row}  {stretch.held:8} held", flush=True)
    others = ", ".join(f"{count} {why}" for why, count in ignored.items() if why)
    print(f"taken in: {ignored[None]}; ignored: {others or 'none'}")
    print(f"outcomes: {sum(changes.values())} began or ended, of {len(changes)} rules and ways")
    passed = _judge(found, work) and _nothing_lost(session, work)
    session.close()
    if options.plain:
        _plain(attrs.evolve(work, events=options.plain, days=max(1, round(work.days * options.plain / work.events))))
    return 0 if passed else 1


def _session(work: Work) -> Session:
    session = Session()
    session.advance(START)
    for card in cards(work):
        session.assert_fact(card)
    return session


def _stretches(
    session: Session, work: Work, size: int, ignored: Counter[str | None], changes: Counter[str]
) -> Iterator[Stretch]:
    """Post the events; the time that it takes to make them up is not counted."""
    every = events(work)
    while waiting := list(islice(every, size)):
        begin = time.process_time()
        for each in waiting:
            told = session.post(each)
            ignored[told.ignored] += 1
            for change in told.began:
                changes[f"+{change.code}"] += 1
            for change in told.ended:
                changes[f"-{change.code}"] += 1
        seconds = time.process_time() - begin
        yield Stretch(len(waiting), seconds, resident(), len(session), (waiting[-1].at - START).days)


def resident() -> float:
    """Resident memory in megabytes."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:  # not on Linux: the most that it ever was
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return pages * resource.getpagesize() / 1e6


def _judge(found: list[Stretch], work: Work) -> bool:
    """Whether the last stretches are like those after the first window."""
    window = 30
    steady = [each for each in found if each.day > window and each.events == found[0].events]
    if len(steady) < 4:
        print(f"JUDGE nothing: only {work.days} days, of which the first {window} fill the window")
        return True
    quarter = max(1, len(steady) // 4)
    first, last = steady[:quarter], steady[-quarter:]
    start, end = (sum(each.events for each in of) / sum(each.seconds for each in of) for of in (first, last))
    empty = found[0].rate
    small, large = (max(each.resident_mb for each in of) for of in (first, last))
    rate = abs(end / start - 1) <= TOLERANCE
    memory = large <= small * (1 + TOLERANCE / 4)
    print(f"{_word(rate)} rate: {start:.0f} events/s after the first window, {end:.0f} at the end "
          f"({end / start:.2f}x; {empty:.0f} into the empty session)")  # fmt: skip
    print(f"{_word(memory)} memory: {small:.0f} MB after the first window, {large:.0f} MB at the end")
    return rate and memory


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


# The plain program

_PAIRS = {
    "CALL_AFTER_LOSS": ("loss_reported", "outgoing_call", "card_id"),
    "CHARGE_AFTER_LOSS": ("loss_reported", "charge", "card_id"),
    "ARREARS_AFTER_SUBMISSION": ("cancellation_submitted", "arrears_billed", "card_id"),
    "CALL_AFTER_REFUSAL": ("call_refused", "outgoing_call", "contact_id"),
}


def _plain(work: Work) -> None:
    import durable_rules_engine as rete

    rules = {
        code: {"all": [{"a": {"kind": first}}, {"b": {"$and": [{"kind": second}, {key: {"a": key}}]}}]}
        for code, (first, second, key) in _PAIRS.items()
    }
    encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
    handle = rete.create_ruleset("plain", encode(rules))
    kinds = {kind for first, second, _ in _PAIRS.values() for kind in (first, second)}
    window: deque[tuple[Any, str]] = deque()
    given = list(events(work))
    matches = 0
    begin = time.process_time()
    for number, event in enumerate(given):
        while window and (event.at - window[0][0]).days >= 30:
            rete.retract_fact(handle, window.popleft()[1])
        if event.kind not in kinds:
            continue
        fact = {"sid": "0", "id": f"f{number}", "kind": str(event.kind), "card_id": event.card_id, "at": str(event.at)}
        if event.contact_id is not None:
            fact["contact_id"] = event.contact_id
        text = encode(fact)
        code, state = rete.assert_fact(handle, text)
        window.append((event.at, encode({"sid": "0", "id": f"f{number}"})))
        found = rete.start_action_for_state(handle, state) if code == 0 else None
        match = found[1] if found else None
        while match:
            ((_, facts),) = json.loads(match).items()
            matches += facts["b"]["at"] > facts["a"]["at"]
            match = rete.complete_and_start_action(handle, state)
    seconds = time.process_time() - begin
    print(f"plain durable-rules, four pairs of the ten patterns: {len(given)} events over {work.days} days, "
          f"{len(given) / seconds:.0f} events/s, {matches} matches, {resident():.0f} MB")  # fmt: skip


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Post a year of events to a session.")
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--cards", type=int, default=2_000)
    parser.add_argument("--stretches", type=int, default=50, help="how often to measure")
    parser.add_argument("--plain", type=int, default=0, metavar="EVENTS",
                        help="give so many of the first events to a plain durable-rules program too")  # fmt: skip
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
