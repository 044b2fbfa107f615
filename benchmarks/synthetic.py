"""Seeded random rules over a synthetic fact, as YAML text and as flat Python, and cards to match.

Four families, because engines that index differ on them: unrelated conjunctions (`conjunctive`), rules that
share a few guards (`guarded`), rules that compare two facts (`joining`) and rules with alternatives
(`disjunctive`). In all of them few rules fire on a card, as in any large rulebook.
"""

import random
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any, Literal, get_args

import attrs


class Region(StrEnum):
    """Where the subscriber lives."""

    NORTH = "north"
    SOUTH = "south"
    EAST = "east"
    WEST = "west"
    CENTRE = "centre"
    COAST = "coast"
    ISLANDS = "islands"
    ABROAD = "abroad"


class Tier(StrEnum):
    """How much the subscriber pays."""

    FREE = "free"
    BASIC = "basic"
    SILVER = "silver"
    GOLD = "gold"
    PLATINUM = "platinum"
    PARTNER = "partner"


class Device(StrEnum):
    """What the card sits in."""

    PHONE = "phone"
    TABLET = "tablet"
    MODEM = "modem"
    WATCH = "watch"
    METER = "meter"
    BANK = "bank"


class Service(StrEnum):
    """What is booked beside calls."""

    SMS = "sms"
    DATA = "data"
    VOICEMAIL = "voicemail"
    ROAMING = "roaming"
    TV = "tv"
    CLOUD = "cloud"
    RADIO = "radio"
    FAX = "fax"


class Mark(StrEnum):
    """What the carrier noted."""

    VIP = "vip"
    LATE = "late"
    AUDIT = "audit"
    LEGAL = "legal"
    TRIAL = "trial"
    STAFF = "staff"


Payment = Literal["cash", "card", "bank", "voucher", "invoice", "wallet"]
Language = Literal["zh", "en", "ug", "bo", "mn"]


@attrs.frozen(slots=True)
class Subscriber:
    """Sixteen facts of every type that rules index differently."""

    active: bool | None = None
    verified: bool | None = None
    prepaid: bool | None = None
    lost: bool | None = None
    age_days: int | None = None
    balance_fen: int | None = None
    calls: int | None = None
    minutes: int | None = None
    complaints: int | None = None
    region: Region | None = None
    tier: Tier | None = None
    device: Device | None = None
    payment: Payment | None = None
    language: Language | None = None
    services: frozenset[Service] | None = None
    marks: frozenset[Mark] | None = None


FACTS = tuple(field.name for field in attrs.fields(Subscriber))

_BOOLEANS = ("active", "verified", "prepaid", "lost")
_NUMBERS = ("age_days", "balance_fen", "calls", "minutes", "complaints")
_ENUMS: dict[str, type[StrEnum]] = {"region": Region, "tier": Tier, "device": Device}
_LITERALS = {"payment": get_args(Payment), "language": get_args(Language)}
_SETS: dict[str, type[StrEnum]] = {"services": Service, "marks": Mark}
_TOP = 10_000
_MEMBERS = {f"{enum.__name__}_{member.name}": member for enum in (*_ENUMS.values(), *_SETS.values()) for member in enum}


@attrs.frozen
class Condition:
    """One condition twice: as rules write it, and as fast Python writes it with facts in locals."""

    text: str
    code: str

    @classmethod
    def same(cls, text: str) -> "Condition":
        """A condition that reads the same in both."""
        return cls(text, text)

    def joined(self, operator: str, *others: "Condition") -> "Condition":
        """This and others in a row, with `and` or `or` between them."""
        parts = (self, *others)
        between = f" {operator} "
        return Condition(between.join(part.text for part in parts), between.join(part.code for part in parts))

    def bracketed(self) -> "Condition":
        """In brackets."""
        return Condition(f"({self.text})", f"({self.code})")


@attrs.frozen
class RuleSet:
    """A named family of rules of some size."""

    name: str
    conditions: tuple[Condition, ...] = attrs.field(repr=False)

    @property
    def codes(self) -> tuple[str, ...]:
        """The rules' names, in order."""
        return tuple(f"R{number:05}" for number in range(len(self.conditions)))

    def yaml(self) -> str:
        """The rulebook as text, about 200 bytes a rule."""
        lines = ["rulebook: synthetic", "facts: Subscriber", "rules:"]
        for code, condition in zip(self.codes, self.conditions, strict=True):
            lines += (
                f"  {code}:",
                f"    when: {_scalar(condition.text)}",
                "    warn: review",
                f'    message: {{en: "Review the subscriber, says {code}.", zh: "复核该用户，见{code}。"}}',
            )
        return "\n".join(lines) + "\n"

    def flat(self) -> Callable[[Subscriber], list[str]]:
        """The same rules as one Python function with an `if` a rule: the plain way, without any index."""
        lines = ["def flat(card):", "    codes = []", "    fire = codes.append"]
        lines += [f"    {fact} = card.{fact}" for fact in FACTS]
        for code, condition in zip(self.codes, self.conditions, strict=True):
            lines += (f"    if {condition.code}:", f"        fire({code!r})")
        lines.append("    return codes")
        namespace: dict[str, Any] = dict(_MEMBERS)
        exec(compile("\n".join(lines), f"<{self.name}>", "exec"), namespace)  # our own text
        function: Callable[[Subscriber], list[str]] = namespace["flat"]
        return function


def conjunctive(count: int, seed: int = 7) -> RuleSet:
    """Three to five unrelated tests on different facts."""
    rng = random.Random(seed)
    return RuleSet("conjunctive", tuple(_conjunction(rng, _facts(rng, rng.randint(3, 5))) for _ in range(count)))


def guarded(count: int, seed: int = 11, guards: int = 24) -> RuleSet:
    """One of a few guards, shared by many rules that stand together, then thresholds of each rule's own."""
    rng = random.Random(seed)
    pairs = [(region, tier) for region in Region for tier in Tier]
    shared = [_is("region", region).joined("and", _is("tier", tier)) for region, tier in rng.sample(pairs, guards)]
    conditions = []
    for number in range(count):
        own = _conjunction(rng, rng.sample(_NUMBERS, rng.randint(1, 2)))
        conditions.append(shared[number * guards // count].joined("and", own))
    return RuleSet("guarded", tuple(conditions))


def joining(count: int, seed: int = 13) -> RuleSet:
    """A comparison of two number facts, and three or four tests on others."""
    rng = random.Random(seed)
    conditions = []
    for _ in range(count):
        left, right = rng.sample(_NUMBERS, 2)
        others = _facts(rng, rng.randint(3, 4), without=(left, right))
        compared = Condition.same(f"{left} {rng.choice(('<', '<=', '>', '>='))} {right}")
        conditions.append(compared.joined("and", _conjunction(rng, others)))
    return RuleSet("joining", tuple(conditions))


def disjunctive(count: int, seed: int = 17) -> RuleSet:
    """Three to five parts, one or two of them a choice between two tests."""
    rng = random.Random(seed)
    conditions = []
    for _ in range(count):
        choices, singles = rng.randint(1, 2), rng.randint(2, 3)
        facts = _facts(rng, 2 * choices + singles)
        parts = [_test(rng, fact) for fact in facts[2 * choices :]]
        for index in range(choices):
            pair = [_test(rng, fact) for fact in facts[2 * index : 2 * index + 2]]
            parts.insert(rng.randint(0, len(parts)), pair[0].joined("or", pair[1]).bracketed())
        conditions.append(parts[0].joined("and", *parts[1:]))
    return RuleSet("disjunctive", tuple(conditions))


def subscribers(count: int, seed: int = 19, unknown: float = 0.0) -> list[Subscriber]:
    """Random subscribers, each fact unknown, independently, with the given probability."""
    rng = random.Random(seed)
    return [_subscriber(rng, unknown) for _ in range(count)]


def _facts(rng: random.Random, count: int, without: Sequence[str] = ()) -> list[str]:
    """Different facts in any order; of four or more one may be a boolean, which every second one passes."""
    facts = rng.sample([fact for fact in FACTS if fact not in _BOOLEANS and fact not in without], count)
    if count > 3 and rng.random() < 0.7:
        facts[rng.randrange(count)] = rng.choice(_BOOLEANS)
    return facts


def _conjunction(rng: random.Random, facts: Sequence[str]) -> Condition:
    first, *rest = (_test(rng, fact) for fact in facts)
    return first.joined("and", *rest)


def _test(rng: random.Random, fact: str) -> Condition:
    """A test that a random subscriber passes seldom, but for booleans."""
    if fact in _BOOLEANS:
        return Condition.same(rng.choice((fact, f"not {fact}")))
    if fact in _NUMBERS:
        return _threshold(rng, fact)
    if fact in _LITERALS:
        return _among(rng, fact, _LITERALS[fact])
    if fact in _ENUMS:
        return _among(rng, fact, tuple(_ENUMS[fact]))
    member = rng.choice(tuple(_SETS[fact]))
    return Condition(f'"{member}" in {fact}', f"{_name(member)} in {fact}")


def _threshold(rng: random.Random, fact: str) -> Condition:
    """An upper tail, a lower tail or a window, with limits of its own."""
    shape = rng.randrange(3)
    if shape == 0:
        return Condition.same(f"{fact} >= {rng.randrange(_TOP * 8 // 10, _TOP)}")
    if shape == 1:
        return Condition.same(f"{fact} < {rng.randrange(1, _TOP * 2 // 10)}")
    low = rng.randrange(_TOP * 8 // 10)
    return Condition.same(f"{low} <= {fact} < {low + rng.randrange(1, _TOP * 2 // 10)}")


def _among(rng: random.Random, fact: str, members: Sequence[str]) -> Condition:
    """One member, or one of two."""
    first, second = rng.sample(members, 2)
    if rng.random() < 0.8:
        return _is(fact, first)
    code = f"({_is(fact, first).code} or {_is(fact, second).code})"
    return Condition(f'{fact} in ("{first}", "{second}")', code)


def _is(fact: str, member: str) -> Condition:
    text = f'{fact} == "{member}"'
    return Condition(text, f"{fact} is {_name(member)}") if isinstance(member, StrEnum) else Condition.same(text)


def _scalar(text: str) -> str:
    """A condition as a YAML scalar: one that begins with a quotation mark is quoted itself."""
    return f"'{text}'" if text.startswith('"') else text


def _name(member: StrEnum) -> str:
    return f"{type(member).__name__}_{member.name}"


def _subscriber(rng: random.Random, unknown: float) -> Subscriber:
    values: dict[str, Any] = {fact: rng.random() < 0.5 for fact in _BOOLEANS}
    values |= {fact: rng.randrange(_TOP) for fact in _NUMBERS}
    values |= {fact: rng.choice(tuple(enum)) for fact, enum in _ENUMS.items()}
    values |= {fact: rng.choice(members) for fact, members in _LITERALS.items()}
    values |= {fact: frozenset(m for m in enum if rng.random() < 0.15) for fact, enum in _SETS.items()}
    return Subscriber(**{fact: None if rng.random() < unknown else value for fact, value in values.items()})
