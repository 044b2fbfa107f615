"""The words for expressions over DuckDB's columns: SQL text.

narwhals' own say the same, but bind every expression when it is made, which took longer than deciding 300,000 rows.
Text is bound once, and can be kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any


class Sql:
    """An expression, in parentheses wherever it has more than one part."""

    __hash__ = None  # type: ignore[assignment]  # `==` makes an expression

    def __init__(self, text: str) -> None:
        self.text = text

    def _with(self, operator: str, other: Any) -> Sql:
        return Sql(f"({self.text} {operator} {literal(other)})")

    def __and__(self, other: Any) -> Sql:
        return self._with("AND", other)

    def __or__(self, other: Any) -> Sql:
        return self._with("OR", other)

    def __invert__(self) -> Sql:
        return Sql(f"(NOT {self.text})")

    def __eq__(self, other: object) -> Sql:  # type: ignore[override]
        return self._with("=", other)

    def __ne__(self, other: object) -> Sql:  # type: ignore[override]
        return self._with("<>", other)

    def __lt__(self, other: Any) -> Sql:
        return self._with("<", other)

    def __le__(self, other: Any) -> Sql:
        return self._with("<=", other)

    def __gt__(self, other: Any) -> Sql:
        return self._with(">", other)

    def __ge__(self, other: Any) -> Sql:
        return self._with(">=", other)

    def __add__(self, other: Any) -> Sql:
        return self._with("+", other)

    def __sub__(self, other: Any) -> Sql:
        return self._with("-", other)

    def __mul__(self, other: Any) -> Sql:
        return self._with("*", other)

    def is_null(self) -> Sql:
        """Whether it is null."""
        return Sql(f"({self.text} IS NULL)")

    def is_nan(self) -> Sql:
        """Whether it is no number."""
        return Sql(f"isnan({self.text})")

    def is_in(self, values: Sequence[Any]) -> Sql:
        """Whether it is one of some values."""
        return Sql(f"({self.text} IN ({', '.join(map(literal, values))}))")

    def fill_null(self, value: Any) -> Sql:
        """It, or where it is null a value."""
        return Sql(f"coalesce({self.text}, {literal(value)})")

    def cast(self, dtype: str) -> Sql:
        """It, as something else."""
        return Sql(f"CAST({self.text} AS {dtype})")

    @property
    def list(self) -> _List:
        """What lists can be asked."""
        return _List(self.text)

    @property
    def str(self) -> _Text:
        """What texts can be asked."""
        return _Text(self.text)


class _List:
    def __init__(self, text: str) -> None:
        self._text = text

    def len(self) -> Sql:
        return Sql(f"len({self._text})")

    def contains(self, member: str) -> Sql:
        return Sql(f"list_contains({self._text}, {literal(member)})")


class _Text:
    def __init__(self, text: str) -> None:
        self._text = text

    def starts_with(self, prefix: str) -> Sql:
        return Sql(f"starts_with({self._text}, {literal(prefix)})")


class _When:
    def __init__(self, test: Sql) -> None:
        self._test = test

    def then(self, value: Any) -> _Then:
        return _Then(f"CASE WHEN {self._test.text} THEN {literal(value)}")


class _Then(Sql):
    def __init__(self, head: str) -> None:
        super().__init__(f"{head} END")
        self._head = head

    def otherwise(self, value: Any) -> Sql:
        return Sql(f"{self._head} ELSE {literal(value)} END")


class SqlWords:
    """DuckDB's words for expressions; `inline` are columns that stand for an expression wherever they are named."""

    Boolean, Float64, Int64, String = "BOOLEAN", "DOUBLE", "BIGINT", "VARCHAR"

    def __init__(self) -> None:
        self.inline: dict[str, str] = {}

    def col(self, name: str) -> Sql:
        """A column."""
        return Sql(self.inline.get(name) or quoted(name))

    def lit(self, value: Any, dtype: str | None = None) -> Sql:
        """A constant."""
        text = literal(value)
        return Sql(text if dtype is None else f"CAST({text} AS {dtype})")

    def when(self, test: Sql) -> _When:
        """A choice."""
        return _When(test)

    def concat_str(self, parts: Sequence[Sql], separator: str = "", *, ignore_nulls: bool = False) -> Sql:
        """Texts joined."""
        if ignore_nulls:
            return Sql(f"concat_ws({literal(separator)}, {', '.join(part.text for part in parts)})")
        return Sql(f"({' || '.join(part.text for part in parts)})")

    def one_of(self, tests: Sequence[Sql]) -> Sql:
        """Whether any holds of tests that exclude each other: DuckDB compares much quicker than it joins by `or`."""
        return reduce(Sql.__ne__, tests)

    def beyond(self, value: Sql, low: float, high: float) -> Sql:
        """Whether a number lies outside two bounds."""
        return Sql(f"({value.text} NOT BETWEEN {literal(low)} AND {literal(high)})")

    def unless(self, bad: Sql, value: Sql, *, truth: bool = False) -> Sql:
        """A value, or null where something is true; of truth values, a tenth quicker as a comparison."""
        if truth:
            return Sql(f"({value.text} = (CASE WHEN {bad.text} THEN NULL ELSE TRUE END))")
        return Sql(f"CASE WHEN {bad.text} THEN NULL ELSE {value.text} END")

    def sure(self, test: Sql) -> Sql:
        """A test that may stay null where it does not hold: what asks here takes null for no."""
        return test

    def with_columns(self, frame: Any, columns: Mapping[str, Sql]) -> Any:
        """A relation with columns added."""
        made = {name: expr.text for name, expr in columns.items()}
        if hasattr(frame, "note"):
            return frame.note(made)
        return frame.project(", ".join(["*", *(f"{text} AS {quoted(name)}" for name, text in made.items())]))


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: Any) -> str:
    """A value, or an expression, as SQL writes it.

    >>> literal("it's"), literal(2.5), literal(-1), literal(None)
    ("'it''s'", "CAST('2.5' AS DOUBLE)", '(-1)', 'NULL')
    """
    if isinstance(value, Sql):
        return value.text
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value) if value >= 0 else f"({value})"
    if isinstance(value, float):
        return f"CAST('{value!r}' AS DOUBLE)"  # 2.5 would be a decimal
    assert isinstance(value, str)
    parts = ["'" + part.replace("'", "''") + "'" for part in value.split("\0")]
    return parts[0] if len(parts) == 1 else f"({' || chr(0) || '.join(parts)})"


__all__ = ["Sql", "SqlWords", "literal", "quoted"]
