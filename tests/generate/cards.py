"""Random cards and accounts for the bundled rules."""

import dxrules
from dxrules.schema import describe

NUMBERS = (0, 0, 1, 2, 3, 4, 5, 6, 89, 90, 91, 99, 100, 101, 119, 120, 121, 3520, 2**53 - 1)
LIVE = {"inventory", "active", "suspended_voluntary", "suspended_lost", "suspended_arrears", "suspended_risk"}


def random_fact(rng, cls):
    """A valid fact of a class; how much of it is unknown differs from one to the next."""
    unknown = rng.choice((0.0, 0.1, 0.4, 0.8))
    given = {}
    for fact in describe(cls).members_of(""):
        if fact.optional and rng.random() < unknown:
            continue
        given[fact.name] = _value(rng, fact)
    if cls is dxrules.Card and given.get("status") in LIVE:
        given.pop("cancelled_days", None)
    return cls(**given)


def _value(rng, fact):
    match fact.type.kind:
        case "bool":
            return rng.random() < 0.5
        case "int":
            return rng.choice(NUMBERS)
        case "text":
            return rng.choice(("c-1", "", "键"))
        case "enum":
            return rng.choice(fact.type.members)
        case "set":
            return frozenset(rng.sample(fact.type.members, rng.randint(0, len(fact.type.members))))
        case "group":
            return random_fact(rng, fact.type.python)
    raise AssertionError(fact)
