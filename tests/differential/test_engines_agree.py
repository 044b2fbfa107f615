"""Every engine decides as `reference` does: random rulebooks over random fact types, on random facts."""

from random import Random

from hypothesis import given, note, settings

import dxrules
from dxrules import engines
from generate import coverage
from generate.rulebooks import case_of, days_of, facts_of, recipes
from generate.views import view
from profiles import PROFILE, examples

OTHERS = [name for name in engines.NAMES if name != "reference"]
RULEBOOKS = examples(ci=1_000, long=50_000)


def test_engines_agree_on_valid_facts_and_every_node_of_the_language_was_tried():
    tried = 0

    @settings(max_examples=RULEBOOKS)
    @given(recipes())
    def agree(recipe):
        nonlocal tried
        tried += 1
        for expected, decide, rulebook in decided(recipe):
            for name in OTHERS:
                same(decide(name), expected, rulebook)

    with coverage.observed() as seen:
        agree()
    assert tried >= RULEBOOKS
    assert {key[0] for key in coverage.REQUIRED} == coverage.all_nodes()
    if PROFILE != "dev":
        assert not sorted(map(str, coverage.REQUIRED - seen))


@settings(max_examples=examples(ci=40, long=1_000))
@given(recipes(most_rules=300))
def test_engines_agree_on_many_rules(recipe):
    for expected, decide, rulebook in decided(recipe):
        for name in OTHERS:
            same(decide(name), expected, rulebook)


def test_engines_give_the_same_answer_or_an_error_on_facts_that_no_validator_saw():
    answered = refused = 0

    @settings(max_examples=examples(ci=400, long=20_000))
    @given(recipes())
    def agree(recipe):
        nonlocal answered, refused
        for expected, decide, rulebook in decided(recipe, broken=True):
            answered += expected is not None
            refused += expected is None
            for name in OTHERS:
                found = or_none(decide, name)
                if expected is None:
                    assert found is None, f"{name} answers {found!r} to what `reference` refuses"
                elif found is not None:
                    same(found, expected, rulebook)

    agree()
    assert min(answered, refused) > (answered + refused) / 5, "both must be tried"


def decided(recipe, *, broken=False):
    """For each fact of a recipe: what `reference` decides, how to ask another engine, and the rulebook.

    What `reference` refuses is None. No recipe is thrown away: what the generator writes always loads.
    """
    case = case_of(recipe)
    for text in case.texts:
        note(text)
    rulebook = case.load()
    made = {name: engines.make(rulebook, name) for name in engines.NAMES}
    facts = facts_of(recipe, case, broken=broken)
    for fact, day in zip(facts, days_of(rulebook, Random(recipe.seed), len(facts)), strict=True):
        note(f"{fact!r} as of {day}")

        def decide(name, fact=fact, day=day):
            return made[name].evaluate(fact, day)

        expected = or_none(decide, "reference") if broken else decide("reference")
        yield expected, decide, rulebook


def or_none(decide, name):
    """What an engine decides; None when it refuses the fact."""
    try:
        return decide(name)
    except dxrules.FactError:
        return None


def same(found, expected, rulebook):
    assert view(found, rulebook) == view(expected, rulebook)
    assert found == expected
    assert hash(found) == hash(expected)
