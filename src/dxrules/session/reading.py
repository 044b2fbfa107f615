"""Facts as a session takes them in: checked, with their keys and times."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from dxrules.errors import EngineError, FactError, Problem, shown
from dxrules.matching import Present
from dxrules.meaning import InstanceFacts
from dxrules.rulebook import Rulebook
from dxrules.schema import Fact, FactType
from dxrules.values import groups_of, read


class Reader:
    """Takes facts of a rulebook's types."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._items: dict[FactType, list[tuple[Fact, tuple[Fact, ...]]]] = {}
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
        fact_type = self._rulebook.fact_type_of(type(fact))
        name = fact_type.name
        if fact_type.key is None:
            raise EngineError(f"a session cannot hold `{name}`: its first field must be a text that is always given")
        if event and fact_type.moment is None:
            raise EngineError(f"`{name}` is no event: it has no date and time `at`; use `assert_fact`")
        if not event and fact_type.moment is not None:
            raise EngineError(f"`{name}` is an event: use `post`")
        self._check(fact, fact_type)
        key = cast("str", read(fact, fact_type.key, ()))
        at = None if fact_type.moment is None else cast("dt.datetime", read(fact, fact_type.moment, ()))
        return Present(fact_type, InstanceFacts(fact, {}, dt.date.min), key, at, fact)

    def _check(self, fact: Any, fact_type: FactType) -> None:
        items = self._items.get(fact_type)
        if items is None:
            readable = (each for each in fact_type.facts.values() if each.type.kind != "unreadable")
            items = self._items[fact_type] = [(each, groups_of(fact_type, each)) for each in readable]
        problems: dict[str, Problem] = {}
        for item, groups in items:
            try:
                found = read(fact, item, groups)
            except FactError as error:
                problems.update((each.path, each) for each in error.problems)
            else:
                if found is None and (item is fact_type.key or item is fact_type.moment):
                    problems[item.name] = Problem(item.name, shown(None), item.type.words(), "it is required")
        if problems:
            raise FactError(fact_type.name, problems.values())


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
