"""The hand-written table of meanings, and what a table cannot say."""

import datetime as dt
import enum
from pathlib import Path
from typing import Literal

import attrs
import pytest
import yaml

import dxrules
from dxrules import meaning
from dxrules.meaning import InstanceFacts

TABLE = yaml.safe_load((Path(__file__).parent.parent / "data" / "meaning.yaml").read_text(encoding="utf-8"))
ROWS = [tuple(row) for rows in TABLE["tables"].values() for row in rows]
DAY = dt.date(2026, 1, 15)


class Colour(enum.StrEnum):
    RED = "red"
    GREEN = "green"
    UNKNOWN = "unknown"


Size = Literal["s", "m", "l"]


@attrs.frozen(kw_only=True)
class Deep:
    n: int | None = None


@attrs.frozen(kw_only=True)
class Inner:
    n: int | None = None
    flag: bool | None = None
    deep: Deep | None = None


@attrs.frozen(kw_only=True)
class Thing:
    a: bool | None = None
    b: bool | None = None
    c: bool | None = None
    n: int | None = None
    m: int | None = None
    x: float | None = None
    y: float | None = None
    s: str | None = None
    t: str | None = None
    colour: Colour | None = None
    other: Colour | None = None
    size: Size | None = None
    day: dt.date | None = None
    day2: dt.date | None = None
    at: dt.datetime | None = None
    at2: dt.datetime | None = None
    colours: frozenset[Colour] | None = None
    sizes: frozenset[Size] | None = None
    inner: Inner | None = None


def thing(given):
    """The fact of a row."""
    values = dict(given)
    for name in ("colour", "other"):
        if name in values:
            values[name] = Colour(values[name])
    if "colours" in values:
        values["colours"] = frozenset(map(Colour, values["colours"]))
    if "sizes" in values:
        values["sizes"] = frozenset(values["sizes"])
    if "inner" in values:
        inner = dict(values["inner"])
        if "deep" in inner:
            inner["deep"] = Deep(**inner["deep"])
        values["inner"] = Inner(**inner)
    return Thing(**values)


def parts(row):
    """Expression, fact, result (None for unknown), missing and day of a row."""
    expression, given, result, missing, day = (*row, [], DAY)[:5] if len(row) < 4 else (*row, DAY)[:5]
    return expression, thing(given), None if result == "unknown" else result, tuple(missing), day


def loaded(rules=None, define=None):
    """A rulebook on things, with the parameters and definitions of the table."""
    pack = {
        "rulebook": "table",
        "facts": "Thing",
        "parameters": TABLE["parameters"],
        "define": {**TABLE["define"], **(define or {})},
        "rules": rules or {},
    }
    return dxrules.load(dxrules.Text(yaml.safe_dump(pack, allow_unicode=True, sort_keys=False)), facts=[Thing])


def rule(when):
    """A rule with that condition."""
    return {"when": when, "warn": None, "message": {"en": "a", "zh": "a"}}


@pytest.fixture(scope="module")
def expressions():
    """The checked expression of every row, by its text."""
    names = {row[0]: f"row{place}" for place, row in enumerate(ROWS)}
    rulebook = loaded(define={name: text for text, name in names.items()})
    return rulebook, {text: rulebook.definitions["Thing"][name] for text, name in names.items()}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}, {row[1]}")
def test_an_expression_means_what_the_table_says(expressions, row):
    rulebook, trees = expressions
    text, fact, result, missing, day = parts(row)
    facts = InstanceFacts(fact, {name: each.at(day) for name, each in rulebook.parameters.items()}, day)
    found = meaning.value(trees[text], facts)
    assert (type(found), found) == (type(result), result)
    if result is None:
        assert meaning.missing(trees[text], facts) == missing


def test_the_table_is_long_enough():
    assert len(ROWS) >= 150


def test_every_engine_decides_the_conditions_of_the_table(engine, expressions):
    texts = [text for text, tree in expressions[1].items() if tree.type.kind == "bool"]
    names = {text: f"R{place}" for place, text in enumerate(texts)}
    made = dxrules.compile(loaded({name: rule(text) for text, name in names.items()}), engine)
    for row in ROWS:
        text, fact, result, missing, day = parts(row)
        if text in names:
            decision = made.evaluate(fact, day)
            waiting = {each.rule: each.missing for each in decision.undetermined}
            assert (names[text] in decision.codes) is (result is True), row
            assert (names[text] in waiting) is (result is None), row
            assert waiting.get(names[text], ()) == missing, row


# Conditions as lists and mappings


@pytest.mark.parametrize(
    ("when", "given", "truth", "missing"),
    [
        (["a", "b"], {"a": True, "b": True}, True, ()),
        (["a", "b"], {"a": True}, None, ("b",)),
        (["a", "b"], {"a": False}, False, ()),
        (["a"], {}, None, ("a",)),
        ({"all": ["a", "b"]}, {"a": True}, None, ("b",)),
        ({"any": ["a", "b"]}, {"a": True}, True, ()),
        ({"any": ["a", "b"]}, {"a": False}, None, ("b",)),
        ({"none": ["a", "b"]}, {"a": False, "b": False}, True, ()),
        ({"none": ["a", "b"]}, {"a": True}, False, ()),
        ({"none": ["a", "b"]}, {"a": False}, None, ("b",)),
        ({"all": ["a"], "any": ["b", "c"]}, {"a": True, "c": True}, True, ()),
        ({"all": ["a"], "any": ["b", "c"]}, {"a": True, "c": False}, None, ("b",)),
        ({"all": ["a"], "none": ["b"]}, {"a": True, "b": True}, False, ()),
        ({"none": ["b"], "all": ["a"]}, {}, None, ("b", "a")),
        ([{"any": ["a", "b"]}, {"none": [["a", "b"]]}], {"a": True, "b": False}, True, ()),
        ([{"any": ["a", "b"]}, {"none": [["a", "b"]]}], {"a": True, "b": True}, False, ()),
        ({"any": [["a", "b"], {"none": ["c"]}]}, {"a": False, "c": False}, True, ()),
        ({"any": [["a", "b"], {"none": ["c"]}]}, {"a": True, "c": True}, None, ("b",)),
    ],
)
def test_lists_and_mappings(engine, when, given, truth, missing):
    rulebook = loaded({"ONE": rule(when)})
    decision = dxrules.compile(rulebook, engine).evaluate(Thing(**given), DAY)
    assert decision.codes == (("ONE",) if truth else ())
    assert [each.missing for each in decision.undetermined] == ([missing] if truth is None else [])


# What facts may hold


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("a", 1, "true, false or unknown"),
        ("n", True, "a whole number"),
        ("n", 1.0, "a whole number"),
        ("n", float("nan"), "a whole number"),
        ("x", float("inf"), "a finite number"),
        ("x", True, "a number"),
        ("s", 1, "text"),
        ("colour", "blue", "one of `red`, `green` or `unknown`"),
        ("size", "xl", "one of `s`, `m` or `l`"),
        ("day", dt.datetime(2026, 1, 1), "a date"),
        ("at", dt.date(2026, 1, 1), "a date and time"),
        ("at", dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "a date and time without a time zone"),
        ("colours", {"red"}, "a set of `red`, `green` or `unknown`, as a frozenset"),
        ("colours", frozenset({"blue"}), "a set of `red`, `green` or `unknown`"),
        ("inner", {"n": 1}, "Inner or None"),
    ],
)
def test_a_value_that_its_type_does_not_take_is_an_error_when_a_rule_reads_it(engine, name, value, allowed):
    rules = {"ONE": rule(f"{name} is None")}
    made = dxrules.compile(loaded(rules), engine)
    with pytest.raises(dxrules.FactError) as caught:
        made.evaluate(Thing(**{name: value}), DAY)
    assert [(each.path, each.allowed) for each in caught.value.problems] == [(name, allowed)]


def test_every_problem_of_a_fact_is_told_at_once(engine):
    rules = {"ONE": rule("a and n > 1 and inner.n > 1")}
    made = dxrules.compile(loaded(rules), engine)
    with pytest.raises(dxrules.FactError) as caught:
        made.evaluate(Thing(a=1, n=1.5, inner=Inner(n="2")), DAY)
    assert [each.path for each in caught.value.problems] == ["a", "n", "inner.n"]
    assert caught.value.fact_type == "Thing"


def test_a_wrong_value_that_no_rule_reads_is_let_be(engine):
    rules = {"ONE": rule("a")}
    assert dxrules.compile(loaded(rules), engine).evaluate(Thing(a=True, n="x"), DAY).codes == ("ONE",)


@pytest.mark.parametrize("value", ["red", Colour.RED])
def test_a_text_that_is_a_member_is_one(engine, value):
    rules = {"ONE": rule('colour == "red"')}
    assert dxrules.compile(loaded(rules), engine).evaluate(Thing(colour=value), DAY).codes == ("ONE",)
