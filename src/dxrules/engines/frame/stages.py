"""Columns that are made one after the other, each from earlier ones, and values that may be known already."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import attrs

from dxrules.engines.frame.backend import Words

_NOTHING: Any = object()


@attrs.frozen(eq=False)
class Value:
    """An expression over a table, or a constant.

    `level` says after how many stages its columns are there. `low` and `high` bound an integer. `held` is a set that
    is the same wherever the expression, then a truth value, is true, and unknown elsewhere.
    """

    made: Any = None
    level: int = 0
    known: Any = _NOTHING
    low: int = -(2**53 - 1)
    high: int = 2**53 - 1
    held: frozenset[str] | None = None

    @classmethod
    def of(cls, known: Any) -> Value:
        """A constant."""
        return cls(known=known)

    @property
    def constant(self) -> bool:
        """Whether it is the same in every row."""
        return self.known is not _NOTHING

    def on(self, words: Words) -> Any:
        """The expression, in the words of a library; a constant too."""
        if self.constant:
            return words.lit(None, dtype=words.Boolean) if self.known is None else words.lit(self.known)
        return self.made


@attrs.define(eq=False)
class Stages:
    """Columns by the stage in which they can be made: those of one stage need only earlier ones."""

    words: Words
    steps: list[dict[str, Any]] = attrs.field(factory=list)
    known: dict[Hashable, Value] = attrs.field(factory=dict)

    def add(self, name: str, value: Value) -> Value:
        """Make a column of a value."""
        while len(self.steps) <= value.level:
            self.steps.append({})
        self.steps[value.level][name] = value.on(self.words)
        return attrs.evolve(value, made=self.words.col(name), level=value.level + 1, known=_NOTHING)

    def shared(self, key: Hashable, expr: Any, level: int) -> Value:
        """The column of an expression, which is made once for all who ask by the same key."""
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = self.add(f"__dxs{len(self.known)}", Value(expr, level))
        return found

    def both(self, one: Value, two: Value) -> Value:
        """Two truth values that are never unknown, joined by `and`."""
        if one.constant or two.constant:
            other, sure = (two, one) if one.constant else (one, two)
            return other if sure.known is True else Value.of(False)
        return Value(one.made & two.made, max(one.level, two.level))
