"""A rulebook kept as data decides as the one that was read."""

import json
from random import Random

import pytest
from hypothesis import given, note, settings

import dxrules
from dxrules import engines
from dxrules.digest import digest
from dxrules.storage import from_data, to_data
from generate.rulebooks import case_of, days_of, facts_of, recipes
from profiles import examples


@settings(max_examples=examples(ci=80, long=5_000))
@given(recipes())
def test_a_rulebook_survives_json(recipe):
    case = case_of(recipe)
    for text in case.texts:
        note(text)
    rulebook = case.load()
    kept = from_data(json.loads(json.dumps(to_data(rulebook), ensure_ascii=False)), rulebook.fact_types)
    assert kept.digest == rulebook.digest
    assert digest(kept.fact_types, kept.rules, kept.parameters, kept.gates) == rulebook.digest
    assert [rule.when for rule in kept.rules] == [rule.when for rule in rulebook.rules]
    assert kept.definitions == rulebook.definitions
    assert kept.disabled == rulebook.disabled
    facts = facts_of(recipe, case)
    for fact, day in zip(facts, days_of(rulebook, Random(recipe.seed), len(facts)), strict=True):
        expected = engines.make(rulebook, "reference").evaluate(fact, day)
        for name in engines.NAMES:
            found = engines.make(kept, name).evaluate(fact, day)
            assert found == expected
            assert found.to_dict() == expected.to_dict()


def test_the_bundled_rulebook_survives_json():
    rulebook = dxrules.default_rulebook()
    kept = from_data(json.loads(json.dumps(to_data(rulebook))), rulebook.fact_types)
    left = rulebook.patterns, rulebook.rollups
    assert digest(kept.fact_types, kept.rules, kept.parameters, kept.gates, *left) == rulebook.digest


def test_pattern_rules_stay_behind_and_no_session_does_without_them():
    rulebook = dxrules.default_rulebook()
    kept = from_data(json.loads(json.dumps(to_data(rulebook))), rulebook.fact_types)
    again = from_data(json.loads(json.dumps(to_data(kept))), rulebook.fact_types)
    assert rulebook.patterns
    for each in (kept, again):
        assert each.patterns == ()
        with pytest.raises(dxrules.EngineError, match="kept without its pattern rules: load it from its files"):
            dxrules.Session(each)


def test_a_rulebook_without_pattern_rules_is_whole():
    rulebook = dxrules.load(dxrules.Text("rulebook: p\nfacts: Card\n"))
    with dxrules.Session(from_data(to_data(rulebook), rulebook.fact_types)) as session:
        assert len(session) == 0
