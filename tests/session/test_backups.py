"""Of the matches about a subject the first is shown: what could only make later ones waits, and takes its place."""

import datetime as dt
from random import Random

import attrs
import pytest

import dxrules
from dxrules import EngineError, Session
from profiles import examples
from session.kinds import START, TYPES, Event, Ping, Thing
from session.model import Model, name_of

RULES = """
rulebook: watch
facts: {thing: Thing, holder: Holder, event: Event, ping: Ping}
keep: 3 days
rules:
  LATER:
    match:
      one: {is: event, when: colour == "red"}
      two: {is: event, when: colour == "green", joined: thing_id == one.thing_id}
    where: two.at > one.at
    about: one.thing_id
    absent: {gone: {is: ping, joined: thing_id == one.thing_id, where: gone.at >= two.at}}
    warn:
    message: {en: "{two.at}", zh: "a"}
  NEAR:
    match:
      one: {is: event, when: colour == "red"}
      two: {is: event, joined: thing_id == one.thing_id and holder_id == one.holder_id}
    within: 12 hours
    after: 6 hours
    about: two.thing_id
    absent: {gone: {is: ping, when: flag, joined: thing_id == two.thing_id, where: gone.at > one.at}}
    block: sell
    message: {en: "{one.at}", zh: "a"}
  HELD:
    match:
      thing: {is: thing, when: flag is not False}
      two: {is: event, when: n > 0, joined: thing_id == thing.thing_id}
    about: thing
    suggest: sell
    message: {en: "{two.at}", zh: "a"}
"""


@pytest.fixture(scope="module")
def rulebook():
    return dxrules.load(dxrules.Text(RULES), facts=TYPES)


def steps(rng):
    """Events on two things, most in order, in which matches begin and end all the time."""
    now = START
    for number in range(120):
        now += dt.timedelta(hours=rng.choice((0, 1, 1, 2, 5, 20)))
        at = now - dt.timedelta(hours=rng.choice((0, 0, 0, 0, 3, 30)))
        key = rng.choice("ab")
        choice = rng.random()
        if choice < 0.1:
            yield "advance", now
        elif choice < 0.15:
            yield "put", Thing(thing_id=key, flag=rng.choice((True, False, None)))
        elif choice < 0.23:
            yield "post", Ping(ping_id=f"{number:03}", at=at, thing_id=key, flag=rng.choice((True, False, None)))
        else:
            colour = rng.choice(("red", "green", "green", "green", None))
            holder = rng.choice(("h", "h", None))
            yield (
                "post",
                Event(
                    event_id=f"{number:03}", at=at, thing_id=key, holder_id=holder, colour=colour, n=rng.choice((0, 1))
                ),
            )


def waiting(session):
    return sum(len(matcher._joins._backups) for matcher in session._memory._matchers)


@pytest.mark.parametrize("seed", range(examples(ci=40, long=1_000)))
def test_what_is_shown_is_the_first_of_all_matches(rulebook, seed):
    """After every step the first match of each rule and subject is that of a search from scratch."""
    rng = Random(seed)
    session, model, state, most = Session(rulebook), Model(rulebook), {}, 0
    for step, given in steps(rng):
        if step == "put":
            known = name_of(given) in model.standing
            changes = (session.update if known else session.assert_fact)(given)
            model.standing[name_of(given)] = given
        elif step == "advance":
            changes = session.advance(max(given, model.now or given))
            model.now = session.now
        else:
            changes = session.post(given)
            model.post(given)
        before, state = state, model.state()
        began = {(each.fact_type, each.key, each.code): each.facts for each in changes.began}
        ended = {(each.fact_type, each.key, each.code): each.facts for each in changes.ended}
        assert began == {name: facts for name, facts in state.items() if name not in before}
        assert ended == {name: facts for name, facts in before.items() if name not in state}
        shown = {
            (rule.pattern.about.fact_type.name, subject, rule.pattern.name): rule.shown(subject).facts
            for matcher in session._memory._matchers
            for rule in matcher.rules
            for subject in rule.firing.subjects()
        }
        assert shown == {name: facts for name, facts in state.items() if name[2] in ("LATER", "NEAR", "HELD")}
        most = max(most, waiting(session))
    assert most > 3


def many(count, first=START):
    """A red event, and green ones an hour after another."""
    yield Event(event_id="red", at=first, colour="red", thing_id="a")
    for number in range(1, count + 1):
        yield Event(event_id=f"{number:04}", at=first + number * dt.timedelta(hours=1), colour="green", thing_id="a")


def network(session):
    return len(session._memory._matchers[0]._joins._network)


def test_later_matches_are_made_when_the_first_is_gone(rulebook):
    session = Session(rulebook)
    for event in many(40):
        session.post(event)
    assert (network(session), waiting(session)) == (2, 39)
    # What must be absent came after the 20th: the first 20 matches are over, and the 21st is shown.
    changes = session.post(Ping(ping_id="p", at=START + dt.timedelta(hours=20), thing_id="a"))
    assert not changes
    assert (network(session), waiting(session)) == (22, 19)
    (rule,) = [rule for rule in session._memory._matchers[0].rules if rule.pattern.name == "LATER"]
    assert rule.shown("a").facts[1].event_id == "0021"
    session.advance(START + dt.timedelta(days=3))  # the red one has expired
    assert (waiting(session), rule.shown("a")) == (0, None)


def test_what_waits_counts_among_the_facts_that_are_joined(rulebook):
    session = Session(rulebook, max_facts=100)
    for event in many(98):
        session.post(attrs.evolve(event, at=START + (event.at - START) / 60))
    joins = session._memory._matchers[0]._joins
    joins._max_facts = 100
    assert not joins._is_full()
    joins._max_facts = network(session) + waiting(session)
    with pytest.raises(EngineError, match="more facts to be joined than `max_facts`"):
        session.post(Event(event_id="x", at=START + dt.timedelta(hours=50), colour="green", thing_id="a"))
    assert len(session) == 99
