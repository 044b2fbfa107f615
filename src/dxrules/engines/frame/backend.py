"""What every kind of table can do for the engine: the little that differs from one to the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

import attrs

from dxrules.engines.frame.layout import Shape, Source

# A label, a column of truth values, and whether it holds where the column is true (else: where it is null).
Test = tuple[str, str, bool]
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

    def one_of(self, tests: Sequence[Any]) -> Any:
        """Whether any holds of tests that exclude each other."""

    def beyond(self, value: Any, low: float, high: float) -> Any:
        """Whether a number lies outside two bounds."""

    def unless(self, bad: Any, value: Any, *, truth: bool = False) -> Any:
        """A value, or null where a test that was made `sure` holds; `truth` says that it is a truth value."""

    def sure(self, test: Any) -> Any:
        """A test, false where it is null, as far as it matters."""

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

    @property
    def folds(self) -> bool:
        """Whether columns whose names differ only in case are one column there."""

    def shapes(self, frame: Any) -> Mapping[str, Shape]:
        """The table's columns, with what they hold."""

    def add(self, frame: Any, wanted: Sequence[Wanted]) -> Added:
        """The table with the wanted columns added. A value that a wanted column cannot hold becomes null in it."""

    def left_join(self, frame: Any, other: Any, key: str) -> Any:
        """The table with the columns of another, of which each row has a key of its own; in memory, in its order."""

    def joined(self, frame: Any, columns: Mapping[str, Sequence[Test]], unless: str | None) -> Any:
        """The table with text columns added: in each, the labels of its tests that hold, with commas between them.

        Where the column `unless` is true, they are null.
        """


@runtime_checkable
class Recording(Backend, Protocol):
    """One kind of table of which it can be noted what is to be done to all of its columns."""

    def recorder(self, frame: Any) -> Any:
        """A stand-in that notes what is done to it; its `replay` does that to a table."""

    def signature(self, frame: Any) -> Any:
        """What tells the columns of one table from those of another."""

    def bare(self, frame: Any) -> Any:
        """The table without the columns that are the engine's own."""


def flag(name: str) -> str:
    """The column that tells where a wanted column could not hold the value."""
    return f"{name}x"


def balanced(join: Callable[[Any, Any], Any], items: Sequence[Any]) -> Any:
    """Expressions joined two by two, so that the tree stays shallow: engines bound how deep it may be."""
    items = list(items)
    while len(items) > 1:
        items = [join(*items[at : at + 2]) if at + 1 < len(items) else items[at] for at in range(0, len(items), 2)]
    return items[0]
