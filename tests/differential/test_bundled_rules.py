"""Every engine decides random cards and accounts by the bundled rules as `reference` does."""

import datetime as dt
from random import Random

import dxrules
from dxrules import engines
from generate.cards import random_fact
from generate.views import view
from profiles import examples

OTHERS = [name for name in engines.NAMES if name != "reference"]
DAY = dt.date(2026, 1, 15)


def test_engines_agree_on_random_cards():
    rng = Random(20_240_912)
    rulebook = dxrules.default_rulebook()
    made = {name: engines.make(rulebook, name) for name in engines.NAMES}
    for _ in range(examples(ci=1_500, long=100_000)):
        fact = random_fact(rng, rng.choice((dxrules.Card, dxrules.Card, dxrules.Account)))
        expected = view(made["reference"].evaluate(fact, DAY), rulebook)
        for name in OTHERS:
            assert view(made[name].evaluate(fact, DAY), rulebook) == expected, (name, fact)
