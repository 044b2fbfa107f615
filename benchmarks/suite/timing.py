"""Paired timing: every sample of a contender stands between two samples of the floor, taken moments apart.

On a shared machine absolute times drift by a third within a minute, and ratios do not: both sides of a pair
see the same neighbours, the same clock speed and the same cards. So each round visits all contenders in turn,
samples the floor between them, and divides; what is reported is the median of those ratios over the rounds,
and their range. Each sample begins with an untimed pass over its cards: a contender is measured as in a program that
uses it, not with its memory swept out of the processor's caches by the contender before it.
"""

import gc
import math
import statistics
from collections.abc import Callable, Sequence
from time import perf_counter_ns
from typing import Any

import attrs

Run = Callable[[Sequence[Any]], None]


@attrs.frozen
class Contender:
    """A loop over cards, and the cards it takes."""

    name: str
    run: Run
    cards: Sequence[Any] = attrs.field(repr=False)


@attrs.frozen
class Sampling:
    """How much to measure: rounds, cards a round, and the least time that one sample lasts."""

    rounds: int = 25
    block: int = 2_000
    milliseconds: float = 4.0


@attrs.frozen
class Timing:
    """What was measured of one contender: nanoseconds a card in each round, and their ratios to the floor."""

    name: str
    nanoseconds: tuple[float, ...]
    ratios: tuple[float, ...]

    @property
    def microseconds(self) -> float:
        """The median time of one card."""
        return statistics.median(self.nanoseconds) / 1_000

    @property
    def ratio(self) -> float:
        """The median ratio to the floor."""
        return statistics.median(self.ratios)

    def relative_to(self, other: "Timing") -> float:
        """The median, over the rounds of one run, of this contender's ratio to another's."""
        return statistics.median(mine / theirs for mine, theirs in zip(self.ratios, other.ratios, strict=True))


def calling(function: Callable[[Any], object]) -> Run:
    """The loop that calls a function on each card and drops its answer."""

    def run(cards: Sequence[Any]) -> None:
        for card in cards:
            function(card)

    return run


def reading_decisions(evaluate: Callable[[Any], Any]) -> Run:
    """The loop that takes from each decision what a caller takes: its codes, and what is undetermined."""

    def run(cards: Sequence[Any]) -> None:
        for card in cards:
            decision = evaluate(card)
            decision.codes  # noqa: B018  reading it is what is timed
            decision.undetermined  # noqa: B018

    return run


def reading_decisions_by(evaluate: Callable[..., Any], rulebook: object) -> Run:
    """The same loop, for a function that is told the rulebook with each card."""

    def run(cards: Sequence[Any]) -> None:
        for card in cards:
            decision = evaluate(card, rulebook=rulebook)
            decision.codes  # noqa: B018
            decision.undetermined  # noqa: B018

    return run


def pair(floor: Contender, contenders: Sequence[Contender], sampling: Sampling) -> tuple[Timing, dict[str, Timing]]:
    """Time the floor and the contenders against it, with the garbage collector off."""
    contests = [(contender, _passes(contender, sampling)) for contender in contenders]
    floor_passes = _passes(floor, sampling)
    floors: list[float] = []
    times: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    ratios: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    gc.collect()
    collecting = gc.isenabled()
    gc.disable()
    try:
        for turn in range(sampling.rounds):
            before = _sample(floor, floor_passes, turn, sampling)
            floors.append(before)
            for contender, passes in contests:
                time = _sample(contender, passes, turn, sampling)
                after = _sample(floor, floor_passes, turn, sampling)
                times[contender.name].append(time)
                ratios[contender.name].append(2 * time / (before + after))
                before = after
    finally:
        if collecting:
            gc.enable()
    timings = {name: Timing(name, tuple(times[name]), tuple(ratios[name])) for name in times}
    return Timing(floor.name, tuple(floors), (1.0,) * len(floors)), timings


def _block(contender: Contender, turn: int, sampling: Sampling) -> Sequence[Any]:
    """The cards of a round: the next block of them, around again at the end."""
    blocks = max(1, len(contender.cards) // sampling.block)
    start = turn % blocks * sampling.block
    return contender.cards[start : start + sampling.block]


def _passes(contender: Contender, sampling: Sampling) -> int:
    """How often to go over a block so that a sample lasts; measured on a second, warm pass."""
    cards = _block(contender, 0, sampling)
    contender.run(cards)
    start = perf_counter_ns()
    contender.run(cards)
    return max(1, math.ceil(sampling.milliseconds * 1e6 / max(1, perf_counter_ns() - start)))


def _sample(contender: Contender, passes: int, turn: int, sampling: Sampling) -> float:
    """Nanoseconds a card over some passes of this round's block, after one that is not timed."""
    run, cards = contender.run, _block(contender, turn, sampling)
    run(cards)
    start = perf_counter_ns()
    for _ in range(passes):
        run(cards)
    return (perf_counter_ns() - start) / (passes * len(cards))
