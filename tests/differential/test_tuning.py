"""The numbers that tune the compiled engine change its speed, never its answers."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, note, settings

from dxrules import codes, engines
from dxrules.engines.compiled import assembly, coarse, conjunctions, index, indexcode, straight, tables
from generate.rulebooks import case_of, days_of, facts_of, recipes
from profiles import examples

SETTINGS = {
    "no straight code": [(straight, "MAX_RULES", -1)],
    "straight code without shared guards": [(straight, "_MAX_SHARED", 0)],
    "straight code without looks at members": [(straight, "_IDENTITIES", 0)],
    "everything by product tables": [
        (straight, "MAX_RULES", -1), (indexcode, "_INLINE_BITS", 0), (indexcode, "_PRODUCT", 10_000),
        (indexcode, "_PRODUCT_BITS", 10**9),
    ],
    "small product tables": [(straight, "MAX_RULES", -1), (indexcode, "_INLINE_BITS", 0), (indexcode, "_PRODUCT", 12)],
    "no blocks of facts": [(straight, "MAX_RULES", -1), (indexcode, "_CLUSTERED_BITS", 0)],
    "no dense tables": [(straight, "MAX_RULES", -1), (indexcode, "_DENSE", 0)],
    "no looks at members": [(straight, "MAX_RULES", -1), (indexcode, "_IDENTITIES", 0)],
    "coarse cuts": [(straight, "MAX_RULES", -1), (index, "MAX_CUTS", 1)],
    "coarse tables of facts": [(straight, "MAX_RULES", -1), (index, "_TABLE_BITS", 30)],
    "coarse tables of facts, little remembered": [
        (straight, "MAX_RULES", -1), (index, "_TABLE_BITS", 0), (coarse, "_KEPT_BITS", 100),
    ],
    "hardly any alternatives": [(straight, "MAX_RULES", -1), (conjunctions, "MAX_ALTERNATIVES", 1)],
    "joint terms verified": [(straight, "MAX_RULES", -1), (assembly, "_RARE", 10**9)],
    "joint terms indexed": [(straight, "MAX_RULES", -1), (assembly, "_RARE", 0)],
    "nothing remembered": [
        (straight, "MAX_RULES", -1), (tables, "_KEPT", 0), (codes, "_KEPT", 1), (codes, "_LISTED", 0),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", SETTINGS)
@settings(
    max_examples=examples(ci=40, long=2_000),
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # the patches hold for all examples of a test
)
@given(recipe=recipes(most_rules=40, most_facts=5))
def test_tuning_changes_no_answer(monkeypatch, name, recipe):
    for module, constant, value in SETTINGS[name]:
        assert hasattr(module, constant)
        monkeypatch.setattr(module, constant, value)
    case = case_of(recipe)
    rulebook = case.load()
    for text in case.texts:
        note(text)
    reference, compiled = engines.make(rulebook, "reference"), engines.make(rulebook, "compiled")
    facts = facts_of(recipe, case)
    for fact, day in zip(facts, days_of(rulebook, Random(recipe.seed), len(facts)), strict=True):
        note(f"{fact!r} as of {day}")
        expected = reference.evaluate(fact, day)
        for _ in range(2):  # what was remembered of the first time is right too
            assert compiled.evaluate(fact, day) == expected
