"""Conditions: what the table of constructs takes and what it refuses, with the tree that comes of it."""

import datetime as dt
import enum
from typing import ClassVar, Literal

import attrs
import pytest

from dxrules import expression as ex
from dxrules.language.condition import check, check_condition
from dxrules.schema import describe


class Colour(enum.StrEnum):
    RED = "red"
    GREEN = "green"


class Empty(enum.StrEnum):
    pass


@attrs.frozen
class Lid:
    height: int | None = None
    seal: Literal["wax", "tape"] | None = None


@attrs.frozen
class Box:
    key: str
    open: bool | None = None
    full: bool | None = None
    count: int | None = None
    limit: int | None = None
    weight: float | None = None
    name: str | None = None
    colour: Colour | None = None
    paint: Colour | None = None
    size: Literal["small", "large"] | None = None
    fit: Literal["large", "small"] | None = None
    made: dt.date | None = None
    sold: dt.date | None = None
    sealed: dt.datetime | None = None
    colours: frozenset[Colour] | None = None
    sizes: frozenset[Literal["small", "large"]] | None = None
    nothing: frozenset[Empty] | None = None
    lid: Lid | None = None
    labels: list[str] | None = None


class Names:
    """A scope with one parameter of each kind and a few definitions."""

    fact_type = describe(Box)
    parameters: ClassVar = {
        "days": (90, 60),
        "rate": (1, 2.5),
        "word": ("red",),
        "start": ("2026-01-01", "2026-02-01"),
        "strict": (True,),
        "broken": (),
    }

    def __init__(self):
        self.definitions = {}
        for name, text in {"is_open": "open is True", "total": "count + limit", "alias": "count", "held": "colours",
                           "group_alias": "name", "text_parameter": "word"}.items():  # fmt: skip
            flaws = []
            self.definitions[name] = check(text, self, flaws.append)
            assert flaws == []
        self.definitions["bad"] = None

    @property
    def definition_names(self):
        return getattr(self, "definitions", ())

    def definition(self, name):
        return self.definitions[name]

    hidden: ClassVar = {}

    def unreadable(self, name):
        return name == "perhaps"


SCOPE = Names()


def read(text):
    """The tree, and what was reported: code and the text underlined."""
    flaws = []
    tree = check_condition(text, SCOPE, flaws.append)
    assert (tree is None) == bool(flaws) or "broken" in text or "bad" in text or "perhaps" in text
    return tree, [(flaw.code, text[flaw.start : flaw.end]) for flaw in flaws]


# Each row of the language's table: what it takes.
TAKEN = """
open
not open
open and full or not open
open is True
open is not False
open is None
True
count == 1
1 == count
count == weight
weight >= 1
count != 1.5
count == days
count == rate
name == "x"
name == key
name == word
key != name
colour == "red"
"green" != colour
colour == paint
colour == word
colour == text_parameter
size == "small"
size == fit
made == "2026-01-31"
"2026-01-31" <= made
made == sold
made < start
made >= sold
sealed == "2026-01-31T09:30:00"
sealed < "2026-01-31T09:30"
sealed > "2026-01-31 09:30:00"
open == full
open == (count > 1)
open != strict
(count > 1) == (limit > 1)
count < limit
1 < count < 5
1 < count <= limit < 9
"2026-01-01" <= made < "2027-01-01"
count + limit > 1
count - 1 > 0
-count < 0
+count > 0
count * 2 > 1
2 * count > 1
-2 * count * 3 > weight
weight * 1.5 > count + 0.5
count + days > 1
total > 1
total * 2 > 1
alias in (1, 2)
count in (1, 2)
count in (1, 2.5)
weight in (1, -2.5)
count not in (-1,)
name in ("a", "b")
colour in ("red",)
size not in ("small", "large")
made in ("2026-01-31",)
open in (True, False)
lid.height > 1
lid.seal in ("wax",)
"red" in colours
"red" not in colours
"small" in sizes
"red" in held
lid is None
lid is not None
lid.height is None
count is None
(count > 1) is None
(count > 1) is not True
(open and full) is False
is_open is None
is_open is not True
alias is None
held is None
len(colours) > 0
len(colours) * 2 == count
days_since(made) > days
days_since(made) - days_since(sold) > 1
name.startswith("a")
not name.startswith("a")
key.startswith('"')
group_alias.startswith("a")
open is True and is_open
"""

REFUSED = [
    ("count", "type/not-a-condition", "count"),
    ("not colour", "type/not-a-condition", "colour"),
    ("open and lid", "type/not-a-condition", "lid"),
    ("colours or open", "type/not-a-condition", "colours"),
    ('colour == "red" or "green"', "type/not-a-condition", '"green"'),
    ("total", "type/not-a-condition", "total"),
    ('"a"', "type/not-a-condition", '"a"'),
    ("5", "type/not-a-condition", "5"),
    ("open == 1", "type/mismatch", "open == 1"),
    ("count == open", "type/mismatch", "count == open"),
    ('count == "1"', "type/mismatch", 'count == "1"'),
    ("name == 1", "type/mismatch", "name == 1"),
    ("colour == size", "type/mismatch", "colour == size"),
    ("colour == name", "type/mismatch", "colour == name"),
    ("made == sealed", "type/mismatch", "made == sealed"),
    ("made == 20260131", "type/mismatch", "made == 20260131"),
    ("made == name", "type/mismatch", "made == name"),
    ("count == word", "type/mismatch", "count == word"),
    ("open == days", "type/mismatch", "open == days"),
    ('colour == "rad"', "type/member", '"rad"'),
    ('"rad" == colour', "type/member", '"rad"'),
    ('colour == "Red"', "type/member", '"Red"'),
    ("size == word", "type/member", "word"),
    ("colour == start", "type/member", "start"),
    ('made == "2026-13-01"', "type/date", '"2026-13-01"'),
    ('made == "2026-1-1"', "type/date", '"2026-1-1"'),
    ('made == "2026-01-31T09:30"', "type/date", '"2026-01-31T09:30"'),
    ('sealed == "2026-01-31"', "type/date", '"2026-01-31"'),
    ('sealed == "2026-01-31T09:30+08:00"', "type/date", '"2026-01-31T09:30+08:00"'),
    ("made == word", "type/date", "word"),
    ('name < "x"', "type/order", 'name < "x"'),
    ('colour >= "red"', "type/order", 'colour >= "red"'),
    ("open < full", "type/order", "open < full"),
    ("size > fit", "type/order", "size > fit"),
    ("1 < (count > 1)", "type/mismatch", "1 < (count > 1)"),
    ("lid == lid", "type/group", "lid == lid"),
    ("lid < 1", "type/group", "lid < 1"),
    ("colours == colours", "type/set", "colours == colours"),
    ('colours != "red"', "type/set", 'colours != "red"'),
    ("count == None", "condition/none", "None"),
    ("None != count", "condition/none", "None"),
    ("1 < count < None", "condition/none", "None"),
    ("None", "condition/none", "None"),
    ("count in (1, None)", "condition/none", "None"),
    ("count in None", "condition/none", "None"),
    ("count in ()", "condition/tuple", "()"),
    ("count in (1)", "condition/tuple", "1"),
    ('colour in ("red")', "condition/tuple", '"red"'),
    ('colour in "red"', "condition/tuple", '"red"'),
    ("count == (1, 2)", "condition/tuple", "(1, 2)"),
    ("(1, 2)", "condition/tuple", "(1, 2)"),
    ("count in (1, limit)", "condition/tuple", "limit"),
    ("count in (1, days)", "condition/tuple", "days"),
    ("count in (1, (2,))", "condition/tuple", "(2,)"),
    ("count in (1, 2 + 3)", "condition/tuple", "2 + 3"),
    ('count in (1, "a")', "type/mismatch", '"a"'),
    ("count in (1, True)", "type/mismatch", "True"),
    ("open in (1,)", "type/mismatch", "1"),
    ('colour in ("red", "rad")', "type/member", '"rad"'),
    ('made in ("soon",)', "type/date", '"soon"'),
    ('"red" in ("red",)', "type/in", '"red"'),
    ("count + 1 in (1, 2)", "type/in", "count + 1"),
    ("days in (1, 2)", "type/in", "days"),
    ("total in (1, 2)", "type/in", "total"),
    ("colour in colours", "type/in", "colour"),
    ("word in colours", "type/in", "word"),
    ("1 in colours", "type/in", "1"),
    ('"red" in colour', "type/in", "colour"),
    ('"r" in name', "type/in", "name"),
    ('"rad" in colours', "type/member", '"rad"'),
    ('"x" in nothing', "type/member", '"x"'),
    ("count in colours", "type/in", "count"),
    ("count is 1", "condition/is", "count is 1"),
    ("open is full", "condition/is", "open is full"),
    ("open is not full", "condition/is", "open is not full"),
    ("open is true", "condition/is", "open is true"),
    ("count is True", "type/is-bool", "count"),
    ("lid is False", "type/is-bool", "lid"),
    ("(count + 1) is None", "type/is-none", "count + 1"),
    ("total is None", "type/is-none", "total"),
    ("days is None", "type/is-none", "days"),
    ("1 is None", "type/is-none", "1"),
    ("1 < count in (2, 3)", "condition/chain", "1 < count in (2, 3)"),
    ("count is None is True", "condition/chain", "count is None is True"),
    ("open == full is True", "condition/chain", "open == full is True"),
    ("1 < count != None", "condition/none", "None"),
    ("count * limit > 0", "type/product", "count * limit"),
    ("count * days > 0", "type/product", "count * days"),
    ("open + 1 > 0", "type/number", "open"),
    ("made + 1 > 0", "type/number", "made"),
    ("name + 1 == name", "type/number", "name"),
    ("-open == open", "type/number", "open"),
    ("count * 1024 > 0", None, None),
    ("count * 1025 > 0", "type/overflow", "count * 1025"),
    ("count * 1024 + count > 0", "type/overflow", "count * 1024 + count"),
    ("-count * 512 - count * 512 - count > 0", "type/overflow", "-count * 512 - count * 512 - count"),
    ("count > 9223372036854775807", None, None),
    ("count > 9223372036854775808", "type/overflow", "9223372036854775808"),
    ("weight > 1e309", "type/overflow", "1e309"),
    ("weight * 1e300 > 0", None, None),
    ("len(count) > 0", "type/argument", "count"),
    ("len(lid) > 0", "type/argument", "lid"),
    ("len(colours, sizes) > 0", "condition/arguments", "len(colours, sizes)"),
    ("days_since(sealed) > 0", "type/argument", "sealed"),
    ("days_since(start) > 0", "type/argument", "start"),
    ('days_since("2026-01-31") > 0', "type/argument", '"2026-01-31"'),
    ('colour.startswith("r")', "type/argument", "colour"),
    ('"a".startswith("a")', "type/argument", '"a"'),
    ("name.startswith(key)", "condition/arguments", "name.startswith(key)"),
    ("name.startswith(1)", "condition/arguments", "name.startswith(1)"),
    ('name.endswith("a")', "name/function", "name.endswith"),
    ("open()", "name/function", "open"),
    ("labels is None", "type/unreadable", "labels"),
    ("lid.labels", "name/unknown", "lid.labels"),
    ("colour.red", "name/unknown", "colour.red"),
    ("count ** 2 > 1", "condition/character", "**"),
]


@pytest.mark.parametrize("text", TAKEN.strip().splitlines())
def test_taken(text):
    tree, flaws = read(text)
    assert flaws == []
    assert tree.type == ex.BOOL


@pytest.mark.parametrize(("text", "code", "place"), REFUSED, ids=[row[0] for row in REFUSED])
def test_refused(text, code, place):
    tree, flaws = read(text)
    assert flaws == ([] if code is None else [(code, place)])
    assert (tree is None) == (code is not None)


@pytest.mark.parametrize(
    ("text", "help_"),
    [
        ("count == None", "write `count is None`"),
        ("count != None", "write `count is not None`"),
        ("count in None", "write `count is None`"),
        ("count not in None", "write `count is not None`"),
        ("open is true", "write `open is True`"),
        ("open is not none", "write `open is not None`"),
        ("open == yes", "write `True`"),
        ("open is full", "write `open == full`"),
        ("open is not full", "write `open != full`"),
        ('colour not in ("red")', 'write `colour != "red"`, or `("red",)` with a comma'),
        ("count in limit", "write `count == limit`"),
        ('count == "5"', "quotes are for texts only: take them off"),
        ('open == "true"', "quotes are for texts only: take them off"),
        ('count == "many"', None),
        ("colour == red", 'text is quoted: write `"red"`'),
        ("colour == RED", 'text is quoted: write `"red"`'),
        ("colour == Colour.RED", 'text is quoted: write `"red"`'),
        ("colour == grene", 'did you mean the text `"green"`?'),
        ('colour == "grene"', "did you mean `green`?"),
        ("conut > 1", "did you mean `count`?"),
        ("COUNT > 1", "did you mean `count`?"),
        ("height > 1", "did you mean `lid.height`?"),
        ("lid.hieght > 1", "did you mean `lid.height`?"),
        ("box.count > 1", "write `count`: a fact is named without its class"),
        ("is_opne", "did you mean `is_open`?"),
        ("dyas > 1", "did you mean `days`?"),
        ("length(colours) > 1", "did you mean `len`?"),
        ("days_sinc(made) > 1", "did you mean `days_since`?"),
        ("quite_unlike_it", None),
        ("made + 1 > 0", "use `days_since(...)` for the days since a date"),
    ],
)  # fmt: skip
def test_help(text, help_):
    flaws = []
    check_condition(text, SCOPE, flaws.append)
    assert [flaw.help for flaw in flaws] == [help_]


@pytest.mark.parametrize("text", ["bad", "not bad and open", "broken > 1", "count > broken", "perhaps", "perhaps > 1"])
def test_what_was_reported_elsewhere_is_not_reported_again(text):
    assert read(text) == (None, [])


def test_all_mistakes_of_a_condition_come_together():
    text = 'conut > 1 and colour == "rad" or (name < "x" and (made + 1 > 2 or len(count) > 0)) and colour in (1, "rad")'
    assert [code for code, _ in read(text)[1]] == [
        "name/unknown", "type/member", "type/order", "type/number", "type/argument", "type/mismatch", "type/member",
    ]  # fmt: skip


def test_nothing_is_reported_twice():
    for text in ("1 < conut < 5", "conut is full", "conut == None", "conut in (1, None)"):
        flaws = read(text)[1]
        assert len(set(flaws)) == len(flaws)
        assert ("name/unknown", "conut") in flaws


def test_chains_within_chains_take_no_time():
    text = "1 < (" * 49 + "count" + " < 2)" * 49
    assert {code for code, _ in read(text)[1]} == {"type/mismatch"}


def test_a_text_becomes_what_it_stands_beside():
    tree = read('made < "2026-01-31"')[0]
    assert tree == ex.Compare("<", fact("made"), ex.Const(dt.date(2026, 1, 31), ex.DATE))
    tree = read('colour == "red"')[0]
    assert tree.right == ex.Const("red", fact("colour").type)
    tree = read("colour == word")[0]
    assert tree.right == ex.ParamRef("word", fact("colour").type)
    tree = read("colour == text_parameter")[0]
    assert tree.right == ex.ParamRef("word", fact("colour").type)


def fact(name):
    return ex.FactRef(describe(Box).facts[name])


def test_precedence_is_pythons():
    assert read("open or full and not open")[0] == ex.Or((fact("open"), ex.And((fact("full"), ex.Not(fact("open"))))))
    assert read("not count > 1")[0] == ex.Not(ex.Compare(">", fact("count"), ex.Const(1, ex.INT)))
    assert read("-count * 2 + 1 > 0")[0].left == ex.Arith(
        "+", ex.Arith("*", ex.Neg(fact("count")), ex.Const(2, ex.INT)), ex.Const(1, ex.INT)
    )


def test_a_chain_is_its_links_joined():
    tree = read("1 < count <= limit")[0]
    assert tree == ex.And(
        (ex.Compare("<", ex.Const(1, ex.INT), fact("count")), ex.Compare("<=", fact("count"), fact("limit")))
    )


def test_a_sign_on_a_literal_is_the_literal():
    assert read("count > -5")[0].right == ex.Const(-5, ex.INT)
    assert read("count in (-1, +2)")[0].values == (ex.Const(-1, ex.INT), ex.Const(2, ex.INT))


def test_a_group_is_known_to_its_facts():
    groups = (describe(Box).facts["lid"],)
    assert read("lid.height > 1")[0].left == ex.FactRef(describe(Box).facts["lid.height"], groups)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("\n  欠费 and open", "欠费"),
        ('name == "欠费" and conut > 1', "conut"),
        ('name == "a\\u6b20" and\r\n\tconut > 1', "conut"),
        ('name == "😀" and conut > 1', "conut"),
    ],
)
def test_places_count_characters(text, name):
    assert read(text)[1] == [("name/unknown", name)]


def test_nodes_know_where_they_were_written():
    text = ' open and ( name == "欠费" or count + 1 > 2)'
    tree = read(text)[0]
    written = [text[node.start : node.end] for node in ex.walk(tree)]
    assert written == [
        'open and ( name == "欠费" or count + 1 > 2)', "open", 'name == "欠费" or count + 1 > 2', 'name == "欠费"',
        "name", '"欠费"', "count + 1 > 2", "count + 1", "count", "1", "2",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["count", "limit"])
def test_bounds_of_arithmetic(name):
    assert read(f"{name} + days > 0")[0].left.bounds == (-(2**53) + 1 + 60, 2**53 - 1 + 90)
    assert read(f"len(colours) - {name} > 0")[0].left.bounds == (-(2**53) + 1, 2 + 2**53 - 1)


@pytest.mark.parametrize(
    "text",
    [
        "not " * 90 + "open",
        "(" * 90 + "open" + ")" * 90,
        "-" * 90 + "count > 0",
        "1" + " + 1" * 90 + " > 0",
        "open" + " and open" * 600,
        "1" + " < 1" * 1_500,
        "count in (" + "1, " * 2_000 + ")",
    ],
    ids=range(7),
)
def test_large_conditions_are_taken(text):
    assert read(text)[1] == []


@pytest.mark.parametrize(
    "text",
    [
        "not " * 101 + "open",
        "(" * 101 + "open" + ")" * 101,
        "1" + " + 1" * 1_500 + " > 0",
        "open" + ".a" * 3_000,
        "-" * 7_000 + "1 > 0",
    ],
    ids=range(5),
)
def test_deep_conditions_are_refused(text):
    assert {code for code, _ in read(text)[1]} == {"condition/too-deep"}
