"""What holds of every explanation, whatever the rules say."""

import itertools
import json
from random import Random

from hypothesis import given, note, settings

import dxrules
from dxrules.meaning import InstanceFacts, value
from generate.rulebooks import case_of, days_of, facts_of, recipes
from profiles import examples

MOST_MARKS = 8  # of more, not every part is tried, only those with one left out


def decided(recipe, engine="compiled", **more):
    """Each decision of a recipe, with its rulebook."""
    case = case_of(recipe)
    for text in case.texts:
        note(text)
    rulebook = case.load()
    made = dxrules.compile(rulebook, engine)
    facts = facts_of(recipe, case, **more)
    for fact, day in zip(facts, days_of(rulebook, Random(recipe.seed), len(facts)), strict=True):
        note(f"{fact!r} as of {day}")
        yield rulebook, made.evaluate(fact, day)


def rules_of(rulebook, decision):
    """The rules on the fact that are in force."""
    fact_type = rulebook.fact_type_of(type(decision.fact))
    return rulebook.epoch(fact_type, decision.as_of).rules


def truth(clause, chosen=frozenset()):
    """What a tree evaluates to, when the chosen clauses (by identity) are what they need to be."""
    if id(clause) in chosen:
        return clause.needs
    parts = [truth(part, chosen) for part in clause.parts]
    match clause.form:
        case "test":
            return clause.truth
        case "all":
            return False if False in parts else None if None in parts else True
        case "any":
            return True if True in parts else None if None in parts else False
        case "none":
            return False if True in parts else None if None in parts else True
        case "not":
            return None if parts[0] is None else not parts[0]
    wanted = {"None": None, "True": True, "False": False}[clause.form.split()[-1]]
    return (parts[0] is wanted) is ("not" not in clause.form)


def clauses_below(clause):
    yield clause
    for part in clause.parts:
        yield from clauses_below(part)


@settings(max_examples=examples(ci=80, long=10_000))
@given(recipes())
def test_the_tree_of_a_rule_evaluates_to_what_the_rule_did(recipe):
    for rulebook, decision in decided(recipe):
        explained = {each.code: each for each in decision.explain().rules}
        undetermined = {each.rule: each.missing for each in decision.undetermined}
        for rule in rules_of(rulebook, decision):
            asked = decision.why_not(rule.name)
            facts = InstanceFacts(decision.fact, {n: p.at(decision.as_of) for n, p in rulebook.parameters.items()},
                                  decision.as_of)  # fmt: skip
            assert asked.truth is asked.when.truth is value(rule.when, facts)
            for clause in clauses_below(asked.when):
                assert truth(clause) is clause.truth
            state = "fires" if rule.name in decision.codes else "undetermined" if rule.name in undetermined else "false"
            if state == "false" and asked.truth is not False:
                state = "silenced"
                assert asked.silenced_by
            assert asked.state == state
            assert asked.missing == undetermined.get(rule.name, ())
            assert set(asked.silenced_by) <= set(decision.codes)
            assert set(asked.held_by) <= set(undetermined)
            assert (rule.name in explained) == (state != "false")
            if rule.name in explained:
                assert explained[rule.name].state == state
                assert explained[rule.name].clauses
        assert list(explained) == [rule.name for rule in rules_of(rulebook, decision) if rule.name in explained]
        outcomes = {each.code: each for each in decision.outcomes}
        for rule in decision.explain().fired:
            assert rule.message("zh", personal=True) == outcomes[rule.code].message("zh")


@settings(max_examples=examples(ci=80, long=10_000))
@given(recipes())
def test_what_why_not_marks_is_enough_and_no_part_of_it_is(recipe):
    for rulebook, decision in decided(recipe):
        for rule in rules_of(rulebook, decision):
            asked = decision.why_not(rule.name)
            marks = asked.marked
            assert bool(marks) == (asked.truth is not True)
            assert all(each.truth is not each.needs for each in marks)
            assert truth(asked.when, frozenset(map(id, marks))) is True
            smaller = range(len(marks)) if len(marks) <= MOST_MARKS else [len(marks) - 1]
            for size in smaller:
                for some in itertools.combinations(marks, size):
                    assert truth(asked.when, frozenset(map(id, some))) is not True
            if not asked.silenced_by and not asked.held_by and not marks:
                assert asked.state == "fires"


@settings(max_examples=examples(ci=30, long=2_000))
@given(recipes())
def test_explanations_are_the_same_from_every_engine_and_are_plain_data_and_text(recipe):
    for (rulebook, one), (_, two) in zip(decided(recipe), decided(recipe, "reference"), strict=True):
        assert one.explain() == two.explain()
        assert one.missing() == two.missing()
        counts = {each.name: len(each.rules) for each in one.missing()}
        assert list(counts.values()) == sorted(counts.values(), reverse=True)
        waiting = [name for each in one.undetermined for name in each.missing]
        assert counts == {name: waiting.count(name) for name in waiting}
        for said in (one.explain(), one.missing(), *(one.why_not(rule.name) for rule in rules_of(rulebook, one))):
            json.dumps(said.to_dict())
            for lang in ("en", "zh"):
                text = said.text(lang)
                assert all(char.isprintable() for char in text.replace("\n", ""))


@settings(max_examples=examples(ci=30, long=2_000))
@given(recipes(with_is=True))
def test_facts_that_no_validator_saw_are_explained_where_they_are_decided(recipe):
    case = case_of(recipe)
    rulebook = case.load()
    for fact in facts_of(recipe, case, broken=True):
        try:
            decision = dxrules.evaluate(fact, rulebook=rulebook, as_of=days_of(rulebook, Random(1), 1)[0])
        except dxrules.FactError:
            continue
        for rule in (
            *decision.explain().rules,
            *(decision.why_not(each.name) for each in rules_of(rulebook, decision)),
        ):
            assert rule.text("zh", full=True)
            assert rule.state == "silenced" or truth(rule.when) is rule.when.truth or _wrong(rule.when)


def _wrong(clause):
    """Whether a clause reads a value that its type does not take: then its truth is shown as unknown."""
    return any(each.problem for each in clause.facts)
