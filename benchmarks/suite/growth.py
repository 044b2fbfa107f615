"""Rules grow: synthetic rulebooks, how long they take to load and compile, and what a card then costs."""

import gc
from collections.abc import Callable, Iterable
from time import perf_counter, process_time
from typing import Any, ClassVar

import attrs

import dxrules
from benchmarks.suite.report import Row, Section, Target
from benchmarks.suite.timing import Contender, Sampling, Timing, calling, pair, reading_decisions
from benchmarks.suite.twelve import floor_contender
from benchmarks.synthetic import (
    RuleSet,
    Subscriber,
    conjunctive,
    disjunctive,
    guarded,
    joining,
    subscribers,
)

CARDS = 2_000
CHECKED = 500
LIMITS = {1_000: 10.0, 10_000: 30.0}


@attrs.frozen
class Built:
    """A synthetic rulebook and what it took, in seconds.

    `ready` includes the first decision, which is when an epoch compiles. `load_cpu` is the processor's time,
    which neighbours on a shared machine disturb least.
    """

    rules: RuleSet
    engine: Any
    flat: Callable[[Subscriber], list[str]]
    bytes: int
    load: float
    load_cpu: float
    ready: float

    @property
    def name(self) -> str:
        """How tables call it."""
        return f"{len(self.rules.conditions):,} {self.rules.name} rules"


@attrs.frozen
class BuildRow:
    """What one rulebook took, in all and for each of its rules."""

    HEADINGS: ClassVar[tuple[str, ...]] = ("", "MB", "load s", "us a rule", "compile s", "us a rule")

    name: str
    megabytes: float
    load: float
    load_share: float
    ready: float
    ready_share: float

    @classmethod
    def of(cls, built: Built) -> "BuildRow":
        """The line for a rulebook."""
        share = 1e6 / len(built.rules.conditions)
        return cls(built.name, built.bytes / 1e6, built.load, built.load * share, built.ready, built.ready * share)

    def cells(self) -> tuple[str, ...]:
        """The line as text."""
        return (
            self.name,
            f"{self.megabytes:.2f}",
            f"{self.load:.2f}",
            f"{self.load_share:.0f}",
            f"{self.ready:.2f}",
            f"{self.ready_share:.0f}",
        )


def build(rules: RuleSet) -> Built:
    """Load and compile, timed with the garbage collector on, as a program would find it.

    What was built before is frozen meanwhile: a program with one rulebook has no such garbage to go through.
    """
    text = rules.yaml()
    gc.collect()
    gc.freeze()
    start, start_cpu = perf_counter(), process_time()
    rulebook = dxrules.load(dxrules.Text(text), facts=(Subscriber,))
    loaded, loaded_cpu = perf_counter(), process_time()
    engine = dxrules.compile(rulebook)
    engine.evaluate(Subscriber())
    ready = perf_counter()
    gc.unfreeze()
    return Built(
        rules=rules,
        engine=engine,
        flat=rules.flat(),
        bytes=len(text.encode()),
        load=loaded - start,
        load_cpu=loaded_cpu - start_cpu,
        ready=ready - loaded,
    )


def measure(sampling: Sampling, quick: bool = False) -> list[Section]:
    """Two tables: what a card costs, and what loading and compiling cost."""
    sizes = (100, 1_000, 2_500) if quick else (100, 1_000, 2_500, 5_000, 10_000)
    grown = [build(conjunctive(size)) for size in sizes]
    kinds = [build(make(1_000)) for make in (guarded, joining, disjunctive)]
    return [_cards(sampling, grown, kinds), _building([*grown, *kinds], grown)]


def _cards(sampling: Sampling, grown: list[Built], kinds: list[Built]) -> Section:
    """What a card costs; the flat Python of the same rules stands beside each."""
    known = subscribers(CARDS)
    contenders, same, notes = [], {}, {}
    for built in (*grown, *kinds):
        flat = f"{built.name}, flat Python"
        contenders.append(Contender(built.name, reading_decisions(built.engine.evaluate), known))
        contenders.append(Contender(flat, calling(built.flat), known))
        same[built.name], notes[built.name] = _check(built, known)
    thousand = next(built for built in grown if len(built.rules.conditions) == 1_000)
    unknown = f"{thousand.name}, 30 % of facts unknown"
    sparse = subscribers(CARDS, unknown=0.3)
    contenders.append(Contender(unknown, reading_decisions(thousand.engine.evaluate), sparse))
    notes[unknown] = f"{_mean(len(thousand.engine.evaluate(card).undetermined) for card in sparse):.0f} undetermined"
    _, timings = pair(floor_contender(), contenders, sampling)
    return Section(
        title="Rules grow: one card, x the floor of the twelve rules",
        rows=tuple(Row.of(timing, same.get(name), notes.get(name, "")) for name, timing in timings.items()),
        targets=tuple(_card_targets(grown, timings)),
        problems=tuple(f"{name} differs from flat Python" for name, right in same.items() if not right),
    )


def _check(built: Built, cards: list[Subscriber]) -> tuple[bool, str]:
    """Whether the codes are those of flat Python, and how many rules fire on a card."""
    expected = [tuple(built.flat(card)) for card in cards]
    right = all(
        built.engine.evaluate(card).codes == codes
        for card, codes in zip(cards[:CHECKED], expected[:CHECKED], strict=True)
    )
    return right, f"{_mean(map(len, expected)):.1f} fire"


def _card_targets(grown: list[Built], timings: dict[str, Timing]) -> list[Target]:
    return [
        Target(f"{built.name}, few firing, x floor of the twelve", timings[built.name].ratio, LIMITS[size])
        for built in grown
        if (size := len(built.rules.conditions)) in LIMITS
    ]


def _building(everything: list[Built], grown: list[Built]) -> Section:
    """Loading and compiling, in seconds; a rule's share shows whether they are linear."""
    small, large = (next(b for b in grown if len(b.rules.conditions) == 2_500), grown[-1])
    count = len(large.rules.conditions)
    targets = []
    if large is not small:
        share = (large.load_cpu / count) / (small.load_cpu / len(small.rules.conditions))
        targets = [
            Target(f"loading {large.name}", large.load, 20, " s"),
            Target(f"loading a rule among {count:,} beside one among 2,500", share, 1.5, " x"),
            Target(f"compiling {large.name}, first decision included", large.ready, 3, " s"),
        ]
    return Section("Loading and compiling", rows=tuple(map(BuildRow.of, everything)), targets=tuple(targets))


def _mean(numbers: Iterable[int]) -> float:
    values = list(numbers)
    return sum(values) / len(values)
