"""A clause that is said to be never true, or never false, is so on every fact."""

from random import Random

from hypothesis import given, note, settings

from dxrules.authoring.constant import constant_truth
from dxrules.authoring.coverage import own_clauses
from dxrules.errors import FactError
from dxrules.expression import BOOL
from dxrules.language.examples import ParameterValues
from dxrules.meaning import InstanceFacts, value
from generate.rulebooks import case_of, days_of, facts_of, recipes
from profiles import examples


def test_what_is_said_to_be_constant_is_so():
    said = 0

    @settings(max_examples=examples(ci=150, long=5_000))
    @given(recipes())
    def constant(recipe):
        nonlocal said
        case = case_of(recipe)
        rulebook = case.load()
        clauses = [(rule.fact_type, each) for rule in rulebook.rules for each in own_clauses(rule.when)]
        truths = [(fact_type, each, constant_truth(each.body)) for fact_type, each in clauses if each.type == BOOL]
        said += sum(truth is not None for _, _, truth in truths)
        facts = facts_of(recipe, case)
        for fact, day in zip(facts, days_of(rulebook, Random(recipe.seed), len(facts)), strict=True):
            facts_on_day = InstanceFacts(fact, ParameterValues(rulebook.parameters, day), day)
            for fact_type, clause, truth in truths:
                if truth is not None and rulebook.fact_type_of(type(fact)) is fact_type:
                    note(f"{clause.text} on {fact}")
                    assert value_or_none(clause, facts_on_day) in (truth, None)

    constant()
    assert said >= 10, "too few clauses are constant for this to say much"


def value_or_none(clause, facts):
    try:
        return value(clause, facts)
    except FactError:
        return None
