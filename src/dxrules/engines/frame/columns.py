"""From a table's columns to columns of facts: clean values, who is there, and which rows are no facts at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import reduce
from operator import add, or_
from typing import Any

import attrs

from dxrules.engines.frame.backend import FEW, Added, Backend, Wanted, Words, balanced, flag
from dxrules.engines.frame.layout import Group, Layout, Leaf, Source
from dxrules.engines.frame.stages import Stages, Value
from dxrules.facts.checking import declared_checks
from dxrules.schema import MAX_INT, Fact
from dxrules.suggest import listed
from dxrules.values import Plain

_LARGEST = 1.7976931348623157e308
_EPOCH = dt.date(1970, 1, 1).toordinal()
_FIRST, _LAST = dt.date.min.toordinal() - _EPOCH, dt.date.max.toordinal() - _EPOCH
_DAY = 86_400_000_000


@attrs.frozen(eq=False)
class Fault:
    """Where a row is no fact, and what the fact takes.

    `value` is what is shown of what was found, if the column of the fact can hold that; where it is null or None
    `found` is. `held` says that it is never null where the test holds.
    """

    path: str
    test: Value
    allowed: str
    value: Any | None = None
    quoted: bool = False
    found: str = "a value that it does not take"
    held: bool = False

    def said(self, words: Words, head: str = "", tail: str = "") -> Any:
        """What was found, as text, between two texts."""
        if self.value is None:
            return words.lit(head + self.found + tail)
        mark = "'" if self.quoted else ""
        if self.held:
            return _between(words, head + mark, self.value, mark + tail)
        text = _between(words, mark, self.value, mark) if mark else self.value
        return _between(words, head, text.fill_null(self.found), tail)


def _between(words: Words, head: str, text: Any, tail: str) -> Any:
    parts = [words.lit(head)] if head else []
    return words.concat_str([*parts, text, *([words.lit(tail)] if tail else [])])


@attrs.define(eq=False)
class Columns:
    """The facts as columns of the engine's own: the value of each, whether each group is there, what is wrong."""

    stages: Stages
    values: dict[str, Value] = attrs.field(factory=dict)
    present: dict[str, Value] = attrs.field(factory=dict)
    faults: list[Fault] = attrs.field(factory=list)
    stand_ins: dict[str, tuple[Any, Value]] = attrs.field(factory=dict)  # what a null stands for, and where

    def value(self, name: str) -> Value:
        """The value of a fact."""
        found = self.values[name]
        if name not in self.stand_ins:
            return found
        default, above = self.stand_ins[name]
        filled = found.made.cast(self.stages.words.String).fill_null(default)
        if not above.constant:
            filled = self.stages.words.when(above.made).then(filled)
        return self.stages.shared(("filled", name), filled, max(found.level, above.level))

    def member(self, name: str, member: str) -> Value:
        """Whether a fact is a member; asked once, however many rules ask."""
        found = self.values[name]
        if found.constant:
            return Value.of(None if found.known is None else found.known == member)
        test = self.stages.shared(("member", name, member), found.made == self.stages.words.lit(member), found.level)
        if name not in self.stand_ins:
            return test
        default, above = self.stand_ins[name]
        filled = test.made.fill_null(default == member)
        if not above.constant:
            filled = self.stages.words.when(above.made).then(filled)
        return Value(filled, max(test.level, above.level))

    def has(self, name: str, member: str) -> Value:
        """Whether a set has a member; asked once, however many rules ask."""
        found = self.values[name]
        if found.constant:
            return Value.of(None if found.known is None else member in found.known)
        if found.held is not None:
            return Value(
                self.stages.words.when(found.made).then(self.stages.words.lit(member in found.held)), found.level
            )
        return self.stages.shared(("member", name, member), found.made.list.contains(member), found.level)


def prepare(
    frame: Any, layout: Layout, backend: Backend, calculated: frozenset[str], words: Words, *, checks: bool = True
) -> tuple[Any, Columns]:
    """The table with columns of the facts added, and what they are; `calculated` are facts that rules calculate with.

    Without `checks` nothing is told of rows that are no facts.

    The columns that the result has over the table are all named with `__dx`.
    """
    wanted = [Wanted(f"__dxv{n}", *_read(leaf), leaf.fact.type.members) for n, leaf in _held(layout)]
    wanted += [Wanted(f"__dxg{n}", each.struct, "present") for n, each in enumerate(layout.groups) if each.struct]
    wanted += [Wanted(f"__dxo{n}", source, "present") for n, (_, source) in enumerate(layout.others)]
    added = backend.add(frame, wanted)
    return added.frame, _Facts(layout, backend, words, calculated, added, checks).columns()


def _held(layout: Layout) -> list[tuple[int, Leaf]]:
    return [(n, leaf) for n, leaf in enumerate(layout.leaves) if leaf.source is not None]


def _read(leaf: Leaf) -> tuple[Source, str]:
    assert leaf.source is not None
    return leaf.source, leaf.fact.type.kind if leaf.fits and leaf.source.shape.kind != "null" else "present"


@attrs.define(eq=False)
class _Facts:
    layout: Layout
    backend: Backend
    words: Words
    calculated: frozenset[str]
    added: Added
    checks: bool
    found: Columns = attrs.field(init=False)
    raw: dict[int, Any] = attrs.field(factory=dict)  # a leaf's place: its value, a NaN being null

    def columns(self) -> Columns:
        self.found = Columns(Stages(self.words))
        for place, leaf in _held(self.layout):
            self.raw[place] = self._known(place, leaf)
        for place, group in enumerate(self.layout.groups):
            self.found.present[group.fact.name] = self._present(place, group)
        for place, leaf in enumerate(self.layout.leaves):
            self.found.values[leaf.fact.name] = self._value(place, leaf)
        if not self.checks:
            return self.found
        for group in self.layout.groups:
            self._check_group(group)
        self._check_declared("", self.layout.fact_type.cls)
        for group in self.layout.groups:
            if group.fact.type.python is not None:
                self._check_declared(f"{group.fact.name}.", group.fact.type.python)
        return self.found

    def _known(self, place: int, leaf: Leaf) -> Any:
        column = self.words.col(f"__dxv{place}")
        if self._is_empty(leaf):
            return column
        if leaf.fact.type.kind == "float":
            return self.found.stages.shared(("known", place), self.words.when(~column.is_nan()).then(column), 0).made
        return column

    def _is_empty(self, leaf: Leaf) -> bool:
        """Whether all that is read of a column is where it has values: it is of the wrong type, or has none."""
        return leaf.source is not None and (not leaf.fits or leaf.source.shape.kind == "null")

    # Groups

    def _present(self, place: int, group: Group) -> Value:
        above = self._above(group.groups)
        if not group.columns:
            return Value.of(False) if group.default is None else above
        if group.struct is not None:
            there = Value(self.words.col(f"__dxg{place}")) if group.fits else Value.of(False)
        elif not group.fact.optional:
            return above
        else:
            there = self._any_inside(group.fact)
        return self.found.stages.both(above, there)

    def _any_inside(self, group: Fact) -> Value:
        """Whether any column of a group has a value."""
        tests = []
        for place, leaf in _held(self.layout):
            if group in leaf.groups:
                tests.append(self.raw[place] if self._is_empty(leaf) else ~self.raw[place].is_null())
                if f"__dxv{place}" in self.added.flagged:
                    tests.append(self.words.col(flag(f"__dxv{place}")).fill_null(value=False))
        for place, each in enumerate(self.layout.groups):
            if group in each.groups and each.struct is not None:
                tests.append(self.words.col(f"__dxg{place}"))
        tests += [self.words.col(f"__dxo{n}") for n, (groups, _) in enumerate(self.layout.others) if group in groups]
        return self.found.stages.shared(("present", group.name), any_of(tests), 1)

    def _above(self, groups: tuple[Fact, ...]) -> Value:
        return self.found.present[groups[-1].name] if groups else Value.of(True)

    def _check_group(self, group: Group) -> None:
        if group.absent:
            self._fault(group.fact, self._above(group.groups), group.fact.type.words(), found="no column")
        if group.struct is None:
            return
        place = self.layout.groups.index(group)
        if not group.fits:
            self._fault(
                group.fact,
                Value(self.words.col(f"__dxg{place}")),
                "a struct of its facts",
                found=group.struct.shape.words,
            )
        elif not group.fact.optional:
            absent = self.found.stages.both(self._above(group.groups), Value(~self.words.col(f"__dxg{place}")))
            self._fault(group.fact, absent, "a struct of its facts", found="null")

    # Values

    def _value(self, place: int, leaf: Leaf) -> Value:
        fact, above = leaf.fact, self._above(leaf.groups)
        if leaf.source is None:
            if leaf.absent:
                self._fault(fact, above, fact.type.words(), found="no column")
            return self._wherever(above, coded(leaf.default))
        if self._is_empty(leaf):
            column = self.words.col(f"__dxv{place}")
            if not leaf.fits:
                self._fault(fact, Value(column), fact.type.words(), found=f"a column of {leaf.source.shape.words}")
            if not fact.optional:
                self._null(leaf, self.found.stages.both(above, Value(~column)))
            return self._wherever(above, coded(leaf.default)) if leaf.stands_in else Value.of(None)
        known = Value(self.raw[place], 1 if fact.type.kind == "float" else 0)
        self._check(place, leaf, known)
        if not fact.optional:
            empty = self.words.col(f"__dxv{place}").is_null()
            if f"__dxv{place}" in self.added.flagged:
                empty = empty & ~self.words.col(flag(f"__dxv{place}")).fill_null(value=False)
            self._null(leaf, self.found.stages.both(above, Value(empty)))
            if leaf.stands_in:
                self.found.stand_ins[fact.name] = (coded(leaf.default), above)
        if self.backend.raises and fact.name in self.calculated and fact.type.kind == "int":
            low, high = _bounds(fact)
            sound = self.words.when((known.made >= low) & (known.made <= high)).then(known.made)
            return self.found.stages.shared(("sound", place), sound, known.level)
        return known

    def _wherever(self, above: Value, default: Any) -> Value:
        """A constant, where the groups around it are there."""
        if default is None or above.known is False:
            return Value.of(None)
        if above.known is True:
            return Value.of(default)
        if isinstance(default, frozenset):
            return Value(above.made, above.level, held=default)
        return Value(self.words.when(above.made).then(self.words.lit(default)), above.level)

    def _null(self, leaf: Leaf, empty: Value) -> None:
        if not leaf.stands_in:
            self._fault(leaf.fact, empty, leaf.fact.type.words(), found="null")

    def _check(self, place: int, leaf: Leaf, known: Value) -> None:
        """Where a value is not what the fact takes."""
        if not self.checks:
            return
        fact, column = leaf.fact, known.made
        tests: list[Value] = []
        if f"__dxv{place}" in self.added.flagged:
            tests.append(Value(self.words.col(flag(f"__dxv{place}"))))
        match fact.type.kind:
            case "int":
                tests += self._beyond(leaf, column, *_bounds(fact))
            case "float":
                tests += self._beyond(leaf, column, *_bounds(fact), level=1)
            case "date":
                tests += self._beyond(leaf, column, _FIRST, _LAST)
            case "datetime":
                tests += self._beyond(leaf, column, _FIRST * _DAY, (_LAST + 1) * _DAY - 1)
            case "enum" if f"__dxv{place}" not in self.added.checked:
                tests.append(self._stranger(fact, column))
            case "set":
                masks = [self._has(fact, member, column) for member in fact.type.members]
                count = reduce(
                    add, [self.words.when(m.made).then(self.words.lit(1)).otherwise(self.words.lit(0)) for m in masks]
                )
                tests.append(Value(column.list.len() != count, 1))
            case _:
                pass
        if tests:
            level = max(each.level for each in tests)
            shown = column.cast(self.words.String) if fact.type.kind in ("int", "enum") else None
            quoted = fact.type.kind == "enum"
            if f"__dxv{place}" in self.added.told:
                told = self.words.col(f"__dxv{place}t")
                shown, quoted = told if shown is None or quoted else self._either(told, shown), False
            test = Value(any_of([each.on(self.words) for each in tests]), level)
            held = f"__dxv{place}" not in self.added.flagged
            self._fault(fact, test, allowed(fact), value=shown, quoted=quoted, held=held)

    def _either(self, told: Any, text: Any) -> Any:
        return self.words.when(~told.is_null()).then(told).otherwise(text)

    def _beyond(self, leaf: Leaf, column: Any, low: float, high: float, level: int = 0) -> list[Value]:
        """Where a number lies outside its bounds, as far as its column can."""
        assert leaf.source is not None
        shape = leaf.source.shape
        small = shape.kind == "int" and shape.bits <= 32 and abs(high) >= MAX_INT
        below = not (small and (low <= -MAX_INT or (low == 0 and not shape.signed)))
        if not small and below:
            return [Value(self.words.beyond(column, low, high), level)]
        return [Value(column < low, level)] if below else []

    def _stranger(self, fact: Fact, column: Any) -> Value:
        """Where a text is no member."""
        if len(fact.type.members) > FEW:
            test = self.found.stages.shared(("stranger", fact.name), column.is_in(fact.type.members), 0)
            return Value(~test.made, 1)
        masks = [self._is(fact, member, column) for member in fact.type.members]
        return Value(~self.words.one_of([mask.on(self.words) for mask in masks]), 1)

    def _is(self, fact: Fact, member: str, column: Any) -> Value:
        return self.found.stages.shared(("member", fact.name, member), column == self.words.lit(member), 0)

    def _has(self, fact: Fact, member: str, column: Any) -> Value:
        return self.found.stages.shared(("member", fact.name, member), column.list.contains(member), 0)

    def _check_declared(self, prefix: str, cls: type) -> None:
        for each in declared_checks(cls) or ():
            self._check_none(prefix + each.fact, prefix + each.other, each.members)

    def _check_none(self, fact: str, other: str, members: tuple[str, ...]) -> None:
        """Where a fact must be None because of another."""
        value, cause = self.found.values.get(fact), self.found.values.get(other)
        if value is None or cause is None or (value.constant and value.known is None):
            return
        tests = [self.found.member(other, member) for member in members]
        test = Value.of(cause.known in members)
        if not cause.constant:
            test = Value(any_of([each.on(self.words) for each in tests]), max(each.level for each in tests))
        there = Value.of(True) if value.constant else Value(~value.made.is_null(), value.level)
        item = self.layout.fact_type.facts[fact]
        text = f"None while `{other}` is {listed(members)}"
        self._fault(
            item,
            self.found.stages.both(test, there),
            text,
            value=None if value.constant else value.made.cast(self.words.String),
            held=True,
        )

    def _fault(
        self, fact: Fact, test: Value, allowed_: str, *, value: Any | None = None, quoted: bool = False,
        found: str = "a value that it does not take", held: bool = False,
    ) -> None:  # fmt: skip
        if not self.checks:
            return
        if test.constant:
            if test.known is not True:
                return
            test = Value(self.words.lit(True))
        self.found.faults.append(Fault(fact.name, test, allowed_, value, quoted, found, held))


def any_of(tests: Sequence[Any]) -> Any:
    """Whether any holds."""
    return balanced(or_, tests)


def coded(value: Plain) -> Any:
    """A value as the engine's columns hold it: a date as days, a date and time as microseconds, since 1970.

    >>> coded(dt.date(1970, 1, 2)), coded(dt.datetime(1970, 1, 1, 0, 0, 1)), coded("a")
    (1, 1000000, 'a')
    """
    if isinstance(value, dt.datetime):
        return (value - dt.datetime(1970, 1, 1)) // dt.timedelta(microseconds=1)
    if isinstance(value, dt.date):
        return value.toordinal() - _EPOCH
    return value


def allowed(fact: Fact) -> str:
    """What a fact takes, for messages."""
    minimum = fact.note.minimum if fact.note is not None else None
    words = fact.type.words()
    if fact.type.kind == "set":
        words += ", each once"
    return f"{words}, {minimum} or more" if minimum is not None else words


def _bounds(fact: Fact) -> tuple[Any, Any]:
    minimum = fact.note.minimum if fact.note is not None else None
    high = MAX_INT if fact.type.kind == "int" else _LARGEST
    return (-high if minimum is None else minimum), high


__all__ = ["Columns", "Fault", "any_of", "coded", "prepare"]
