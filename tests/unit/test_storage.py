"""A rulebook kept as data decides as the one that was read."""

import json
from random import Random

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
    assert digest(kept.fact_types, kept.rules, kept.parameters, kept.gates) == rulebook.digest
