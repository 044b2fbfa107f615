"""The limits are for what comes: what a session holds already stays, in whatever order it is put in again."""

import datetime as dt

import pytest

import dxrules
from dxrules import EngineError, Session
from session.kinds import START, TYPES, Event, Thing

HOUR = dt.timedelta(hours=1)
RULES = """
rulebook: watch
facts: {thing: Thing, holder: Holder, event: Event}
keep: 3 days
rules:
  SEEN:
    match:
      one: {is: %s}
      two: {is: event, when: colour == "green", joined: thing_id == one.thing_id}
    about: two.holder_id
    warn:
    message: {en: "{two.at}", zh: "a"}
"""
OLD = """
  OLD: {match: {one: {is: event, when: colour == "red"}}, about: one.thing_id, valid: {until: 2026-01-05},
        warn: , message: {en: "old", zh: "a"}}
"""
EVENTS = 10
LIMIT = 5


def rulebook(one):
    return dxrules.load(dxrules.Text(RULES % one), facts=TYPES)


def post_events(session):
    """Events that each make one match with what is there already: twice as many as one fact may make."""
    for number in range(EVENTS):
        at = START + number * HOUR
        session.post(Event(event_id=f"{number:02}", at=at, thing_id="a", holder_id=f"h{number}", colour="green"))


def firing(session):
    return {subject for matcher in session._memory._matchers for subject in matcher.rules[0].firing.subjects()}


def with_a_red_event(**given):
    session = Session(rulebook('event, when: colour == "red"'), max_matches=LIMIT, **given)
    session.post(Event(event_id="red", at=START, colour="red", thing_id="a"))
    post_events(session)
    return session


def test_a_session_comes_back_from_its_file_whatever_the_order_there(tmp_path):
    """In the file the red event stands behind all those that came after it, and makes all matches at once."""
    session = with_a_red_event(path=tmp_path / "a.session")
    before = firing(session)
    assert len(before) == EVENTS
    session.close()
    with Session.restore(tmp_path / "a.session", session.rulebook, max_matches=LIMIT) as again:
        assert firing(again) == before


def test_a_day_on_which_rules_change_finds_what_came_back_in_its_order(tmp_path):
    """The matchers are made anew then, within the limits: what comes from a file stands as it happened."""
    text = RULES % 'event, when: colour == "red"' + OLD
    with Session(dxrules.load(dxrules.Text(text), facts=TYPES), path=tmp_path / "a", max_matches=LIMIT) as session:
        session.post(Event(event_id="red", at=START, colour="red", thing_id="a"))
        post_events(session)
    with Session.restore(tmp_path / "a", session.rulebook, max_matches=LIMIT) as again:
        changes = again.advance(dt.datetime(2026, 1, 5))
        assert [each.code for each in changes.ended] == ["OLD"]
        assert len(firing(again)) == EVENTS


def test_other_rules_are_held_to_the_limits(tmp_path):
    session = with_a_red_event(path=tmp_path / "a.session")
    session.close()
    others = dxrules.load(dxrules.Text(RULES.replace("SEEN", "OTHER") % "event"), facts=TYPES)
    with pytest.raises(EngineError, match="more matches than `max_matches`, which is 5"):
        Session.restore(tmp_path / "a.session", others, other_rules=True, max_matches=LIMIT)


@pytest.mark.parametrize("saved", [False, True])
def test_an_interrupted_call_does_not_bring_the_limits_to_what_was_held(tmp_path, saved):
    session = with_a_red_event(path=tmp_path / "a.session" if saved else None)
    before = firing(session)
    session._whole = False  # as an interrupt leaves it
    assert not session.advance(session.now)
    assert firing(session) == before
    session.close()


def test_an_update_that_is_refused_leaves_everything_as_it_was():
    session = Session(rulebook("thing"), max_matches=LIMIT)
    session.assert_fact(Thing(thing_id="a"))
    post_events(session)
    before = firing(session)
    assert len(before) == EVENTS
    with pytest.raises(EngineError, match="more matches than `max_matches`, which is 5"):
        session.update(Thing(thing_id="a", n=1))
    assert session.facts(Thing) == (Thing(thing_id="a"),)
    assert not session.advance(session.now + HOUR)
    assert firing(session) == before
