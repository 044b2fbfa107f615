"""Steps of a session, made from a seed: what the kill test and the replay test drive sessions with."""

import datetime as dt
from random import Random

from session.kinds import START, STEP, Event, Holder, Ping, Thing


def steps(seed, count):
    """Steps as the name of a method and what it is called with; each is one that a session takes."""
    rng = Random(seed)
    now = START
    things = set()
    yield "advance", (now,)
    for number in range(count):
        key = rng.choice("abc")
        choice = rng.random()
        if choice < 0.12:
            thing = Thing(
                thing_id=key,
                holder_id=rng.choice(("a", "b", None)),
                colour=rng.choice(("red", "green", None)),
                n=rng.choice((0, 1, 2, None)),
                flag=rng.choice((True, False, None)),
                since=rng.choice((None, dt.date(2026, 1, 2))),
            )
            yield ("update" if key in things else "assert_fact"), (thing,)
            things.add(key)
        elif choice < 0.15 and things:
            gone = rng.choice(sorted(things))
            things.discard(gone)
            yield "retract", (gone, Thing)
        elif choice < 0.2:
            now += rng.choice((0, 1, 2)) * STEP
            yield "advance", (now,)
        else:
            at = now + rng.choice((0, 0, 0, 0, 1, -1, -3)) * STEP
            now = max(now, at)
            if rng.random() < 0.25:
                yield "post", (Ping(ping_id=f"{number:05}", at=at, thing_id=key, flag=rng.choice((True, False, None))),)
            else:
                yield "post", (_event(rng, number, at, key),)


def _event(rng, number, at, key):
    return Event(
        event_id=f"{number:05}",
        at=at,
        colour=rng.choice(("red", "red", "green", "blue", None)),
        thing_id=key,
        holder_id=rng.choice(("a", "b", None)),
        n=rng.choice((0, 1, 1, 2, None)),
        x=rng.choice((0.0, 1.0, None)),
        due=rng.choice((None, at + STEP)),
    )


def take(session, step):
    """Take a step; what it changed."""
    method, given = step
    return getattr(session, method)(*given)


def said(session):
    """All that a session says."""
    decisions = {}
    for fact in session.facts():
        if isinstance(fact, (Thing, Holder)):
            key = fact.thing_id if isinstance(fact, Thing) else fact.holder_id
            decision = session.decision(key, type(fact))
            decisions[type(fact).__name__, key] = (decision.to_dict(), [each.facts for each in decision.matched])
    return session.now, session.facts(), decisions
