"""How an attrs class is described to rules: its facts, their types, their notes.

A fact type is any attrs class. Each of its fields is a fact, and a field that holds another attrs class is a group,
whose facts are named with dots (`request.stage`). A field of a type that rules cannot read is described too: it is an
error only when a rule reads it.
"""

from __future__ import annotations

import datetime as dt
import enum
import inspect
import types
import typing
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Literal

import attrs

from dxrules.errors import DxRulesError
from dxrules.suggest import listed

METADATA_KEY = "dxrules"
MAX_NESTED = 8  # groups inside one another
MAX_INT = 2**53 - 1  # beyond it a JSON number or a float64 column no longer holds every integer

Kind = Literal["bool", "int", "float", "text", "enum", "date", "datetime", "set", "group", "unreadable"]

_SIMPLE: Mapping[object, Kind] = {
    bool: "bool",
    int: "int",
    float: "float",
    str: "text",
    dt.date: "date",
    dt.datetime: "datetime",
}

_WORDS: Mapping[Kind, str] = {
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "text": "text",
    "date": "a date",
    "datetime": "a date and time",
    "set": "a set",
    "group": "a group of facts",
}


Direction = Literal["any", "up", "down"]
_DIRECTIONS: Mapping[object, Direction] = {True: "any", "up": "up", "down": "down"}


@attrs.frozen
class Settable:
    """How a person can change a fact.

    `direction` bounds the values of a number or date (`up`: to greater ones), or says whether members can be added to
    a set (`up`) or taken out (`down`). `values` are the only ones that it can be set to; None allows all. `steps`
    gives, instead, those that it can be set to from each value; from None for a fact of a group that is started.
    """

    direction: Direction = "any"
    values: tuple[object, ...] | None = None
    steps: tuple[tuple[object, tuple[object, ...]], ...] | None = None


@attrs.frozen
class Note:
    """What a field says of itself to people.

    `en` and `zh` are its meaning, `unit` its unit, `personal` whether it is personal data, `minimum` the least number
    that it takes, and `settable` how a person can change it; None: not at all.
    """

    en: str
    zh: str
    unit: str | None = None
    personal: bool = False
    minimum: int | None = None
    settable: Settable | None = None


def note(
    en: str,
    zh: str,
    *,
    unit: str | None = None,
    personal: bool = False,
    minimum: int | None = None,
    settable: bool | Literal["up", "down"] | Collection[Any] | Mapping[Any, Collection[Any]] = False,
) -> dict[str, Note]:
    """Metadata for `attrs.field` that tells people about a fact.

    Args:
        en: what it means, in English; explanations call it so.
        zh: the same in Chinese.
        unit: its unit, in English; an amount in `fen` or `fen/month` is shown in yuan.
        personal: whether it is personal data, which explanations mask.
        minimum: the least number that it takes.
        settable: what a person can do about it, for `Decision.what_if`. False: nothing, as about a loss. True: set it
            to any value; of a group that is unknown: start it. `"up"` or `"down"`: set it to a greater or a smaller
            number, a later or an earlier date; add members to a set, or take some out. Values: set it to one of these.
            A mapping: from each of its keys to the values there; its key None is for a group that is started.

    Raises:
        DxRulesError: `settable` is none of these.

    >>> note("unpaid fees", "欠费", unit="fen", settable="down")["dxrules"].settable.direction
    'down'
    """
    return {METADATA_KEY: Note(en, zh, unit, personal, minimum, _settable(settable))}


def _settable(given: Any) -> Settable | None:
    if given is False:
        return None
    if isinstance(given, (bool, str)) and given in _DIRECTIONS:
        return Settable(_DIRECTIONS[given])
    if isinstance(given, Mapping):
        return Settable(steps=tuple((start, tuple(_values(ends))) for start, ends in given.items()))
    return Settable(values=tuple(_values(given)))


def _values(given: Any) -> Collection[Any]:
    if isinstance(given, (tuple, list)) or (isinstance(given, Collection) and not isinstance(given, (str, bytes))):
        return given
    raise DxRulesError(
        f"`settable` is not {given!r}: give True, False, `up`, `down`, a tuple of values, or a mapping of such"
    )


@attrs.frozen
class Type:
    """The type of a fact, as rules see it.

    `members` are the texts of an enum, a `Literal` or the elements of a set, in the order of their class; `python` is
    that enum class (None for a `Literal`), or the attrs class of a group. `reason` says why a type is unreadable.
    """

    kind: Kind
    members: tuple[str, ...] = ()
    python: type | None = None
    reason: str = ""

    def words(self) -> str:
        """The type as messages name it."""
        if self.kind in ("enum", "set"):
            names = listed(self.members) if len(self.members) <= 12 else f"{len(self.members)} known values"
            return f"one of {names}" if self.kind == "enum" else f"a set of {names}"
        return _WORDS[self.kind]


@attrs.frozen
class Fact:
    """A field of a fact type: `path` is its name, split at the dots."""

    path: tuple[str, ...]
    type: Type
    optional: bool
    required: bool
    note: Note | None = None

    @property
    def name(self) -> str:
        """The dotted name."""
        return ".".join(self.path)


@attrs.frozen(eq=False)
class FactType:
    """An attrs class, described. `facts` holds every fact by dotted name, groups and their facts included."""

    cls: type
    facts: Mapping[str, Fact]

    @property
    def name(self) -> str:
        """The name of the class, as `facts:` gives it in a rule file."""
        return self.cls.__name__

    def members_of(self, group: str) -> Iterator[Fact]:
        """The facts directly in a group; the empty name stands for the class itself."""
        depth = group.count(".") + 2 if group else 1
        start = f"{group}." if group else ""
        return (fact for name, fact in self.facts.items() if len(fact.path) == depth and name.startswith(start))


_described: dict[type, FactType] = {}


def describe(cls: type) -> FactType:
    """Describe an attrs class to rules.

    Raises:
        DxRulesError: `cls` is not an attrs class.

    >>> @attrs.frozen
    ... class Loan:
    ...     amount: int
    ...     kind: Literal["house", "car"] | None = None
    >>> describe(Loan).facts["kind"].type.members
    ('house', 'car')
    """
    found = _described.get(cls)
    if found is None:
        if not inspect.isclass(cls) or not attrs.has(cls):
            name = getattr(cls, "__name__", str(cls))
            raise DxRulesError(f"`{name}` is not an attrs class: decorate it with `@attrs.frozen`")
        found = _described[cls] = FactType(cls, dict(_walk(cls, (), (cls,))))
    return found


def _walk(cls: type, prefix: tuple[str, ...], within: tuple[type, ...]) -> Iterator[tuple[str, Fact]]:
    hints = _hints(cls)
    for field in attrs.fields(cls):
        type_, optional = read_type(hints.get(field.name, field.type))
        if type_.kind == "group" and type_.python in within:
            type_ = Type("unreadable", reason="it holds a group inside itself")
        elif type_.kind == "group" and len(prefix) >= MAX_NESTED:
            type_ = Type("unreadable", reason=f"groups are more than {MAX_NESTED} deep")
        path = (*prefix, field.name)
        fact = Fact(path, type_, optional, field.default is attrs.NOTHING, field.metadata.get(METADATA_KEY))
        _check_settable(cls, fact)
        yield fact.name, fact
        if type_.kind == "group":
            assert type_.python is not None
            yield from _walk(type_.python, path, (*within, type_.python))


_ORDERED = ("int", "float", "date", "datetime")


def _check_settable(cls: type, fact: Fact) -> None:
    """Refuse a `settable` that the type of the fact has no use for."""
    how = fact.note.settable if fact.note is not None else None
    if how is None:
        return
    kind = fact.type.kind
    listed_values = how.values is not None or how.steps is not None
    allowed = None
    if kind in ("group", "unreadable") and (listed_values or how.direction != "any"):
        allowed = "True or False"
    elif kind == "set" and listed_values:
        allowed = "True, False, `up` or `down`"
    elif kind not in (*_ORDERED, "set") and how.direction != "any":
        allowed = "True, False, or the values that it can be set to"
    if allowed is not None:
        raise DxRulesError(f"`settable` of `{cls.__name__}.{fact.path[-1]}` takes {allowed}")


def _hints(cls: type) -> dict[str, Any]:
    try:
        return typing.get_type_hints(cls, include_extras=True)
    except Exception:  # noqa: BLE001  # a forward reference that does not resolve, or an annotation that is no type
        return {}


def read_type(hint: object) -> tuple[Type, bool]:
    """The rule type of a type annotation, and whether it takes None."""
    hint, optional = _unwrap(hint)
    if hint in _SIMPLE:
        return Type(_SIMPLE[hint]), optional
    if _is_text_enum(hint):
        return _enum_type("enum", hint), optional
    if typing.get_origin(hint) is Literal:
        return _literal_type("enum", typing.get_args(hint)), optional
    if typing.get_origin(hint) is frozenset:
        return _set_type(typing.get_args(hint)[0]), optional
    if isinstance(hint, type) and attrs.has(hint):
        return Type("group", python=hint), optional
    if hint is None:
        return Type("unreadable", reason="it has no type annotation"), optional
    if isinstance(hint, str):
        return Type("unreadable", reason=f"its annotation {hint!r} does not resolve"), optional
    text = getattr(hint, "__name__", None) if isinstance(hint, type) else None
    return Type("unreadable", reason=f"rules cannot read the type `{text or hint}`"), optional


def _unwrap(hint: object) -> tuple[object, bool]:
    """Take off aliases, `Annotated`, `NewType` and `| None`."""
    optional = False
    while True:
        origin = typing.get_origin(hint)
        if origin is typing.Annotated:
            hint = typing.get_args(hint)[0]
        elif isinstance(hint, typing.NewType):
            hint = hint.__supertype__
        elif type(hint).__name__ == "TypeAliasType":
            hint = hint.__value__  # type: ignore[attr-defined]
        elif origin in (typing.Union, types.UnionType):
            rest = [each for each in typing.get_args(hint) if each is not type(None)]
            optional = optional or len(rest) < len(typing.get_args(hint))
            if len(rest) != 1:
                return hint, optional
            hint = rest[0]
        elif origin is Literal and None in typing.get_args(hint):
            optional = True
            rest = [each for each in typing.get_args(hint) if each is not None]
            return (Literal[tuple(rest)] if rest else None), True
        else:
            return hint, optional


def _is_text_enum(hint: object) -> typing.TypeGuard[type[enum.Enum]]:
    return isinstance(hint, type) and issubclass(hint, enum.Enum) and issubclass(hint, str)


def _enum_type(kind: Kind, cls: type[enum.Enum]) -> Type:
    return Type(kind, tuple(str.__str__(member) for member in cls), cls)


def _literal_type(kind: Kind, values: tuple[object, ...]) -> Type:
    if all(type(value) is str for value in values):
        return Type(kind, typing.cast("tuple[str, ...]", values))
    return Type("unreadable", reason="only a `Literal` of texts can be read")


def _set_type(hint: object) -> Type:
    hint, optional = _unwrap(hint)
    if not optional and _is_text_enum(hint):
        return _enum_type("set", hint)
    if not optional and typing.get_origin(hint) is Literal:
        return _literal_type("set", typing.get_args(hint))
    return Type("unreadable", reason="only a set of a `StrEnum` or of a `Literal` of texts can be read")


def label(type_: Type, value: str, lang: str) -> str:
    """The label of an enum member in a language: what its class says by a `label` method, else its text."""
    if type_.python is not None:
        said = getattr(type_.python(value), "label", None)
        if callable(said):
            return str(said(lang))
    return value
