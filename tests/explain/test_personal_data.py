"""Personal data are in no text, no plain data and no `repr` of an explanation, unless they are asked for."""

import datetime as dt
import json
from random import Random
from typing import Literal

import attrs
import pytest
from hypothesis import given, settings

import dxrules
from dxrules.schema import describe
from generate.rulebooks import case_of, days_of, facts_of, recipes
from profiles import examples

SECRET = "secret-4711"
DAY = dt.date(2026, 1, 15)


def own(**more):
    return dxrules.note("own", "自", personal=True, **more)


@attrs.frozen(kw_only=True)
class Home:
    street: str | None = None
    rooms: int | None = attrs.field(default=None, metadata=dxrules.note("rooms", "房间", settable=True))


@attrs.frozen(kw_only=True)
class Person:
    name: str | None = attrs.field(default=None, metadata=own(settable=True))
    pay: int | None = attrs.field(default=None, metadata=own(unit="fen", settable="down", minimum=0))
    weight: float | None = attrs.field(default=None, metadata=own(settable=True))
    born: dt.date | None = attrs.field(default=None, metadata=own(settable=True))
    faith: Literal["faith-4711", "other"] | None = attrs.field(default=None, metadata=own(settable=True))
    ills: frozenset[Literal["ill-4711", "none"]] | None = attrs.field(default=None, metadata=own(settable=True))
    married: bool | None = attrs.field(default=None, metadata=own(settable=True))
    home: Home | None = attrs.field(default=None, metadata=own())
    city: str | None = None


PERSON = Person(
    name=SECRET, pay=471100, weight=47.11, born=dt.date(1947, 11, 4), faith="faith-4711", ills=frozenset({"ill-4711"}),
    married=True, home=Home(street=SECRET, rooms=4711), city="here",
)  # fmt: skip
SHOWN = ("4711", "1947")  # in whatever form a value is shown, one of these is in it
RULES = {
    "A": ('name.startswith("s") and pay > 0 and weight > 1.0', "{name} {pay:yuan} {weight} {owns} {city}"),
    "B": ('born > "1900-01-01" and faith in ("other",)', "{born} {faith}"),
    "C": ('"none" in ills or home.street == "x" or len(ills) > 1', "{ills} {home.street} {home.rooms}"),
    "D": ("married is not True or home.rooms < 3 or twice < 10 or home is None", "{twice} {married}"),
    "E": ("days_since(born) < 0 and pay == 0", "{city}"),
}


def rulebook():
    rules = {
        name: {"when": when, "warn": None, "message": {"en": said, "zh": said}} for name, (when, said) in RULES.items()
    }
    content = {"rulebook": "p", "facts": "Person", "define": {"twice": "pay * 2", "owns": "home.rooms"}, "rules": rules}
    return dxrules.load(dxrules.Text(json.dumps(content)), facts=[Person])


def answers(decision):
    """Everything that can be asked of a decision."""
    yield decision.explain()
    yield decision.missing()
    for name in RULES:
        yield decision.why_not(name)
        yield decision.what_if(fire=name)
        yield decision.what_if(silence=name)


def texts(answer, **more):
    for lang in ("en", "zh"):
        yield answer.text(lang, **more)
        yield json.dumps(answer.to_dict(**more), ensure_ascii=False)


@pytest.mark.parametrize(
    "person",
    [PERSON, attrs.evolve(PERSON, weight=SECRET, pay=0), attrs.evolve(PERSON, name=None), Person(home=PERSON.home)],
    ids=["whole", "with a wrong value", "without a name", "home only"],
)
def test_nothing_personal_is_shown(person):
    decision = dxrules.evaluate(person, rulebook=rulebook(), as_of=DAY)
    for answer in answers(decision):
        for text in (repr(answer), str(answer), *texts(answer)):
            assert not [each for each in SHOWN if each in text], text
        if hasattr(answer, "when"):
            assert not [each for each in SHOWN if each in answer.text("en", full=True)]


def test_personal_data_are_shown_when_asked_for():
    decision = dxrules.evaluate(PERSON, rulebook=rulebook(), as_of=DAY)
    text = decision.explain().text("zh", personal=True)
    assert f"{SECRET} 4711.00 元 47.11 4711 here" in text
    assert "自：4711.00 元" in text
    assert "own: 1947-11-04" in decision.why_not("B").text(personal=True)
    assert "own: 1947-11-04 -> " in decision.what_if(fire="E").text(personal=True)
    assert SECRET in json.dumps(decision.explain().to_dict(personal=True))
    assert '"1947-11-04"' in json.dumps(decision.what_if(fire="E").to_dict(personal=True))


def test_what_is_not_personal_stays_readable():
    text = dxrules.evaluate(PERSON, rulebook=rulebook(), as_of=DAY).explain().text()
    assert "*** *** *** *** here" in text
    assert "own: ***" in text


def test_an_unknown_is_shown_as_such():
    assert "own: unknown" in dxrules.evaluate(Person(), rulebook=rulebook(), as_of=DAY).why_not("A").text()


@settings(max_examples=examples(ci=60, long=3_000))
@given(recipes(most_facts=3))
def test_no_text_of_a_personal_fact_is_shown_in_any_rulebook(recipe):
    rng = Random(recipe.seed)
    case = case_of(recipe)
    rulebook = case.load()
    facts = [marked(fact) for fact in facts_of(recipe, case)]
    for fact, day in zip(facts, days_of(rulebook, rng, len(facts)), strict=True):
        decision = dxrules.evaluate(fact, rulebook=rulebook, as_of=day)
        names = [each.name for each in rulebook.rules if each.fact_type.cls in type(fact).__mro__]
        name = rng.choice(names) if names else None
        asked = [decision.explain(), decision.missing()]
        if name is not None:
            asked += [decision.why_not(name), decision.what_if(fire=name), decision.what_if(silence=name)]
        for answer in asked:
            for text in (repr(answer), *texts(answer)):
                assert SECRET not in text


def marked(fact, personal=False):
    """The fact with a secret in every text that is personal data."""
    given = {}
    described = describe(type(fact))
    for field in attrs.fields(type(fact)):
        item, value = described.facts[field.name], getattr(fact, field.name)
        own_data = personal or (item.note is not None and item.note.personal)
        if item.type.kind == "text" and own_data and value is not None:
            given[field.alias] = SECRET
        elif item.type.kind == "group" and value is not None:
            given[field.alias] = marked(value, own_data)
    return attrs.evolve(fact, **given)
