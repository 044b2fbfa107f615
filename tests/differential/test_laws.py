"""What holds of every rulebook and every fact, whatever the rules say."""

import copy
import itertools
import json
import pickle
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import dxrules
from dxrules import expression as ex
from dxrules.meaning import InstanceFacts, value
from generate.rewrites import blanked, changed, filled, importable, without_definitions
from generate.rulebooks import case_of, days_of, facts_of, load, recipes, text_of
from generate.views import view
from profiles import examples

SEEDS = st.integers(0, 2**32 - 1)
FEW = examples(ci=120, long=5_000)


def decisions(rulebook, recipe, facts, engine="reference"):
    """The decisions on some facts, each on a day of its own."""
    made = dxrules.compile(rulebook, engine)
    days = days_of(rulebook, Random(recipe.seed), len(facts))
    return [made.evaluate(fact, day) for fact, day in zip(facts, days, strict=True)]


def pairs_of(one, two, recipe, case, engine="reference"):
    """What two rulebooks decide on the same facts."""
    facts = facts_of(recipe, case)
    return zip(decisions(one, recipe, facts, engine), decisions(two, recipe, facts, engine), strict=True)


# Rulebooks


@settings(max_examples=FEW)
@given(recipes(), st.randoms(use_true_random=False))
def test_the_order_of_files_does_not_matter(recipe, random):
    case = case_of(recipe)
    rulebook = case.load()
    texts = list(case.texts)
    random.shuffle(texts)
    other = load(texts, reversed(case.fact_types))
    assert other.digest == rulebook.digest
    assert [rule.name for rule in other.rules] == [rule.name for rule in rulebook.rules]
    for one, two in pairs_of(rulebook, other, recipe, case):
        assert view(one, rulebook) == view(two, other)
        assert one == two


@settings(max_examples=examples(ci=300, long=10_000))
@given(recipes())
def test_a_definition_is_only_a_name(recipe):
    assume(recipe.definitions)
    case = case_of(recipe)
    rulebook = case.load()
    other = load([text_of(pack, Random(recipe.seed)) for pack in without_definitions(case)], case.fact_types)
    assert other.digest == rulebook.digest
    for one, two in pairs_of(rulebook, other, recipe, case):
        assert one == two
        assert json.dumps(one.to_dict()) == json.dumps(two.to_dict())


def test_the_sign_before_a_name_is_the_sign_of_what_it_stands_for():
    def load_with(number):
        rule = f'{{when: "balance_fen * {number} + {number} < 0", warn: , message: {{en: a, zh: a}}}}'
        return dxrules.load(dxrules.Text(f"{{rulebook: one, facts: Card, define: {{k: 3}}, rules: {{A: {rule}}}}}"))

    assert load_with("-k").digest == load_with("-(3)").digest == load_with("-3").digest
    assert load_with("--k").digest == load_with("--(3)").digest == load_with("3").digest


@settings(max_examples=FEW)
@given(recipes(), SEEDS, st.sampled_from(("\n", "\r\n", "\r")))
def test_layout_and_comments_do_not_change_the_digest(recipe, seed, line_end):
    case = case_of(recipe)
    rng = Random(seed)
    texts = []
    for pack in case.packs:
        again = copy.copy(pack)
        again.parameters = dict(reversed(pack.parameters.items()))
        again.define = dict(reversed(pack.define.items()))
        text = f"# said before\n\n{text_of(again, rng)}\n\n# said after\n"
        texts.append(text.replace("rules:\n", "rules:  # they follow\n", 1).replace("\n", line_end))
    assert load(texts, case.fact_types).digest == case.load().digest


@settings(max_examples=examples(ci=200, long=5_000))
@given(recipes(most_facts=1), SEEDS)
def test_a_change_of_meaning_changes_the_digest(recipe, seed):
    case = case_of(recipe)
    found = changed(Random(seed), case)
    assume(found is not None)
    packs, what = found
    other = load([text_of(pack, Random(recipe.seed)) for pack in packs], case.fact_types)
    assert other.digest != case.load().digest, what


@settings(max_examples=FEW)
@given(recipes(most_facts=1), SEEDS)
def test_another_value_of_a_parameter_changes_the_digest(recipe, seed):
    case = case_of(recipe)
    rulebook = case.load()
    assume(rulebook.parameters)
    parameter = Random(seed).choice(sorted(rulebook.parameters.values(), key=lambda each: each.name))
    kept = {start.isoformat(): each for start, each in parameter.values if start.year > 1}
    old = parameter.values[-1][1]
    assume(not isinstance(old, str))  # another text may not be a member or a date
    new = not old if isinstance(old, bool) else old + 1
    assume(new != old)
    sources = [dxrules.Text(text) for text in case.texts]
    classes = [each.cls for each in case.fact_types]
    for values in [new, {**kept, parameter.values[-1][0].isoformat(): new}] if kept else [new]:
        try:
            other = dxrules.load(*sources, facts=classes, parameters={parameter.name: values})
        except dxrules.RulebookError as error:
            assume({each.code for each in error.diagnostics} != {"type/overflow"})  # four times 2^61, say
            raise
        assert other.digest != rulebook.digest


def test_examples_do_not_change_the_digest():
    text = """
    rulebook: one
    facts: Card
    rules:
      LOST: {when: lost, warn: , message: {en: lost, zh: 丢失}, examples: EXAMPLES}
    """
    none = dxrules.load(dxrules.Text(text.replace("EXAMPLES", "[]")))
    some = dxrules.load(dxrules.Text(text.replace("EXAMPLES", "[{given: {card_id: a, lost: true}, fires: true}]")))
    assert some.rule("LOST").examples
    assert some.digest == none.digest


# Facts


@settings(max_examples=examples(ci=300, long=10_000))
@given(recipes(with_is=False), SEEDS, st.sampled_from((0.2, 0.5, 0.9)))
def test_filling_in_what_is_missing_changes_nothing_that_was_determined(recipe, seed, share):
    case = case_of(recipe)
    rulebook = case.load()
    engine = dxrules.compile(rulebook, "reference")
    for after in decisions(rulebook, recipe, facts_of(recipe, case)):
        before = engine.evaluate(blanked(Random(seed), after.fact, share), after.as_of)
        fired, open_ = set(before.codes), {each.rule for each in before.undetermined}
        assert fired <= set(after.codes) <= fired | open_
        assert {each.rule for each in after.undetermined} <= open_
        for operation in rulebook.operations:
            if before.verdict(operation) != "undetermined":
                assert after.verdict(operation) == before.verdict(operation)
            if before.ready(operation) is not None:
                assert after.ready(operation) == before.ready(operation)


@settings(max_examples=examples(ci=300, long=10_000))
@given(recipes(with_is=False), SEEDS, st.sampled_from((0.2, 0.5, 0.9)))
def test_what_is_missing_is_all_that_a_rule_waits_for(recipe, seed, share):
    case = case_of(recipe)
    rulebook = case.load()
    engine = dxrules.compile(rulebook, "reference")
    for whole in decisions(rulebook, recipe, facts_of(recipe, case)):
        before = engine.evaluate(blanked(Random(seed), whole.fact, share), whole.as_of)
        for each in before.undetermined[:3]:
            assert each.missing
            other = filled(before.fact, whole.fact, frozenset(each.missing))
            after = {each.rule: each.missing for each in engine.evaluate(other, whole.as_of).undetermined}
            assert after[each.rule] == each.missing  # all else is known, and it still waits for the same


def test_an_is_test_may_change_its_answer_when_a_fact_is_filled_in():
    text = "{rulebook: one, facts: Card, rules: {NOT_SAID: {when: lost is None, warn: , message: {en: a, zh: a}}}}"
    rulebook = dxrules.load(dxrules.Text(text))
    assert dxrules.evaluate(dxrules.Card(card_id="a"), rulebook=rulebook).codes == ("NOT_SAID",)
    assert dxrules.evaluate(dxrules.Card(card_id="a", lost=True), rulebook=rulebook).codes == ()


# Truth


@settings(max_examples=FEW)
@given(recipes(), SEEDS)
def test_rewriting_by_kleene_keeps_the_value(recipe, seed):
    case = case_of(recipe)
    rulebook = case.load()
    rng = Random(seed)
    for fact in facts_of(recipe, case):
        rules = [rule for rule in rulebook.rules if isinstance(fact, rule.fact_type.cls)]
        if not rules:
            continue
        day = days_of(rulebook, rng, 1)[0]
        held = {name: each.at(day) for name, each in rulebook.parameters.items()}
        facts = InstanceFacts(fact, held, day)
        a, b, c = (rng.choice(rules).when for _ in range(3))
        for left, right in _equivalent(a, b, c):
            assert value(left, facts) is value(right, facts)
        known = value(a, facts) is not None
        assert value(_and(a, ex.Not(a)), facts) is (False if known else None)  # no contradiction while it is unknown
        assert value(_or(a, ex.Not(a)), facts) is (True if known else None)


def _and(*items):
    return ex.And(items)


def _or(*items):
    return ex.Or(items)


def _equivalent(a, b, c):
    no = ex.Not
    yield no(_and(a, b, c)), _or(no(a), no(b), no(c))
    yield no(_or(a, b, c)), _and(no(a), no(b), no(c))
    yield _and(a, _or(b, c)), _or(_and(a, b), _and(a, c))
    yield _or(a, _and(b, c)), _and(_or(a, b), _or(a, c))
    yield _and(a, _or(a, b)), a
    yield _or(a, _and(a, b)), a
    yield no(no(a)), a
    yield _and(a, a), a
    yield _or(a, a), a
    yield _and(a, b), _and(b, a)
    yield _or(a, b), _or(b, a)
    yield _and(_and(a, b), c), _and(a, b, c)
    yield _or(a, _or(b, c)), _or(a, b, c)
    yield _and(a), a
    yield _or(a), a
    yield ex.IsNone(a, negated=True), _or(ex.IsBool(a, value=True), ex.IsBool(a, value=False))
    yield ex.IsBool(a, value=False), ex.IsBool(no(a), value=True)
    yield ex.Compare("==", a, b), _or(_and(a, b), _and(no(a), no(b)))
    yield ex.Compare("!=", a, b), no(ex.Compare("==", a, b))


# Decisions


@settings(max_examples=FEW)
@given(recipes())
def test_the_same_decision_byte_for_byte(engine, recipe):
    case = case_of(recipe)
    for first, second in pairs_of(case.load(), case.load(), recipe, case, engine):
        assert json.dumps(first.to_dict()) == json.dumps(second.to_dict())
        assert repr(first) == repr(second)


@settings(max_examples=FEW)
@given(recipes(most_facts=3))
def test_pickling_keeps_a_decision(engine, recipe):
    case = case_of(recipe)
    rulebook = case.load()
    for decision in decisions(rulebook, recipe, facts_of(recipe, case), engine):
        with importable(decision.fact, rulebook.fact_type_of(type(decision.fact))):
            again = pickle.loads(pickle.dumps(decision))
            twice = pickle.loads(pickle.dumps(again))
        for found in (again, twice):
            assert view(found, rulebook) == view(decision, rulebook)
            assert hash(found) == hash(decision)
            if found.fact == decision.fact:  # a NaN in it is not equal to itself
                assert found == decision


@settings(max_examples=FEW)
@given(recipes())
def test_evaluate_many_is_evaluate_one_after_the_other(recipe):
    case = case_of(recipe)
    rulebook = case.load()
    day = days_of(rulebook, Random(recipe.seed), 1)[0]
    facts = facts_of(recipe, case)
    many = list(dxrules.evaluate_many(facts, rulebook=rulebook, as_of=day))
    assert many == [dxrules.evaluate(fact, rulebook=rulebook, as_of=day) for fact in facts]


def test_evaluate_many_takes_facts_only_as_decisions_are_asked_for():
    taken = []

    def cards():
        for number in itertools.count():
            taken.append(number)
            yield dxrules.Card(card_id=str(number), lost=True)

    many = dxrules.evaluate_many(cards())
    assert taken == []
    assert [next(many).fact.card_id for _ in range(3)] == ["0", "1", "2"]
    assert taken == [0, 1, 2]


def test_evaluate_many_says_at_once_that_the_day_is_none():
    with pytest.raises(dxrules.EngineError):
        dxrules.evaluate_many([], as_of="2026-01-01")
