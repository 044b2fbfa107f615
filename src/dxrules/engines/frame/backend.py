"""What every kind of table can do for the engine: the little that differs from one to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import attrs

from dxrules.engines.frame.layout import Shape, Source

# Members up to which a text is compared with each of them; a dictionary is dearer below and cheaper beyond.
FEW = 8


@attrs.frozen
class Wanted:
    """A column that the engine reads: `name` is what it is called from then on.

    `kind` says what it becomes: `bool`, `int`, `float` or `text` as they are; `enum` is text, of which a backend may
    check already that it is among `members`; `date` is whole days and `datetime` microseconds since 1970-01-01;
    `set` is a list of texts; `present` tells whether there is a value.
    """

    name: str
    source: Source
    kind: str
    members: tuple[str, ...] = ()


@attrs.frozen(eq=False)
class Added:
    """A table with wanted columns.

    Beside those that are `flagged` stands a column that is true where a value could not be held; of those that are
    `checked` it is known that every value is a member. Beside those that are `told` stands, with a `t` after the name,
    one that shows such a value as text.
    """

    frame: Any
    flagged: frozenset[str] = frozenset()
    checked: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()


class Words(Protocol):
    """The words in which expressions over columns are built: narwhals', or Polars', from which they are taken.

    For Polars its own are used: they make the same expressions, and are five times quicker about it.
    """

    Boolean: Any
    Float64: Any
    Int64: Any
    String: Any
    col: Any
    concat_str: Any
    lit: Any
    when: Any

    def with_columns(self, frame: Any, columns: Mapping[str, Any]) -> Any:
        """A native table with columns added."""


class Backend(Protocol):
    """One kind of table."""

    @property
    def words(self) -> Words:
        """The words for expressions over its columns."""

    @property
    def raises(self) -> bool:
        """Whether calculating with numbers out of range is an error there."""

    def shapes(self, frame: Any) -> Mapping[str, Shape]:
        """The table's columns, with what they hold."""

    def add(self, frame: Any, wanted: Sequence[Wanted]) -> Added:
        """The table with the wanted columns added. A value that a wanted column cannot hold becomes null in it."""

    def left_join(self, frame: Any, other: Any, key: str) -> Any:
        """The table with the columns of another, of which each row has a key of its own; in memory, in its order."""

    def joined(self, frame: Any, name: str, tests: Sequence[tuple[str, str, bool]]) -> Any:
        """The table with a text column added: the labels, with commas between them, of the tests that hold.

        A test is a label, a column of truth values, and whether it holds where the column is true (else: where it is
        null).
        """


def flag(name: str) -> str:
    """The column that tells where a wanted column could not hold the value."""
    return f"{name}x"
