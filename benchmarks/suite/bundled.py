"""The shipped rulebook on random cards: no target, a figure beside the others."""

import random
import types
from collections.abc import Callable
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import attrs

import dxrules
from benchmarks.suite.report import Row, Section
from benchmarks.suite.timing import Contender, Sampling, pair, reading_decisions
from benchmarks.suite.twelve import floor_contender

CARDS = 2_000
_NUMBERS = (0, 0, 1, 2, 5, 30, 90, 400)
_DAY = datetime(2026, 1, 1)


def measure(sampling: Sampling) -> Section:
    """Time the shipped rules on cards that know everything, and on cards that know little."""
    rulebook = dxrules.default_rulebook()
    engine = dxrules.compile(rulebook)
    known, sparse = random_facts(dxrules.Card, CARDS), random_facts(dxrules.Card, CARDS, unknown=0.7)
    contenders = [
        Contender(name, reading_decisions(engine.evaluate), cards)
        for name, cards in (("random cards, all facts known", known), ("random cards, 70 % unknown", sparse))
    ]
    _, timings = pair(floor_contender(), contenders, sampling)
    rows = [
        Row.of(timing, note=_note(engine, contender.cards))
        for timing, contender in zip(timings.values(), contenders, strict=True)
    ]
    return Section("The bundled rules", rows=tuple(rows))


def random_facts(cls: type, count: int, seed: int = 23, unknown: float = 0.0) -> list[Any]:
    """Random instances of an attrs class; fields unknown or refused are left at their defaults."""
    rng = random.Random(seed)
    make = _maker(cls, unknown)
    return [make(rng) for _ in range(count)]


def _note(engine: Any, cards: Any) -> str:
    decisions = [engine.evaluate(card) for card in cards]
    fired = sum(len(decision.codes) for decision in decisions) / len(decisions)
    undetermined = sum(len(decision.undetermined) for decision in decisions) / len(decisions)
    return f"{fired:.1f} fire, {undetermined:.1f} undetermined"


def _maker(cls: type, unknown: float) -> Callable[[random.Random], Any]:
    """What makes one instance: each field by its type, groups by their own fields."""
    hints = get_type_hints(cls)
    fields = [(field, _drawing(hints[field.name], unknown)) for field in attrs.fields(cls) if field.init]

    def make(rng: random.Random) -> Any:
        values: dict[str, Any] = {}
        for field, draw in fields:
            if field.default is attrs.NOTHING or rng.random() >= unknown:
                values[field.alias] = draw(rng)
        try:
            return cls(**values)
        except dxrules.FactError as error:
            refused = {problem.path for problem in error.problems}
            return cls(**{name: value for name, value in values.items() if name not in refused})

    return make


def _drawing(kind: Any, unknown: float) -> Callable[[random.Random], Any]:
    """A draw from a type that rules can read."""
    if get_origin(kind) in (Union, types.UnionType):
        return _drawing(next(part for part in get_args(kind) if part is not type(None)), unknown)
    if get_origin(kind) is Literal:
        return lambda rng: rng.choice(get_args(kind))
    if get_origin(kind) is frozenset:
        members = tuple(get_args(kind)[0])
        return lambda rng: frozenset(member for member in members if rng.random() < 0.4)
    if attrs.has(kind):
        return _maker(kind, unknown)
    if issubclass(kind, Enum):
        return lambda rng: rng.choice(tuple(kind))
    return _PLAIN[kind]


_PLAIN: dict[type, Callable[[random.Random], Any]] = {
    bool: lambda rng: rng.random() < 0.5,
    int: lambda rng: rng.choice(_NUMBERS),
    float: lambda rng: float(rng.choice(_NUMBERS)),
    str: lambda rng: f"text-{rng.randrange(1_000)}",
    date: lambda rng: (_DAY - timedelta(days=rng.randrange(900))).date(),
    datetime: lambda rng: _DAY - timedelta(days=rng.randrange(900)),
}
