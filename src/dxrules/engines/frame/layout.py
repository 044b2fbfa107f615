"""Where the facts of a class lie in a table: which column, or which field of a struct column, holds which fact.

A group's facts lie in columns with dotted names (`request.stage`), or in a struct column of the group's name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import attrs

from dxrules.errors import EngineError, shown
from dxrules.schema import Fact, FactType
from dxrules.suggest import nearest
from dxrules.values import BadValueError, Plain, groups_of, plain

ShapeKind = Literal["bool", "int", "float", "text", "date", "datetime", "list", "struct", "null", "other"]

# What the columns of a fact of each kind may hold. Text in a column of a set is its members with bars between them.
_FITS: Mapping[str, tuple[ShapeKind, ...]] = {
    "bool": ("bool",),
    "int": ("int",),
    "float": ("float", "int"),
    "text": ("text",),
    "enum": ("text",),
    "date": ("date",),
    "datetime": ("datetime",),
    "set": ("list", "text"),
}


@attrs.frozen
class Shape:
    """What a column holds: a `list` is one of texts; `words` is the dtype as messages name it."""

    kind: ShapeKind
    words: str
    fields: Mapping[str, Shape] = attrs.field(factory=dict)
    bits: int = 64
    signed: bool = True
    unit: str = "us"


@attrs.frozen
class Source:
    """A column, or with `path` a field inside a struct column."""

    column: str
    path: tuple[str, ...]
    shape: Shape

    @property
    def name(self) -> str:
        """The name as people write it."""
        return ".".join((self.column, *self.path))


@attrs.frozen(eq=False)
class Leaf:
    """A fact that is no group, and where it lies.

    Without a `source` no column holds it, and it is `default` wherever its group is; `absent` says that it has no
    default either. `fits` is False for a column that holds what such facts cannot be.
    """

    fact: Fact
    groups: tuple[Fact, ...]
    source: Source | None
    default: Plain = None
    absent: bool = False

    @property
    def fits(self) -> bool:
        """Whether the column holds what such facts can be."""
        return self.source is None or self.source.shape.kind in ("null", *_FITS.get(self.fact.type.kind, ()))

    @property
    def stands_in(self) -> bool:
        """Whether a null stands for the default: the enum says `unknown`, and its field excludes None."""
        fact = self.fact
        has_unknown = fact.type.kind == "enum" and "unknown" in fact.type.members
        return has_unknown and not fact.optional and not fact.required


@attrs.frozen(eq=False)
class Group:
    """A group of facts. `struct` is its struct column; else it lies in columns of its own, if `columns`.

    A group without any column is there or not as `default` says: None where it is unknown. `absent` says that it has
    no default either.
    """

    fact: Fact
    groups: tuple[Fact, ...]
    struct: Source | None
    columns: bool
    default: object = None
    absent: bool = False

    @property
    def fits(self) -> bool:
        """Whether the column, where there is one, holds structs."""
        return self.struct is None or self.struct.shape.kind in ("struct", "null")


@attrs.frozen(eq=False)
class Layout:
    """Where every fact of a class that rules can read lies; groups come before what is in them.

    `others` are columns of facts that rules cannot read: they tell that their group is there.
    """

    fact_type: FactType
    leaves: tuple[Leaf, ...]
    groups: tuple[Group, ...]
    others: tuple[tuple[tuple[Fact, ...], Source], ...]
    missing: tuple[str, ...]
    strangers: tuple[str, ...]


def columns_for(fact_type: FactType, columns: Iterable[str]) -> list[str]:
    """Those of a table's columns that hold facts of a class."""
    return [name for name in columns if name in fact_type.facts]


def lay_out(fact_type: FactType, shapes: Mapping[str, Shape]) -> Layout:
    """Find the columns of every fact.

    Raises:
        EngineError: a fact has two columns, or a required one has none.
    """
    return _Finder(fact_type, shapes).layout()


@attrs.define
class _Finder:
    fact_type: FactType
    shapes: Mapping[str, Shape]
    leaves: list[Leaf] = attrs.field(factory=list)
    groups: list[Group] = attrs.field(factory=list)
    others: list[tuple[tuple[Fact, ...], Source]] = attrs.field(factory=list)
    missing: list[str] = attrs.field(factory=list)
    used: set[str] = attrs.field(factory=set)
    inside: dict[str, tuple[str, ...]] = attrs.field(factory=dict)  # a fact's name: the columns below it

    def layout(self) -> Layout:
        for name in self.shapes:
            for end in range(1, len(name.split("."))):
                head = ".".join(name.split(".")[:end])
                if name in self.fact_type.facts:
                    self.inside[head] = (*self.inside.get(head, ()), name)
        absent: set[str] = set()  # groups without columns: what is in them follows their default
        for name, fact in self.fact_type.facts.items():
            above = ".".join(fact.path[:-1])
            groups = groups_of(self.fact_type, fact)
            if any(each.type.kind != "group" for each in groups):
                continue
            if fact.type.kind == "group":
                if above in absent or not self._group(fact, groups):
                    absent.add(name)
                    self._defaulted_group(fact, groups)
            elif above in absent:
                self._defaulted(fact, groups)
            else:
                self._leaf(fact, groups)
        strangers = tuple(name for name in self.shapes if name not in self.used)
        return Layout(
            self.fact_type, tuple(self.leaves), tuple(self.groups), tuple(self.others), tuple(self.missing), strangers
        )

    def _source(self, fact: Fact, groups: tuple[Fact, ...]) -> Source | None:
        """The column of a fact, or its field in the struct column of a group around it."""
        found: Source | None = None
        if fact.name in self.shapes:
            found = Source(fact.name, (), self.shapes[fact.name])
        for group in groups:
            shape = self.shapes.get(group.name)
            if shape is None or shape.kind != "struct":
                continue
            path = fact.path[len(group.path) :]
            inner: Shape | None = shape
            for step in path:
                inner = inner.fields.get(step) if inner is not None else None
            if inner is not None and found is not None:
                raise EngineError(f"`{fact.name}` has a column of its own and is in `{group.name}` too: keep one")
            if inner is not None:
                found = Source(group.name, path, inner)
        if found is not None:
            self.used.add(found.column)
        return found

    def _group(self, fact: Fact, groups: tuple[Fact, ...]) -> bool:
        """Whether the table says anything of a group."""
        source = self._source(fact, groups)
        below = self.inside.get(fact.name, ())
        if source is not None and (source.shape.kind != "null" or not below):
            self.groups.append(Group(fact, groups, source, columns=True))
            return True
        if below:
            self.groups.append(Group(fact, groups, None, columns=True))
        return bool(below)

    def _leaf(self, fact: Fact, groups: tuple[Fact, ...]) -> None:
        source = self._source(fact, groups)
        if fact.type.kind == "unreadable":
            if source is not None:
                self.others.append((groups, source))
            return
        if source is not None:
            default = None if fact.required else _plain(fact, _made(self._holder(fact), fact.path[-1]))
            self.leaves.append(Leaf(fact, groups, source, default))
            return
        if fact.required and not groups:
            near = nearest(fact.name, (name for name in self.shapes if name not in self.fact_type.facts))
            hint = f"rename the column `{near}`" if near else "add it"
            raise EngineError(f"the frame has no column `{fact.name}`, which every {self.fact_type.name} needs: {hint}")
        if not any(group.name in self.shapes for group in groups):  # else the group's column says that it is nowhere
            self.missing.append(fact.name)
        default = None if fact.required else _plain(fact, _made(self._holder(fact), fact.path[-1]))
        self.leaves.append(Leaf(fact, groups, None, default, absent=fact.required))

    def _holder(self, fact: Fact) -> type:
        """The class of which a fact is a field."""
        if len(fact.path) == 1:
            return self.fact_type.cls
        python = self.fact_type.facts[".".join(fact.path[:-1])].type.python
        assert python is not None
        return python

    def _defaulted_group(self, fact: Fact, groups: tuple[Fact, ...]) -> None:
        above = ".".join(fact.path[:-1])
        outer = next((each for each in self.groups if each.fact.name == above), None)
        absent = False
        if outer is not None and not outer.columns:
            default = getattr(outer.default, fact.path[-1], None)
        elif fact.required:
            if not groups:
                raise EngineError(f"the frame has no column for `{fact.name}`, which every {self.fact_type.name} needs")
            default, absent = None, True
        else:
            default = _made(self._holder(fact), fact.path[-1])
            self.missing.append(fact.name)
        self.groups.append(Group(fact, groups, None, columns=False, default=default, absent=absent))

    def _defaulted(self, fact: Fact, groups: tuple[Fact, ...]) -> None:
        """A fact in a group without columns: as the group's default has it."""
        if fact.type.kind == "unreadable":
            return
        outer = next(each for each in self.groups if each.fact.name == ".".join(fact.path[:-1]))
        value = getattr(outer.default, fact.path[-1], None)
        self.leaves.append(Leaf(fact, groups, None, _plain(fact, value)))


def _made(cls: type, name: str) -> Any:
    """The default of a field."""
    default: Any = attrs.fields_dict(cls)[name].default
    if isinstance(default, attrs.Factory):  # type: ignore[arg-type]
        if default.takes_self:
            raise EngineError(f"the default of `{name}` is made from the other facts: give it a column")
        return default.factory()
    return default


def _plain(fact: Fact, value: object) -> Plain:
    try:
        return plain(fact.type, value)
    except BadValueError as bad:
        raise EngineError(f"the default of `{fact.name}`, {shown(value)}, is wrong: allowed is {bad.allowed}") from None
