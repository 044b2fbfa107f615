"""Fixed sizes in durable-rules' C code, beyond which it hangs, crashes, answers wrongly or gives an error."""

import attrs

from dxrules.engines.rete.network import Join, Network, Pattern, Slot
from traps.base import Thing, fails, numbers, rulebook, same, trap


@trap
def limit_512_values_below_one_condition():
    """512 first conditions hang at the first fact, 513 when the rules are read."""
    rules = rulebook(Thing, [f"a == {number}" for number in range(1_300)])
    assert [len(codes) for codes, _ in same(rules, [Thing(0), Thing(1_299), Thing(5_000)])] == [1, 1, 0]
    same(rules, [Thing()])


@trap
def limit_512_properties_below_one_condition():
    """The same with as many properties."""
    cls = numbers(600)
    rules = rulebook(cls, [f"a{number} > 0" for number in range(600)])
    assert [len(codes) for codes, _ in same(rules, [cls(*[1] * 600), cls(*[0] * 600), cls(1)])] == [600, 0, 1]


@trap
def limit_256_rules_with_one_condition():
    """256 rules that end in one condition crash, or another rule fires; 257 are error 108."""
    for count in (255, 256, 257, 600):
        rules = rulebook(Thing, ["b == 2", *["a == 1"] * count])
        assert [len(codes) for codes, _ in same(rules, [Thing(1, 1), Thing(0, 2), Thing()])] == [count, 1, 0]


@trap
def limit_128_alternatives_below_one_condition():
    """129 alternatives below one condition are error 107."""
    alternatives = [f"b == {number} or c == {number}" for number in range(200)]
    rules = rulebook(Thing, [f"a == 1 and ({each})" for each in alternatives])
    assert [codes for codes, _ in same(rules, [Thing(1, 7, 7), Thing(1, 199, 0), Thing(0, 1, 1)])] == [
        ("R7",), ("R0", "R199"), (),
    ]  # fmt: skip
    one = rulebook(Thing, [" or ".join(f"a == {number}" for number in range(300))])
    assert [codes for codes, _ in same(one, [Thing(299), Thing(300)])] == [("R0",), ()]


@trap
def limit_64_conditions_waiting():
    """More than 64 conditions that one fact fulfils at once are error 303, in the middle of the rules."""
    for count in (59, 60, 61, 64, 65, 500):
        rules = rulebook(Thing, [f"b == 1 and a > {number}" for number in range(count)])
        assert [len(codes) for codes, _ in same(rules, [Thing(10_000, 1), Thing(0, 1), Thing(5, 1)])] == [count, 0, 5]


@trap
def limit_15_junctions():
    """More than 15 `and` and `or` in a rule are error 113."""
    nested = "a == 0"
    for depth in range(1, 40):
        nested = f"b == {depth} {'and' if depth % 2 else 'or'} ({nested})"
    side_by_side = " and ".join(f"(a == {number} or b == {number})" for number in range(40))
    facts = [Thing(a, b) for a in (None, 0, 1) for b in (None, 1, 2, 38, 39)]
    same(rulebook(Thing, [nested, side_by_side, f"not ({nested})", f"not ({side_by_side})"]), facts)


@trap
def limit_4096_rules():
    """More than 4,096 rules are error 106."""
    rules = rulebook(Thing, [f"a == {number}" for number in range(4_200)])
    assert [len(codes) for codes, _ in same(rules, [Thing(4_199)])] == [1]


@trap
def limit_252_properties():
    """A fact with more than 252 properties is error 302."""
    cls = numbers(400)
    rules = rulebook(cls, [f"a{number} == 1 and a{number + 1} == 1" for number in range(399)])
    assert [len(codes) for codes, _ in same(rules, [cls(*[1] * 400), cls(*[1] * 253)])] == [399, 252]


@trap
def limit_16_facts_in_a_join():
    """The 17th fact of a match is error 304."""
    for count in (16, 17):
        slots = (Slot(), *(Slot((Join(("key",), place - 1, ("key",)),)) for place in range(1, count)))
        if count == 17:
            fails(lambda slots=slots: Network([Pattern("P", slots)]), "17 slots", "1 to 16")
            continue
        network = Network([Pattern("P", slots)])
        found = [network.put(place, [("P", place)], {"key": "k"}) for place in range(count)]
        assert [match.ids for matches in found for match in matches] == [tuple(range(count))]
        assert all(network.take(place) for place in range(count))


@trap
def limit_1024_sessions():
    """A ruleset that sees 1,025 session ids is out of memory, and crashes when it is used again."""

    @attrs.frozen
    class Card:
        sid: str
        id: str

    rules = rulebook(Card, ['sid == "7"', 'id == "7"'])
    found = same(rules, [Card(str(number), str(number)) for number in range(1_200)])
    assert [place for place, (codes, _) in enumerate(found) if codes] == [7]
