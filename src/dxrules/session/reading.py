"""Facts as a session takes them in: checked, with their keys and times."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, cast

from dxrules.errors import EngineError, FactError, Problem, shown
from dxrules.matching import Present
from dxrules.rulebook import Rulebook
from dxrules.schema import FactType, Kind, Type
from dxrules.values import groups_of, read


class Reader:
    """Takes facts of a rulebook's types."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._readings: dict[type, _Reading] = {}
        self.events = [each for each in rulebook.fact_types if each.key is not None and each.moment is not None]
        self.standing = [each for each in rulebook.fact_types if each.key is not None and each.moment is None]

    def present(self, fact: Any, *, event: bool) -> Present:
        """A fact, checked.

        Args:
            fact: an instance of a fact type.
            event: whether an event is due, or a fact that is not one.

        Raises:
            FactError: it holds what its class does not take; the error has all such values.
            EngineError: the rulebook has no such facts, they have no key, or they are of the other sort.
        """
        reading = self._readings.get(type(fact))
        if reading is None:
            reading = self._readings[type(fact)] = _Reading(self._rulebook.fact_type_of(type(fact)))
        fact_type = reading.fact_type
        if event is not reading.event or fact_type.key is None:
            raise EngineError(_misplaced(fact_type, event=event))
        if not reading.is_sound(fact):
            reading.check(fact)
        key = cast("str", read(fact, fact_type.key, ()))
        at = None if fact_type.moment is None else cast("dt.datetime", read(fact, fact_type.moment, ()))
        return Present(fact_type, None, key, at, fact)


def _misplaced(fact_type: FactType, *, event: bool) -> str:
    name = fact_type.name
    if fact_type.key is None:
        return f"a session cannot hold `{name}`: its first field must be a text that is always given"
    if event:
        return f"`{name}` is no event: it has no date and time `at`; use `assert_fact`"
    return f"`{name}` is an event: use `post`"


class _Reading:
    """How the facts of a type are checked: at a glance, which nearly all pass, and then each value by itself."""

    def __init__(self, fact_type: FactType) -> None:
        self.fact_type = fact_type
        self.event = fact_type.moment is not None
        readable = [each for each in fact_type.facts.values() if each.type.kind != "unreadable"]
        self._items = [(each, groups_of(fact_type, each)) for each in readable]
        own = [each for each in readable if len(each.path) == 1]
        names = [each.path[0] for each in own]
        self._get: Callable[[Any], Any] | None = attrgetter(*names) if len(names) > 1 else None
        self._required = [each is fact_type.key or each is fact_type.moment for each in own]
        self._sure = [_sure_type(each.type) for each in own]

    def is_sound(self, fact: Any) -> bool:
        """Whether each value is unknown or of a type whose values are all taken; False where that is not so simple."""
        if self._get is None:
            return False
        for found, sure, required in zip(self._get(fact), self._sure, self._required, strict=True):
            if type(found) is sure:
                if isinstance(found, dt.datetime) and found.tzinfo is not None:
                    return False
            elif found is not None or required:
                return False
        return True

    def check(self, fact: Any) -> None:
        """Read each value.

        Raises:
            FactError: it holds what its class does not take; the error has all such values.
        """
        problems: dict[str, Problem] = {}
        for item, groups in self._items:
            try:
                found = read(fact, item, groups)
            except FactError as error:
                problems.update((each.path, each) for each in error.problems)
            else:
                if found is None and (item is self.fact_type.key or item is self.fact_type.moment):
                    problems[item.name] = Problem(item.name, shown(None), item.type.words(), "it is required")
        if problems:
            raise FactError(self.fact_type.name, problems.values())


_SURE: Mapping[Kind, type] = {"bool": bool, "int": int, "text": str, "date": dt.date, "datetime": dt.datetime}


def _sure_type(type_: Type) -> type | None:
    """The type whose instances are values of a fact, times without a zone only; None where each is to be looked at."""
    if type_.kind == "enum":
        return type_.python
    return _SURE.get(type_.kind)


def check_time(moment: object) -> dt.datetime:
    """A moment as sessions take it.

    Raises:
        EngineError: it is no date and time, or has a time zone.
    """
    if type(moment) is not dt.datetime:
        raise EngineError(f"the time of a session is a date and time, not {shown(moment)}")
    if moment.tzinfo is not None:
        raise EngineError("the time of a session has no time zone: convert it to the zone that the events have")
    return moment
