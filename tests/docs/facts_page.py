"""Makes docs/reference/facts.md of the fact classes: `python tests/docs/facts_page.py`. A test holds it up to date."""

import enum
from collections.abc import Iterable, Iterator
from pathlib import Path

import attrs

from dxrules import facts
from dxrules.schema import Fact, Type, describe

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "reference" / "facts.md"
CLASSES = (facts.Card, facts.Usage, facts.CancellationRequest, facts.Account)

INTRO = """\
# The facts of cards and accounts

<!-- This page is made by tests/docs/facts_page.py: change the classes in src/dxrules/facts, then run that. -->

The bundled rules read two fact types, [`Card`](#card) and [`Account`](#account). A card has two groups of facts,
[`usage`](#usage) and [`request`](#cancellationrequest); rules and CSV columns name what is in them with a dot:
`request.stage`.

- **Left out** says what a fact is when nobody gives it. Most are unknown, `None` in Python. A group that is left out is
  unknown as a whole; to the bundled rules a `request` that is unknown is one that has not been started.
- A member called `unknown` is an ordinary value, which rules name: `status == "unknown"`.
- Money is in fen (100 fen are 1 yuan), time in whole days or months.
- **A person can** says what [`what_if`](../how-to/what-would-change-it.md) may propose: what somebody can bring about.
  A loss cannot be undone, what the holder asks for is not to be changed, and no threshold is a number to aim at.
- Personal data are marked; explanations mask their values. `card_id`, `account_id` and `request_id` are keys of your
  own choosing: never a phone number or its plain hash, which can be undone by trying all numbers.
"""


def page() -> str:
    """The whole page."""
    parts = [INTRO, *map(_class_part, CLASSES)]
    parts.append("## The known values\n\nOf facts with a fixed list of values, and what messages call each of them.\n")
    parts += map(_enum_part, _enums())
    return "\n".join(parts)


def _class_part(cls: type) -> str:
    rows = [
        f"## `{cls.__name__}`\n\n{_doc(cls)}\n",
        "| fact | type | unit | left out | a person can | meaning | 含义 |",
        "|---|---|---|---|---|---|---|",
    ]
    for fact in describe(cls).members_of(""):
        note = fact.note
        assert note is not None, f"{cls.__name__}.{fact.name} has no note"
        en, zh = (f"{note.en} (personal data)", f"{note.zh}（个人信息）") if note.personal else (note.en, note.zh)
        cells = (f"`{fact.name}`", _type(fact), note.unit or "", _left_out(cls, fact), _settable(fact), en, zh)
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


def _enum_part(cls: type[facts.Labelled]) -> str:
    rows = [f"### `{cls.__name__}`\n\n{_doc(cls)}\n", "| value | English | 中文 |", "|---|---|---|"]
    rows += [f"| `{member.value}` | {member.label('en')} | {member.label('zh')} |" for member in cls]
    return "\n".join(rows) + "\n"


def _type(fact: Fact) -> str:
    type_ = fact.type
    if type_.kind in ("enum", "set", "group"):
        link = f"[`{_python(type_).__name__}`](#{_python(type_).__name__.lower()})"
        return {"enum": f"one {link}", "set": f"a set of {link}", "group": f"a group, {link}"}[type_.kind]
    least = fact.note.minimum if fact.note else None
    return type_.words() + ("" if least is None else f", {least} or more")


def _left_out(cls: type, fact: Fact) -> str:
    default = getattr(attrs.fields(cls), fact.name).default
    if fact.required:
        return "must be given"
    return "unknown" if default is None else f"`{default}`"


def _settable(fact: Fact) -> str:
    """What a person can do about it, in words."""
    how = fact.note.settable if fact.note is not None else None
    if how is None:
        return ""
    if how.steps is not None:
        steps = (f"{_values(ends)} from {_start(start)}" for start, ends in how.steps)
        return "set it to " + "; ".join(steps)
    if how.values is not None:
        return f"set it to {_values(how.values)}"
    if fact.type.kind == "group":
        return "start it"
    if fact.type.kind == "set":
        return {"any": "change it", "up": "add to it", "down": "take from it"}[how.direction]
    return {"any": "set it", "up": "raise it", "down": "lower it"}[how.direction]


def _values(values: Iterable[object]) -> str:
    return ", ".join(f"`{str(each).lower() if isinstance(each, bool) else each}`" for each in values)


def _start(value: object) -> str:
    return "nothing" if value is None else f"`{value}`"


def _enums() -> Iterator[type[facts.Labelled]]:
    found: dict[type, None] = {}
    for cls in CLASSES:
        for fact in describe(cls).members_of(""):
            if fact.type.kind in ("enum", "set"):
                found[_python(fact.type)] = None
    for each in found:
        assert issubclass(each, facts.Labelled)
        assert issubclass(each, enum.StrEnum)
        yield each


def _python(type_: Type) -> type:
    assert type_.python is not None
    return type_.python


def _doc(cls: type) -> str:
    return (cls.__doc__ or "").partition("\n")[0]


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
