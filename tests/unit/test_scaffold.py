"""A first rulebook is valid as it is written, for any fact class that rules can read."""

import datetime as dt

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dxrules
from dxrules import Account, Card, Text
from dxrules.authoring.coverage import coverage
from dxrules.authoring.formatting import layout
from dxrules.authoring.lints import lint
from dxrules.authoring.scaffold import default_name, first_rulebook
from dxrules.language.load import examine
from dxrules.schema import describe
from dxrules.source import Source
from generate.worlds import WORLDS, world
from profiles import examples


def valid(fact_type):
    text = first_rulebook(fact_type, "first", "my_module:Some", "first.yaml")
    examined = examine([Text(text)], [fact_type.cls])
    assert [*map(str, examined.diagnostics)] == []
    assert [*map(str, lint(examined))] == []
    assert all(each.complete for each in coverage(examined.rulebook, ()))
    assert layout(Source("a.yaml", text)) == (text, [])
    return text


@settings(max_examples=examples(ci=100, long=WORLDS))
@given(st.integers(0, WORLDS - 1))
def test_random_fact_types(index):
    for fact_type in world(index).fact_types:
        try:
            valid(fact_type)
        except ValueError:
            plain = [each for each in fact_type.facts.values() if all(map(str.isascii, each.path))]
            assert {each.type.kind for each in plain} <= {"group", "unreadable", "enum"}


@pytest.mark.parametrize("cls", [Card, Account])
def test_the_bundled_classes(cls):
    text = valid(describe(cls))
    for fact in describe(cls).facts:
        assert f"#   {fact} " in text


@attrs.frozen
class Days:
    when: dt.date


@attrs.frozen
class Unreadable:
    things: list[int]


def test_what_there_is_no_fact_for():
    assert 'when >= "2026-01-01"' in first_rulebook(describe(Days), "a", "", "a.yaml")
    with pytest.raises(ValueError, match="Unreadable"):
        first_rulebook(describe(Unreadable), "a", "", "a.yaml")


def test_the_name_of_a_pack_is_made_of_that_of_the_class():
    assert default_name(type("BankLoan", (), {})) == "bank_loan_rules"
    assert dxrules.load(Text(first_rulebook(describe(Card), "x", "", "x.yaml"))).rule("FIRST_RULE").pack == "x"
