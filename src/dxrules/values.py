"""The values of facts: what a type takes, and how a value is read.

Rules read a fact through `plain`: None is unknown, NaN too; an enum member becomes its text; a value that the type
does not take is a problem, never a guess.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Any, cast

from dxrules.errors import FactError, Problem, shown
from dxrules.schema import MAX_INT, Fact, FactType, Type
from dxrules.suggest import did_you_mean, nearest

Plain = bool | int | float | str | dt.date | dt.datetime | frozenset[str] | None

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DATETIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?", re.ASCII)


class BadValueError(Exception):
    """A value that its type does not take: what it takes, and what was probably meant."""

    def __init__(self, allowed: str, help: str | None = None) -> None:
        super().__init__(allowed, help)
        self.allowed = allowed
        self.help = help


def plain(type_: Type, value: object) -> Plain:
    """The value as rules compare it; None when it is unknown.

    Raises:
        BadValueError: the type does not take this value.

    >>> plain(Type("int"), 3), plain(Type("float"), float("nan"))
    (3, None)
    """
    if value is None:
        return None
    return _READERS[type_.kind](type_, value)


def _bool(_: Type, value: object) -> Plain:
    if value is True or value is False:
        return value
    hint = {"1": "write True", "0": "write False"}.get(str(value)) if type(value) is int else None
    raise BadValueError("true, false or unknown", hint)


def _int(_: Type, value: object) -> Plain:
    if type(value) is int:
        if -MAX_INT <= value <= MAX_INT:
            return value
        raise BadValueError("a whole number within ±(2^53 - 1)")
    raise BadValueError("a whole number")


def _float(_: Type, value: object) -> Plain:
    if type(value) is float:
        if math.isfinite(value):
            return value
        if math.isnan(value):
            return None
        raise BadValueError("a finite number")
    if type(value) is int:
        if -MAX_INT <= value <= MAX_INT:
            return float(value)  # exactly: what is a number by its class is calculated with as one
        raise BadValueError("a whole number within ±(2^53 - 1), or a float")
    raise BadValueError("a number")


def _text(_: Type, value: object) -> Plain:
    if isinstance(value, str):
        return value if type(value) is str else str.__str__(value)
    raise BadValueError("text")


def _enum(type_: Type, value: object) -> Plain:
    if isinstance(value, str):
        text = str.__str__(value)
        if text in type_.members:
            return text
        meant = nearest(text, type_.members)
        raise BadValueError(type_.words(), f"did you mean `{meant}`?" if meant is not None else None)
    raise BadValueError(type_.words())


def _date(_: Type, value: object) -> Plain:
    if type(value) is dt.date:
        return value
    raise BadValueError("a date", "take its `.date()`" if isinstance(value, dt.datetime) else None)


def _datetime(_: Type, value: object) -> Plain:
    if type(value) is dt.datetime:
        if value.tzinfo is None:
            return value
        raise BadValueError("a date and time without a time zone", "convert it to the zone that the rules mean")
    raise BadValueError("a date and time")


def _set(type_: Type, value: object) -> Plain:
    if type(value) is not frozenset:
        raise BadValueError(f"{type_.words()}, as a frozenset")
    element = Type("enum", type_.members, type_.python)
    texts = set()
    for each in value:
        try:
            texts.add(_enum(element, each))
        except BadValueError as bad:
            raise BadValueError(type_.words(), bad.help) from None
    return frozenset(texts)  # type: ignore[arg-type]


def _group(type_: Type, value: object) -> Plain:
    assert type_.python is not None
    if isinstance(value, type_.python):
        return True
    raise BadValueError(f"{type_.python.__name__} or None")


_READERS = {
    "bool": _bool,
    "int": _int,
    "float": _float,
    "text": _text,
    "enum": _enum,
    "date": _date,
    "datetime": _datetime,
    "set": _set,
    "group": _group,
}


def read(fact: Any, item: Fact, groups: tuple[Fact, ...]) -> Plain:
    """The plain value of one fact of an attrs instance; None when it, or a group around it, is unknown.

    Args:
        fact: the instance.
        item: which of its facts.
        groups: the groups around it, outermost first.

    Raises:
        FactError: a value that the field does not take.
    """
    value = fact
    for step in (*groups, item):
        value = getattr(value, step.path[-1])
        if value is None:
            return None
        if type(value) is int and step.type.kind == "int":
            return value  # beyond ±(2^53 - 1) too: that is an error where a fact is built, and compares exactly here
        try:
            known = plain(step.type, value)
        except BadValueError as bad:
            problem = Problem(step.name, shown(value), bad.allowed, bad.help)
            raise FactError(type(fact).__name__, [problem]) from None
        if step is item:
            return known
    raise AssertionError("unreachable")


def groups_of(fact_type: FactType, item: Fact) -> tuple[Fact, ...]:
    """The groups around a fact, outermost first."""
    return tuple(fact_type.facts[".".join(item.path[:end])] for end in range(1, len(item.path)))


def constant(value: object, type_: Type) -> Plain:
    """A text as the enum member or date that it stands beside, a whole number of float type as a float.

    Other values stay what they are.

    Raises:
        ValueError: it is none; the text is the help.
    """
    if type_.kind == "float" and type(value) is int:  # a parameter that is 1 today and 1.5 tomorrow is a float today
        return float(value)
    if not isinstance(value, str) or type_.kind == "text":
        return cast(Plain, value)
    if type_.kind == "enum":
        if value not in type_.members:
            raise ValueError(did_you_mean(value, type_.members) or "")
        return value
    try:
        if type_.kind == "date" and _DATE.fullmatch(value):
            return dt.date.fromisoformat(value)
        if type_.kind == "datetime" and _DATETIME.fullmatch(value):
            return dt.datetime.fromisoformat(value)
    except ValueError:
        pass
    form = "2026-01-31" if type_.kind == "date" else "2026-01-31T09:30:00"
    raise ValueError(f"write it as `{form}`")
