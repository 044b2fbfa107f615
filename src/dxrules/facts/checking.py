"""Checking facts when they are built: every field of an instance, by its annotation and its note."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

import attrs

from dxrules.errors import FactError, Problem, shown
from dxrules.facts.enums import Labelled
from dxrules.schema import MAX_INT, Fact, Type, describe
from dxrules.values import BadValueError, plain

_EXACT: Mapping[str, tuple[type, ...]] = {  # exact types that need at most a look at the bounds
    "bool": (bool,),
    "int": (int,),
    "float": (float,),
    "text": (str,),
}
_MOST_ELEMENTS = 20  # bad elements of one set that are spelt out


@attrs.frozen(eq=False)
class Check:
    """What one field takes: the quick test first, `problems_with` for the rest.

    `types` are the exact types that fit when they lie within `low` and `high`; `texts` has the members of an
    enum, or of the elements of a set, by their text.
    """

    item: Fact
    types: frozenset[type]
    low: float | None
    high: float | None
    texts: Mapping[str, object]

    def take(self, value: Any) -> Any:
        """The value as the field holds it: a text that names a member becomes the member.

        Raises:
            FactError: the field does not take it.
        """
        if value is None and self.item.optional:
            return None
        kind = type(value)
        if kind in self.types and (self.low is None or self.low <= value <= self.high):
            return value
        if kind is str and value in self.texts and self.item.type.kind == "enum":
            return self.texts[value]
        problems = problems_with(self.item, value)
        if problems:
            raise FactError("", problems)
        if self.item.type.kind == "enum":
            return self.texts[str.__str__(value)]
        if kind is frozenset and self.item.type.kind == "set":
            return frozenset([self.texts[str.__str__(each)] for each in value])
        return value


def check_of(item: Fact) -> Check:
    """The check of one field."""
    kind, python = item.type.kind, item.type.python
    types = _EXACT.get(kind, ())
    if kind in ("enum", "group") and python is not None:
        types = (python,)
    low: float | None = None
    high: float | None = None
    if kind in ("int", "float"):
        high = MAX_INT if kind == "int" else sys.float_info.max
        minimum = item.note.minimum if item.note is not None else None
        low = -high if minimum is None else minimum
    texts = {text: text if python is None else python(text) for text in item.type.members}
    return Check(item, frozenset(types), low, high, texts)


def problems_with(item: Fact, value: object) -> list[Problem]:
    """What is wrong with a value of a fact, by its type and note; nothing for a type that rules cannot read.

    >>> print(*problems_with(Fact(("fen",), Type("int"), optional=True, required=False), 12.5))
    fen: found 12.5, allowed is a whole number
    """
    type_ = item.type
    if type_.kind == "unreadable" or (value is None and item.optional):
        return []
    if value is None:
        hint = "write `unknown` for what is not known" if "unknown" in type_.members else None
        return [Problem(item.name, "None", type_.words(), hint)]
    if type_.kind == "set" and type(value) is frozenset:
        element = attrs.evolve(item, type=Type("enum", type_.members, type_.python), optional=False)
        each_problems = (problems_with(element, each) for each in sorted(value, key=shown)[:_MOST_ELEMENTS])
        return [problem for problems in each_problems for problem in problems]
    try:
        known = plain(type_, value)
    except BadValueError as bad:
        return [Problem(item.name, shown(value), bad.allowed, bad.help or _hint(type_, value))]
    minimum = item.note.minimum if item.note is not None else None
    if minimum is not None and isinstance(known, (int, float)) and known < minimum:
        return [Problem(item.name, shown(value), f"{type_.words()}, {minimum} or more")]
    return []


def _hint(type_: Type, value: object) -> str | None:
    """What was probably meant: a member by its label, None by NaN, a whole number by one with a point."""
    if type_.kind == "enum" and type(value) is str and type_.python and issubclass(type_.python, Labelled):
        for member in type_.python:
            if value in (member.en, member.zh):
                return f"did you mean `{member}`?"
    if isinstance(value, float) and math.isnan(value):
        return "None is what is not known"
    if type_.kind == "int" and isinstance(value, float) and value.is_integer():
        return f"write {shown(int(value))}"
    return None


@attrs.frozen(eq=False)
class _Table:
    """The checks of a class. `usual` has, for each field, a value that needs no check."""

    read: Callable[[object], tuple[object, ...]]
    usual: tuple[object, ...]
    checks: tuple[Check, ...]


_tables: dict[type, _Table] = {}


def _table_of(cls: type) -> _Table:
    facts = describe(cls).facts
    rows = []
    for field in attrs.fields(cls):
        item = facts[field.name]
        if not field.init or item.type.kind == "unreadable":
            continue
        check = check_of(item)
        usual: object = None if item.optional else field.default
        if usual is not None and not (item.type.kind == "enum" and type(usual) in check.types):
            usual = attrs.NOTHING
        rows.append((field.name, usual, check))
    names = [name for name, _, _ in rows]

    def read_few(fact: object) -> tuple[object, ...]:  # attrgetter makes a tuple of two or more only
        return tuple([getattr(fact, name) for name in names])

    read = attrgetter(*names) if len(names) > 1 else read_few
    return _Table(read, tuple(usual for _, usual, _ in rows), tuple(check for _, _, check in rows))


@attrs.frozen
class NoneWhile:
    """A fact that must be None while another, an enum, is one of some members."""

    fact: str
    other: str
    members: tuple[str, ...]


def checked_with(*also: NoneWhile) -> Callable[[object], None]:
    """As `checked`, with checks of one field by another.

    >>> from typing import Literal
    >>> @attrs.frozen
    ... class Loan:
    ...     state: Literal["open", "repaid"] = "open"
    ...     repaid_days: int | None = None
    ...     __attrs_post_init__ = checked_with(NoneWhile("repaid_days", "state", ("open",)))
    >>> Loan("open", 3)
    Traceback (most recent call last):
        ...
    dxrules.errors.FactError: 1 problem in this Loan:
      repaid_days: found 3, allowed is None while `state` is `open`
    """

    def check(fact: object) -> None:
        problems = []
        for each in also:
            value, other = getattr(fact, each.fact), getattr(fact, each.other)
            if value is not None and isinstance(other, str) and other in each.members:
                allowed = f"None while `{each.other}` is `{str.__str__(other)}`"
                problems.append(Problem(each.fact, shown(value), allowed))
        checked(fact, *problems)

    _none_while[check] = also
    return check


_none_while: dict[object, tuple[NoneWhile, ...]] = {}
_keeping: set[object] = set()


def keeps(*converters: Callable[..., Any]) -> None:
    """Say of converters that they give back what they are given: they are there for type checkers only."""
    _keeping.update(converters)


def has_code_of_its_own(cls: type) -> bool:
    """Whether a class changes or checks its facts by Python code that says nothing of itself."""
    own = declared_checks(cls) is None
    return own or any(
        field.validator is not None or (field.converter is not None and field.converter not in _keeping)
        for field in attrs.fields(cls)
    )


def declared_checks(cls: type) -> tuple[NoneWhile, ...] | None:
    """The checks of one field by another that a class declares; None when it makes checks of its own in Python."""
    made = getattr(cls, "__attrs_post_init__", None)
    if made is None or made is checked:
        return ()
    return _none_while.get(made)


def checked(fact: object, *also: Problem) -> None:
    """Check every field of an attrs instance, and turn texts in its enum fields into members.

    It is made to be the `__attrs_post_init__` of a fact class:

    >>> @attrs.frozen
    ... class Loan:
    ...     amount: int
    ...     __attrs_post_init__ = checked
    >>> Loan(12.5)
    Traceback (most recent call last):
        ...
    dxrules.errors.FactError: 1 problem in this Loan:
      amount: found 12.5, allowed is a whole number

    Args:
        fact: the instance.
        also: problems that the class itself found; one on a field that has a problem already is left out.

    Raises:
        FactError: it lists every problem of the fact.
    """
    cls = type(fact)
    table = _tables.get(cls)
    if table is None:
        table = _tables[cls] = _table_of(cls)
    problems: list[Problem] = []
    for value, usual, check in zip(table.read(fact), table.usual, table.checks, strict=True):
        if value is usual:
            continue
        if type(value) in check.types and (check.low is None or check.low <= value <= check.high):  # type: ignore[operator]
            continue
        try:
            taken = check.take(value)
        except FactError as error:
            problems += error.problems
        else:
            if taken is not value:
                object.__setattr__(fact, check.item.name, taken)
    if also:
        bad = {problem.path for problem in problems}
        problems += [problem for problem in also if problem.path not in bad]
    if problems:
        raise FactError(cls.__name__, problems)
