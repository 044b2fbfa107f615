"""Random facts for random fact types: valid ones, near the literals of a rulebook, and such as no validator saw."""

import copy
import datetime as dt
import decimal
import enum
import functools
import math
from collections.abc import Iterator
from random import Random
from typing import Any

import attrs

from dxrules.schema import MAX_INT, Fact, FactType, Type, describe
from generate.conditions import Constants

_NAN = float("nan")


def fact(rng: Random, fact_type: FactType, constants: Constants) -> Any:
    """A valid fact; how much of it is unknown differs from one to the next."""
    unknown = rng.choice((0.0, 0.05, 0.2, 0.5, 0.9))
    cls = fact_type.cls if rng.random() < 0.95 else _subclass(fact_type.cls)
    return _instance(rng, cls, constants, unknown)


@functools.cache
def _subclass(cls: type) -> type:
    """A class derived from a fact type: its instances are such facts too."""
    return type(f"Sub{cls.__name__}", (cls,), {"__slots__": ()})


def _instance(rng: Random, cls: type, constants: Constants, unknown: float) -> Any:
    described = describe(cls)
    given = {}
    for field in attrs.fields(cls):
        item = described.facts[field.name]
        if field.default is not attrs.NOTHING and rng.random() < 0.05:
            continue
        if item.optional and rng.random() < unknown:
            given[field.alias] = None
        else:
            given[field.alias] = _value(rng, item.type, constants, unknown)
    return cls(**given)


def _value(rng: Random, type_: Type, constants: Constants, unknown: float) -> Any:
    match type_.kind:
        case "bool":
            return rng.random() < 0.5
        case "int":
            return _int(rng, constants)
        case "float":
            return _NAN if rng.random() < unknown / 2 else _float(rng, constants)
        case "text":
            texts = [*constants.texts, "", "other"]
            return rng.choice(texts) + rng.choice(("", "", "", "x", " "))
        case "enum":
            return _member(rng, type_)
        case "date":
            return _near_day(rng, constants)
        case "datetime":
            return _near_time(rng, constants)
        case "set":
            return frozenset(_member(rng, type_) for _ in range(rng.choice((0, 0, 1, 1, 2, 4))))
        case "group":
            assert type_.python is not None
            return _instance(rng, type_.python, constants, unknown)
        case _:
            return rng.choice(([1, 2], (1,), {"k": 1}, b"bytes", 2j, decimal.Decimal("1.5"), object))


def _member(rng: Random, type_: Type) -> str | enum.Enum:
    text = rng.choice(type_.members)
    if type_.python is None or rng.random() < 0.1:  # a text that is a member is one, in any class without validators
        return text
    return type_.python(text)


def _int(rng: Random, constants: Constants) -> int:
    near = rng.choice([*constants.ints, *map(int, _moderate(constants.floats)), 0]) + rng.choice((0, 0, 0, 1, -1))
    found = rng.choice((near, near, near, near, rng.randint(-20, 20), rng.choice((MAX_INT, -MAX_INT, 0))))
    return max(-MAX_INT, min(MAX_INT, found))


def _moderate(floats: list[float]) -> list[float]:
    return [each for each in floats if abs(each) < 1e15]


def _float(rng: Random, constants: Constants) -> float:
    near: float = rng.choice([*constants.floats, *constants.ints, 0.0])
    choice = rng.random()
    if choice < 0.15:
        return _int(rng, constants)
    if choice < 0.5:
        return float(near)
    if choice < 0.65:
        return math.nextafter(near, rng.choice((math.inf, -math.inf)))
    if choice < 0.8:
        return float(near) + rng.choice((1, -1, 0.5))
    return rng.choice((-0.0, 5e-324, 1.7976931348623157e308, -1e308, 0.1 + 0.2, rng.uniform(-100, 100)))


def _near_day(rng: Random, constants: Constants) -> dt.date:
    near = rng.choice([*constants.days, *(each.date() for each in constants.times), dt.date(2024, 6, 1)])
    return shifted(near, rng.choice((0, 0, 0, 1, -1, rng.choice(constants.ints or [0]) % 4000, -90)))


def _near_time(rng: Random, constants: Constants) -> dt.datetime:
    days = [dt.datetime.combine(each, dt.time()) for each in constants.days]
    near = rng.choice([*constants.times, *constants.times, *days, dt.datetime(2024, 6, 1, 8)])
    step = rng.choice((dt.timedelta(0), dt.timedelta(0), dt.timedelta(microseconds=1), -dt.timedelta(microseconds=1)))
    try:
        return near + step
    except OverflowError:
        return near


def shifted(day: dt.date, days: int) -> dt.date:
    """A day some days later, or the last or first of all days."""
    return dt.date.fromordinal(max(1, min(dt.date.max.toordinal(), day.toordinal() + days)))


# What no validator saw

_WRONG: tuple[Any, ...] = (
    *(
        1,
        0,
        True,
        False,
        1.0,
        2.5,
        "1",
        "True",
        "",
        None,
        _NAN,
        math.inf,
        -math.inf,
        MAX_INT + 1,
        -MAX_INT - 1,
    ),
    *(2**63, 10**400, b"a", (), [], {}, object(), dt.date(2024, 1, 1), dt.datetime(2024, 1, 1), dt.time(1)),
    *(
        dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
        frozenset(),
        set(),
        frozenset({1}),
        frozenset({None}),
        frozenset({"?"}),
    ),
    *(decimal.Decimal(1), 1j, int, "no member", ["a"], frozenset({frozenset()}), frozenset({("a",)})),
)


class _SubInt(int):
    pass


class _SubFloat(float):
    pass


class _SubText(str):
    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return 0


class _SubDay(dt.date):
    pass


@attrs.frozen
class _OtherGroup:
    stage: str = "a"


def broken(rng: Random, fact_type: FactType, fact: Any) -> Any:
    """A copy with one or two values put past the validators; most are wrong, a few are valid after all."""
    fact = copy.deepcopy(fact)  # groups may be shared: the default of a field is
    places = list(_places(fact_type, fact))
    for holder, item in rng.sample(places, min(len(places), rng.choice((1, 1, 1, 2)))):
        object.__setattr__(holder, item.path[-1], _broken(rng, item))
    return fact


def _places(fact_type: FactType, fact: Any) -> Iterator[tuple[Any, Fact]]:
    for item in fact_type.facts.values():
        holder = fact
        for step in item.path[:-1]:
            holder = getattr(holder, step, None)
        if holder is not None:
            yield holder, item


def _broken(rng: Random, item: Fact) -> Any:
    if rng.random() < 0.5:
        return rng.choice(_WRONG)
    member = next(iter(item.type.members), "a")
    nearly: dict[str, tuple[Any, ...]] = {
        "bool": (1, 0, 1.0, "True", None),
        "int": (True, 1.0, _NAN, "1", _SubInt(1), MAX_INT + 1, -MAX_INT - 1, 2**63, decimal.Decimal(1)),
        "float": (True, math.inf, -math.inf, "1.5", MAX_INT + 1, _SubFloat(1.5), _SubInt(2), 10**400, _NAN),
        "text": (_SubText("a"), _SubText(""), 1, b"a", None),
        "enum": (member, _SubText(member), member.upper() + "?", 1, None, frozenset({member})),
        "date": (dt.datetime(2024, 1, 1), "2024-01-01", _SubDay(2024, 1, 1), 738_000),
        "datetime": (dt.date(2024, 1, 1), dt.datetime(2024, 1, 1, tzinfo=dt.UTC), "2024-01-01T00:00:00", 0.0),
        "set": (
            {member}, set(), [member], member, frozenset({member}), frozenset({member, "?"}), (member,),
            {member: 1},
            frozenset({_SubText(member)}), frozenset({1}),
        ),
        "group": (_OtherGroup(), {}, True, "group", item.type.python, 0),
    }  # fmt: skip
    return rng.choice(nearly.get(item.type.kind, (1,)))
