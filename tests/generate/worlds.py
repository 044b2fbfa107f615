"""Random fact types: attrs classes with fields of every type that rules read."""

import datetime as dt
import enum
import functools
from random import Random
from typing import Annotated, Any, Literal, NewType, Optional

import attrs

from dxrules.facts import Labelled, checked
from dxrules.schema import FactType, describe, note, read_type

WORLDS = 400

# Among them are names that generated code might use itself, and names of Python's own functions.
_NAMES = (
    *("a", "b", "c", "x", "y", "n", "t", "fact", "facts", "day", "as_of", "v0", "f0", "i0", "mask", "fired"),
    *("cls", "len", "int", "str", "math", "days_since", "startswith", "amount_fen", "kind", "status"),
    *("金额", "état", "_hidden", "type", "match", "plan", "decision", "unknown", "missing", "value"),
)
_TEXTS = (
    *("unknown", "none", "None", "a", "b", "ab", "active", "", "two words", 'quo"te', "it's", "back\\slash"),
    *("未知", "é", "2024-01-01", "true", "1", "#", "a: b", "{x}", "😀", "new\nline", "A"),
)
_KINDS = ("bool", "bool", "int", "int", "float", "text", "enum", "enum", "literal", "date", "datetime", "set")
_Fen = NewType("_Fen", int)


@attrs.frozen
class World:
    """One or two fact types."""

    classes: tuple[type, ...]

    @property
    def fact_types(self) -> tuple[FactType, ...]:
        return tuple(describe(each) for each in self.classes)


@functools.cache
def world(index: int) -> World:
    """The fact types of a number below `WORLDS`; those of small numbers are small."""
    rng = Random(f"world {index}")
    most = 4 + index // 20 if index < 200 else 14
    enums = [_enum(rng, f"Enum{place}") for place in range(rng.randint(1, 3))]
    hints: list[Any] = [hint for each in enums for hint in (each, frozenset[each])]
    hints += [_literal(rng), frozenset[_literal(rng)]]
    classes = tuple(
        _class(rng, name, 0, rng.randint(2, most), hints)
        for name in ("Alpha", "Beta")[: 1 if index < 4 or rng.random() < 0.6 else 2]
    )
    return World(classes)


def _enum(rng: Random, name: str) -> type[enum.Enum]:
    texts = rng.sample(_TEXTS, rng.randint(1, 6))
    style = rng.choice(("plain", "plain", "mixin", "labelled"))
    if style == "labelled":
        rows = {f"M{place}": (text, f"label {text}", f"标签{text}") for place, text in enumerate(texts)}
        return Labelled(name, rows, module=__name__)
    members = {f"M{place}": text for place, text in enumerate(texts)}
    if style == "mixin":
        return enum.Enum(name, members, type=str, module=__name__)
    return enum.StrEnum(name, members, module=__name__)


def _literal(rng: Random) -> Any:
    return Literal[tuple(rng.sample(_TEXTS, rng.randint(1, 4)))]


def _class(rng: Random, name: str, depth: int, size: int, hints: list[Any]) -> type:
    fields: dict[str, Any] = {}
    names = rng.sample(_NAMES, min(size, len(_NAMES)))
    for field_name in names:
        hint, default = _field(rng, f"{name}{field_name.title()}", depth, hints)
        optional = rng.random() < 0.6
        if optional:
            hint = hint | None if rng.random() < 0.5 else Optional[hint]  # noqa: UP045 - both spellings are read
            default = None if rng.random() < 0.8 else default
        if rng.random() < 0.05:
            hint = Annotated[hint, "said more"]
        metadata = _note(Random(f"note {name} {field_name}"), hint)
        default = attrs.NOTHING if rng.random() < 0.4 else default
        fields[field_name] = attrs.field(type=hint, default=default, metadata=metadata)
    body = {"__attrs_post_init__": checked} if rng.random() < 0.4 else {}
    frozen, slots = rng.random() < 0.7, rng.random() < 0.8
    return attrs.make_class(name, fields, class_body=body, frozen=frozen, slots=slots, kw_only=True, unsafe_hash=None)


def _note(rng: Random, hint: Any) -> dict[str, Any]:
    """What the field says of itself: nothing, or labels, and perhaps that it is personal data or can be changed."""
    if rng.random() < 0.2:
        return {}
    kind = read_type(hint)[0].kind
    settable: Any = rng.random() < 0.5
    if settable and kind in ("int", "float", "date", "datetime", "set"):
        settable = rng.choice((True, "up", "down"))
    unit = rng.choice((None, "fen", "days")) if kind == "int" else None
    return note(f"what it is ({kind})", f"含义（{kind}）", unit=unit, personal=rng.random() < 0.2, settable=settable)


def _field(rng: Random, name: str, depth: int, hints: list[Any]) -> tuple[Any, Any]:
    """An annotation and a default that fits it."""
    if depth < 2 and rng.random() < (0.15 if depth == 0 else 0.25):
        group = _class(rng, name, depth + 1, rng.randint(1, 4), hints)
        required = any(each.default is attrs.NOTHING for each in attrs.fields(group))
        return group, attrs.NOTHING if required else group()
    if rng.random() < 0.06:
        return rng.choice(((list[int], ()), (complex, 0j), (int | str, 1), (dict[str, int], None), (bytes, b"")))
    kind = rng.choice(_KINDS)
    if kind in ("enum", "literal", "set"):
        usable = [hint for hint in hints if (getattr(hint, "__origin__", None) is frozenset) == (kind == "set")]
        hint = rng.choice(usable)
        if kind == "set":
            return hint, frozenset()
        return hint, next(iter(hint)) if isinstance(hint, type) else hint.__args__[0]
    simple = {
        "bool": (bool, False),
        "int": (rng.choice((int, int, int, _Fen)), 0),
        "float": (float, 0.0),
        "text": (str, ""),
        "date": (dt.date, dt.date(2024, 1, 1)),
        "datetime": (dt.datetime, dt.datetime(2024, 1, 1, 12)),
    }
    return simple[kind]
