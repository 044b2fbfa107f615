"""Facts that join: what durable-rules finds is what trying every combination finds."""

import itertools
import json
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dxrules
from dxrules.engines.rete import network as network_module
from dxrules.engines.rete.counting import Index, partial_matches
from dxrules.engines.rete.network import Join, Match, Network, Pattern, Slot
from dxrules.engines.rete.numbers import Numbers
from dxrules.engines.rete.patterns import lay_out
from dxrules.engines.rete.ruleset import Ruleset
from dxrules.engines.rete.shard import SLOTS, in_shards
from profiles import examples

NAMES = ("x", "y", "z")
KEY = (Join(("key",), 0, ("key",)),)


def patterns_of(rng, count):
    """Random patterns of one to four slots; a join may be by several values, and a slot may have several."""
    found = []
    for number in range(count):
        slots = [Slot()]
        for place in range(1, rng.choice((1, 2, 2, 2, 3, 3, 4))):
            joins = []
            for _ in range(rng.choice((1, 1, 1, 2))):
                size = rng.choice((1, 1, 2))
                own, its = (tuple(rng.choices(NAMES, k=size)) for _ in range(2))
                joins.append(Join(own, rng.randrange(place), its))
            slots.append(Slot(tuple(joins)))
        found.append(Pattern(f"P{number}", tuple(slots)))
    return found


def needed(pattern, place):
    """The values without which a fact cannot take a slot."""
    joins = [*((place, join) for join in pattern.slots[place].joins)]
    later = [(at, join) for at, slot in enumerate(pattern.slots) for join in slot.joins if join.slot == place]
    return {name for _, join in joins for name in join.own} | {name for _, join in later for name in join.its}


def takes(pattern, place, roles, values):
    return (pattern.name, place) in roles and all(values[name] is not None for name in needed(pattern, place))


def expected(patterns, facts, new):
    """The matches that a new fact completes, by trying every combination."""
    order = list(facts)
    found = []
    for number, pattern in enumerate(patterns):
        places = range(len(pattern.slots))
        taking = [[each for each in facts if takes(pattern, place, *facts[each])] for place in places]
        for ids in itertools.product(*taking):
            joins = ((ids[place], ids[join.slot], join) for place in places for join in pattern.slots[place].joins)
            if new in ids and len(set(ids)) == len(ids) and all(
                facts[one][1][own] == facts[other][1][its]
                for one, other, join in joins
                for own, its in zip(join.own, join.its, strict=True)
            ):  # fmt: skip
                found.append((number, [order.index(each) for each in ids], Match(pattern.name, ids)))
    return [match for _, _, match in sorted(found, key=lambda each: each[:2])]


@settings(max_examples=examples(ci=200, long=10_000))
@given(st.integers(0, 2**32 - 1), st.integers(1, 8), st.integers(1, 80))
def test_durable_rules_finds_every_match_once(seed, count, steps):
    rng = Random(seed)
    patterns = patterns_of(rng, count)
    roles = [(pattern.name, place) for pattern in patterns for place in range(len(pattern.slots))]
    values = [None, *range(rng.choice((1, 2, 3, 6))), "a"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network_module, "_RENEWED", rng.choice((3, 10, 1_000)))
        network = Network(patterns)
        facts = {}
        for step in range(steps):
            if facts and rng.random() < (0.45 if len(facts) < 12 else 0.7):
                gone = rng.choice(list(facts))
                del facts[gone]
                network.take(gone)
                assert gone not in network
                continue
            facts[step] = rng.sample(roles, rng.randint(0, min(5, len(roles)))), {n: rng.choice(values) for n in NAMES}
            assert network.put(step, *facts[step]) == expected(patterns, facts, step)
            if rng.random() < 0.02:
                network._guard._whole = False  # as after an interrupt
        for each in facts:
            network.take(each)
    assert (len(network), len(network._values), network._ids) == (0, 0, {})


def test_a_fact_that_was_in_many_matches_is_put_in_again(monkeypatch):
    monkeypatch.setattr(network_module, "_RENEWED", 5)
    network = Network([Pattern("P", (Slot(), Slot(KEY)))])
    network.put("card", [("P", 0)], {"key": 1})
    for number in range(200):
        assert [match.ids for match in network.put(number, [("P", 1)], {"key": 1})] == [("card", number)]
        assert network._facts["card"].handed_out <= network._facts["card"].limit
        if number >= 3:
            assert network.take(number - 3)
    assert network.take("card")
    assert network.put("other", [("P", 0)], {"key": 1}) == [Match("P", ("other", each)) for each in (197, 198, 199)]


def test_the_places_of_matches_are_filled_before_a_fact_is_taken_out(monkeypatch):
    """Else durable-rules reads behind lists, which only a sanitizer sees. Its pool of places is a stack, as here."""
    free, dirty, waiting = [0], set(), {}
    real = {name: getattr(Ruleset, name) for name in ("put", "put_waiting", "take")}

    def places(count):
        while len(free) < count + 1:
            free.insert(0, len(free))
        return [free.pop() for _ in range(count)]

    def put(ruleset, text):
        found = real["put"](ruleset, text)
        handed_out = places(len([each for each in found or () if each.startswith('{"r0"')]))
        dirty.update(handed_out)
        free.extend(handed_out[::-1])
        return found

    def put_waiting(ruleset, text):
        real["put_waiting"](ruleset, text)
        (place,) = waiting[json.loads(text)["id"]] = places(1)
        dirty.discard(place)

    def take(ruleset, fact):
        assert fact in waiting or not dirty
        real["take"](ruleset, fact)
        free.extend(waiting.pop(fact, ()))

    for name, double in (("put", put), ("put_waiting", put_waiting), ("take", take)):
        monkeypatch.setattr(Ruleset, name, double)
    network = Network([Pattern("P", (Slot(), Slot(KEY)))])
    rng = Random(2)
    taken = 0
    for number in range(300):
        network.put(number, [("P", number % 2)], {"key": rng.randrange(3)})
        if rng.random() < 0.4:
            taken += network.take(rng.randrange(number + 1))
    assert taken > 50


def test_interrupted_calls_leave_it_as_it_was(monkeypatch):
    network = Network([Pattern("P", (Slot(), Slot(KEY)))])
    network.put("a", [("P", 0)], {"key": 1})
    for name in ("put", "take"):
        shard = type(network._shards[0])
        with monkeypatch.context() as context:
            context.setattr(shard, name, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                network.put("b", [("P", 1)], {"key": 1}) if name == "put" else network.take("a")
        assert ("a" in network, "b" in network) == (True, False)
    assert network.put("c", [("P", 1)], {"key": 1}) == [Match("P", ("a", "c"))]


@pytest.mark.parametrize("limit", [11, 12])
def test_matches_are_counted_before_they_are_made(limit):
    chain = Pattern("P", (Slot(), Slot(KEY), Slot((Join(("other",), 1, ("other",)),))))
    network = Network([chain], max_matches=limit)
    for number in range(2):
        network.put(f"a{number}", [("P", 0)], {"key": 1})
    for number in range(3):
        network.put(f"c{number}", [("P", 2)], {"other": 2})

    def complete():
        return network.put("b", [("P", 1)], {"key": 1, "other": 2})  # 2 partial matches and 6 matches

    assert len(complete()) == 6
    network.take("b")
    network.put("a2", [("P", 0)], {"key": 1})  # 3 and 9 now
    if limit == 12:
        assert len(complete()) == 9
    else:
        with pytest.raises(dxrules.EngineError, match="'b' would make more than 11 matches or partial matches of "):
            complete()
        assert "b" not in network
        network.take("a2")
        assert len(complete()) == 6


def test_a_long_way_is_not_counted_to_its_end():
    ring = Pattern("P", (Slot(), *(Slot((Join(("key",), place, ("key",)),)) for place in range(5))))
    network = Network([ring], max_matches=50)

    def fill():
        for number in range(1_000):
            network.put(number, [("P", number % 5)], {"key": 1})

    with pytest.raises(dxrules.EngineError, match="more than 50 matches"):
        fill()
    assert len(network) < 100


@pytest.mark.parametrize(
    ("slots", "what"),
    [
        ((), "has 0 slots; it can have 1 to 16"),
        ((Slot(KEY),), "slot 0 cannot join: it is the first"),
        ((Slot(), Slot()), "slot 1 joins nothing"),
        ((Slot(), Slot((Join(("a",), 1, ("a",)),))), "slot 1 has a join that is none"),
        ((Slot(), Slot((Join((), 0, ()),))), "slot 1 has a join that is none"),
        ((Slot(), Slot((Join(("a", "b"), 0, ("a",)),))), "slot 1 has a join that is none"),
    ],
)
def test_patterns_that_cannot_be_are_refused(slots, what):
    with pytest.raises(dxrules.EngineError, match=what):
        Network([Pattern("P", slots)])


def test_two_patterns_of_one_name_are_refused():
    with pytest.raises(dxrules.EngineError, match="the same name"):
        Network([Pattern("P", (Slot(),)), Pattern("P", (Slot(),))])


def test_each_element_is_one_comparison_on_a_property_of_its_own():
    (layout,) = lay_out([Pattern("P", (Slot(), Slot(KEY), Slot((*KEY, Join(("x",), 1, ("x",))))))])
    assert layout.rule() == {
        "all": [{"s0": {"$ex": {"k1": 1}}}, {"s1": {"k0": {"s0": "k1"}}}, {"s2": {"k2": {"s0": "k3"}}}]
    }
    assert layout.checked == ((2, Join(("x",), 1, ("x",))),)


def test_patterns_are_parted_into_rulesets():
    patterns = [Pattern(f"P{number}", (Slot(), Slot(KEY), Slot(KEY))) for number in range(11)]
    parts = in_shards(lay_out(patterns))
    assert [len(part) for part in parts] == [5, 5, 1]
    assert all(sum(len(layout.keys) for layout in part.values()) <= SLOTS for part in parts)


def test_no_two_entries_of_a_fact_have_the_same_hash():
    """durable-rules hashes (kind of node, node, place) of an entry: state.c, getLocationHash."""
    hashes = []
    for kind in (0, 1, 4):
        for node in range(SLOTS + 1):
            found = 2_166_136_261
            for part in (kind, node):
                found = (found ^ part) * 16_777_619 & 0xFFFF_FFFF
            hashes.append(found)  # the place is XORed in, and the product with an odd number is one to one
    assert min(one ^ other for one, other in itertools.combinations(hashes, 2)) >= 2**24


def test_numbers_with_one_hash_are_not_given_out_together():
    numbers = Numbers("f", ("f2",))
    assert [numbers.take(each) for each in "abca"] == [1, 3, 4, 1]
    numbers.give_back("a")
    assert numbers.find("a") == 1
    numbers.give_back("a")
    assert (numbers.find("a"), numbers.take("a")) == (None, 5)


def test_facts_are_taken_out_together():
    network = Network([Pattern("P", (Slot(), Slot(KEY)))])
    network.put("a", [("P", 0)], {"key": 1})
    for number in range(5):
        assert len(network.put(number, [("P", 1)], {"key": 1})) == 1
    assert network.take_all([*range(4), "not there"]) == 4
    assert (len(network), network.take_all([])) == (2, 0)
    assert network.put("b", [("P", 0)], {"key": 1}) == [Match("P", ("b", 4))]
    assert network.put(0, [("P", 1)], {"key": 1}) == [Match("P", ("a", 0)), Match("P", ("b", 0))]


def test_what_was_looked_at_before_is_put_in_without_limits():
    network = Network([Pattern("P", (Slot(), Slot(KEY)))], max_facts=4, max_matches=2)
    for number in range(3):
        network.put(number, [("P", 0)], {"key": 1})
    with pytest.raises(dxrules.EngineError, match="more than 2 matches"):
        network.put("b", [("P", 1)], {"key": 1})
    assert len(network.put("b", [("P", 1)], {"key": 1}, bounded=False)) == 3
    with pytest.raises(dxrules.EngineError, match="which is the limit"):
        network.put("c", [("P", 1)], {"key": 2})
    assert network.put("c", [("P", 1)], {"key": 2}, bounded=False) == []


@pytest.mark.parametrize("slots", [2, 3])
@pytest.mark.parametrize("place", [0, 1])
def test_the_matches_of_two_facts_are_counted_as_those_of_more_are(slots, place):
    """The short way for two slots gives what the long way gives where a third slot adds nothing."""
    pattern = Pattern("P", (Slot(), *[Slot(KEY)] * (slots - 1)))
    (layout,) = lay_out([pattern])
    index = Index()
    across = next(key for key in layout.keys[1 - place] if key.peer == place)
    for fact in range(7):
        index.add(across.name, 5, fact, {key.name: 5 for key in layout.keys[1 - place]})
    keys = {key.name: 5 for key in layout.keys[place]}
    count = partial_matches(layout, place, keys, index, 100)
    assert count == {(2, 0): 8, (2, 1): 7, (3, 0): 8, (3, 1): 7}[slots, place]
