"""Message templates: their holes, their braces, and what is wrong with them."""

import datetime as dt
import enum
from typing import ClassVar

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxrules import expression as ex
from dxrules.language.condition import check
from dxrules.language.message import check_message
from dxrules.rulebook import Hole, Template
from dxrules.schema import describe
from profiles import examples


class Colour(enum.StrEnum):
    RED = "red"


@attrs.frozen
class Lid:
    height: int | None = None


@attrs.frozen
class Box:
    price: int | None = None
    weight: float | None = None
    colour: Colour | None = None
    made: dt.date | None = None
    colours: frozenset[Colour] | None = None
    lid: Lid | None = None
    labels: list[str] | None = None


class Names:
    fact_type = describe(Box)
    parameters: ClassVar = {"fee": (90,), "rate": (1.5,), "broken": ()}
    definition_names = ("total", "is_red")

    def definition(self, name):
        return check({"total": "price + fee", "is_red": 'colour == "red"'}[name], self, pytest.fail)

    hidden: ClassVar = {}

    def unreadable(self, _):
        return False


def read(text):
    flaws = []
    template = check_message(text, Names(), flaws.append)
    assert (template is None) == bool(flaws) or "broken" in text
    return template, [(flaw.code, text[flaw.start : flaw.end], flaw.message, flaw.help) for flaw in flaws]


def holes(text):
    return [(part.name, part.format) for part in read(text)[0].parts if isinstance(part, Hole)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nothing", []),
        ("", []),
        ("{price}", [("price", "")]),
        ("{price:yuan} and {price}", [("price", "yuan"), ("price", "")]),
        ("{ price }", [("price", "")]),
        ("{lid.height}{made}{colours}{colour}{weight}", [(name, "") for name in (
            "lid.height", "made", "colours", "colour", "weight")]),
        ("{fee:yuan} {rate} {total:yuan} {is_red}", [("fee", "yuan"), ("rate", ""), ("total", "yuan"), ("is_red", "")]),
        ("欠费{price:yuan}，结清。", [("price", "yuan")]),
        ("{{price}} {{{price}}}", [("price", "")]),
    ],
)  # fmt: skip
def test_holes(text, expected):
    assert holes(text) == expected


def test_parts():
    price = ex.FactRef(describe(Box).facts["price"])
    assert read("{{{price:yuan}}} ok")[0] == Template(("{", Hole("price", price, "yuan"), "} ok"))
    assert read("a {{b}} c")[0] == Template(("a {b} c",))
    assert read("a ｛, ｝ d ｝｛")[0] == Template(("a ｛, ｝ d ｝｛",))


BRACES = "for a brace in the text write it twice: `{{` or `}}`"
CALCULATE = "a message takes facts, parameters and definitions; calculate in `define`"
PLAIN = "leave it out: numbers, dates and texts need none"
FLAWS = [
    ("{", "message/brace", "{", "this `{` has no partner", BRACES),
    ("a } b", "message/brace", "}", "this `}` has no partner", BRACES),
    ("｛price｝", "message/brace", "｛price｝", "`｛price｝` has full-width braces", "write `{` and `}`"),
    ("{}", "message/name", "{}", "the braces hold no name", CALCULATE),
    ("{price + 1}", "message/name", "{price + 1}", "`price + 1` is not a name", CALCULATE),
    ("{price!r}", "message/name", "{price!r}", "`price!r` is not a name", CALCULATE),
    ("{True}", "message/name", "{True}", "`True` is not a name", CALCULATE),
    ("{0}", "message/name", "{0}", "`0` is not a name", CALCULATE),
    ("{price.__class__}", "name/unknown", "price.__class__",
     "`price.__class__` is not a fact, parameter or definition of `Box`", None),
    ("{lid}", "message/name", "{lid}", "`lid` is a group of facts", "name one of its facts"),
    ("é {prise}", "name/unknown", "prise", "`prise` is not a fact, parameter or definition of `Box`",
     "did you mean `price`?"),
    ("{labels}", "type/unreadable", "labels", "`labels` cannot be used: rules cannot read the type `list[str]`", None),
    ("{price:yuna}", "message/format", "yuna", "`yuna` is not a format", "did you mean `yuan`?"),
    ("{price:>10}", "message/format", ">10", "`>10` is not a format", PLAIN),
    ("{price:}", "message/format", "{price:}", "no format stands behind the colon", PLAIN),
    ("{weight:yuan}", "message/format", "yuan", "`yuan` shows whole fen; `weight` is a number", "leave the format out"),
    ("{rate:yuan}", "message/format", "yuan", "`yuan` shows whole fen; `rate` is a number", "leave the format out"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "place", "message", "help_"), FLAWS, ids=[row[0] for row in FLAWS])
def test_flaws(text, code, place, message, help_):
    assert read(text) == (None, [(code, place, message, help_)])


def test_all_mistakes_of_a_message_come_together():
    assert [code for code, *_ in read("{prise} {lid} {price:x} }")[1]] == [
        "name/unknown", "message/name", "message/format", "message/brace",
    ]  # fmt: skip


def test_what_was_reported_elsewhere_is_not_reported_again():
    assert read("{broken}") == (None, [])


def test_length():
    assert read("x" * 20_000)[0] == Template(("x" * 20_000,))
    assert [row[0] for row in read("x" * 20_001)[1]] == ["message/too-long"]


@settings(max_examples=examples(ci=300, long=20_000))
@given(st.lists(st.sampled_from(["{", "}", "{{", "}}", "price", "lid", ":", "yuan", "｛", "｝", " ", "費", "1"])))
def test_any_message(pieces):
    text = "".join(pieces)
    flaws = []
    template = check_message(text, Names(), flaws.append)
    assert all(0 <= flaw.start <= flaw.end <= len(text) for flaw in flaws)
    if template is not None:
        again = "".join(
            part.replace("{", "{{").replace("}", "}}") if isinstance(part, str)
            else "{" + part.name + (f":{part.format}" if part.format else "") + "}"
            for part in template.parts
        )  # fmt: skip
        assert check_message(again, Names(), pytest.fail) == template
