"""The small containers of a session beside plain lists."""

import datetime as dt
from random import Random

from dxrules.matching import Present
from dxrules.session.ages import Ages
from dxrules.session.backups import Backups
from dxrules.session.waiting import Waiting
from session.kinds import START

HOUR = dt.timedelta(hours=1)


class Type:
    name = "Event"


def event(number, at):
    return Present(Type, None, f"{number:03}", at)


def test_events_leave_when_their_time_is_up_whatever_the_order_in_which_they_came():
    rng = Random(1)
    ages, held, now = Ages(10 * HOUR), [], START
    for number in range(500):
        now += rng.choice((0, 0, 1)) * HOUR
        each = event(number, now - rng.choice((0, 0, 0, 2, 9)) * HOUR)
        ages.add(each)
        held.append(each)
        due = [one for one in held if one.at + 10 * HOUR <= now]
        assert ages.any_expired(now) is bool(due)
        assert sorted(ages.expired(now), key=lambda one: one.key) == due
        held = [one for one in held if one not in due]


def test_what_would_leave_beyond_the_end_of_time_leaves_then():
    ages = Ages(dt.timedelta.max)
    ages.add(event(1, dt.datetime.max - HOUR))
    assert ages.expired(dt.datetime.max - dt.timedelta(microseconds=1)) == []
    assert len(ages.expired(dt.datetime.max)) == 1


def test_facts_wait_under_their_keys():
    waiting, facts = Waiting(), [event(number, START) for number in range(4)]
    assert list(waiting.held("a")) == []
    for count, each in enumerate(facts, 1):
        waiting.add("a", each)
        waiting.add("a", each)
        assert list(waiting.held("a")) == facts[:count]
    waiting.drop("b", facts[0])
    for count, each in enumerate(facts, 1):
        waiting.drop("a", each)
        waiting.drop("a", each)
        assert list(waiting.held("a")) == facts[count:]
    assert not waiting._facts


def test_the_earliest_is_due_when_a_match_stops():
    backups, facts = Backups(), [event(number, START + number % 3 * HOUR) for number in range(6)]
    for each in facts:
        backups.add((1, "a"), each)
        backups.add((2, "b"), each)
    backups.stopped((3, "c"))
    assert backups.due() is None
    backups.stopped((1, "a"))
    order = []
    while (due := backups.due()) is not None:
        assert due[0] == (1, "a")
        order.append(due[1])
        backups.drop(1, due[1])
    assert order == sorted(facts, key=lambda each: each.order)
    assert (len(backups), backups.has(1, facts[0]), backups.has(2, facts[0])) == (6, False, True)
    backups.stopped((2, "b"))
    backups.settled((2, "b"))
    assert backups.due() is None
    for each in facts:
        backups.leave(each)
    assert len(backups) == 0
