"""Questions: the unknown facts that are worth asking for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, overload

import attrs

from dxrules.codes import places
from dxrules.explain.build import Subject, named_reading
from dxrules.meaning import missing_of_rule
from dxrules.schema import Fact, FactType


@attrs.frozen
class Question:
    """An unknown fact, and the rules that wait for it.

    Attributes:
        name: the fact; a group that is unknown as a whole; or `parameter:NAME`, a parameter without a value yet.
        rules: the names of the rules, in order.
        fact: the description of the fact; None for a parameter.
        personal: whether it is personal data.
    """

    name: str
    rules: tuple[str, ...]
    fact: Fact | None = attrs.field(default=None, repr=False)
    personal: bool = False

    def text(self, lang: str = "en") -> str:
        """What the fact is called in a language."""
        from dxrules.explain.text import label_of

        return label_of(self.name, self.fact, lang)

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {"name": self.name, "rules": list(self.rules), "personal": self.personal}


@attrs.frozen
class Questions(Sequence[Question]):
    """Unknown facts worth asking for: first those that most rules wait for, then in the order of the rules."""

    items: tuple[Question, ...] = ()

    @overload
    def __getitem__(self, index: int) -> Question: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Question, ...]: ...
    def __getitem__(self, index: int | slice) -> Question | tuple[Question, ...]:
        return self.items[index]

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Question]:
        return iter(self.items)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the facts."""
        return tuple(each.name for each in self.items)

    def text(self, lang: str = "en") -> str:
        """For people: a line for each fact, with the rules that wait for it.

        Raises:
            DxRulesError: a language other than `en` or `zh`.
        """
        from dxrules.explain.text import questions_text

        return questions_text(self, lang)

    def __str__(self) -> str:
        return self.text()

    def to_dict(self) -> list[dict[str, Any]]:
        """Plain data, a list."""
        return [each.to_dict() for each in self.items]


def missing(subject: Subject) -> Questions:
    """The unknown facts that the undetermined rules wait for."""
    epoch, facts = subject.plan.epoch, subject.facts
    rules: dict[str, list[str]] = {}
    for place in places(subject.open):
        for name in missing_of_rule(epoch, place, facts):
            rules.setdefault(name, []).append(epoch.rules[place].name)
    return questions_of(epoch.fact_type, rules)


def questions_of(fact_type: FactType, rules: Mapping[str, Iterable[str]]) -> Questions:
    """Questions for unknown facts, each with the names of the rules that wait for it."""
    found: list[Question] = []
    for name, waiting in rules.items():
        reading = named_reading(fact_type, name)
        found.append(Question(name, tuple(waiting), reading.fact, reading.personal))
    return Questions(tuple(sorted(found, key=lambda each: -len(each.rules))))
