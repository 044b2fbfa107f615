"""Deciding many cards with the accounts that they add up to."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from dxrules import engines
from dxrules.api import default_rulebook
from dxrules.decision import Decision
from dxrules.engines.day import day_of
from dxrules.errors import EngineError, FactError, FactWarning, Problem, callers_level
from dxrules.meaning import InstanceFacts, value
from dxrules.plaindata import as_data
from dxrules.rollup import Rollup, total
from dxrules.rulebook import Rulebook
from dxrules.schema import Fact


@attrs.frozen
class Contradiction:
    """A fact that the caller gives of an account, and that its cards add up to otherwise. What is given holds."""

    account: str
    fact: str
    given: Any
    added_up: Any

    def __str__(self) -> str:
        return f"{self.fact}: given {self.given}, the cards add up to {self.added_up}"


@attrs.frozen(eq=False)
class FleetDecision:
    """What the rules say of a fleet.

    Attributes:
        cards: the decision on each card, in the order in which they were given.
        accounts: the decision on each account, by its key.
        contradictions: facts of accounts that were given and that the cards add up to otherwise.
    """

    cards: tuple[Decision, ...]
    accounts: Mapping[str, Decision]
    contradictions: tuple[Contradiction, ...]

    def to_dict(self) -> dict[str, Any]:
        """The decisions as plain data that `json.dumps` takes."""
        return {
            "cards": [each.to_dict() for each in self.cards],
            "accounts": {key: each.to_dict() for key, each in self.accounts.items()},
            "contradictions": [as_data(each) for each in self.contradictions],
        }


def evaluate_fleet(
    cards: Iterable[Any],
    accounts: Iterable[Any] | None = None,
    *,
    rulebook: Rulebook | None = None,
    as_of: dt.date | None = None,
) -> FleetDecision:
    """Decide cards, and the accounts that they add up to.

    The cards of one account are rolled up as `rollup:` in the rulebook says, and facts of a card that it leaves open
    are filled from its account as `fill:` says. A card without an account is decided alone.

    Args:
        cards: the cards, or other facts that the rulebook rolls up; all of them are held in memory.
        accounts: accounts as far as they are known: what they say holds, and the rest is added up. An account
            without cards is decided as it is.
        rulebook: the rules; the bundled ones by default.
        as_of: the day for which to decide; today by default.

    Warns:
        FactWarning: an account says something else than its cards add up to.

    Raises:
        FactError: a card, or what cards add up to, is not what its class takes.
        EngineError: the rulebook rolls nothing up, two accounts have one key, or `as_of` is no date.

    >>> from dxrules import Card
    >>> cards = [Card(card_id=str(n), account_id="a", status="active", last_used_days=200 * n) for n in (0, 1)]
    >>> fleet = evaluate_fleet(cards)
    >>> fleet.accounts["a"].fact.live_cards, fleet.accounts["a"].codes, fleet.cards[0].fact.fleet_size
    (2, ('REVIEW_IDLE_CARDS',), 2)
    """
    rulebook = default_rulebook() if rulebook is None else rulebook
    day = day_of(as_of)
    rollup = rollup_of(rulebook)
    engine = rulebook.cache.get("engine")
    if engine is None:
        engine = rulebook.cache["engine"] = engines.make(rulebook, "compiled")
    facts = list(cards)
    by_key: dict[str, list[Any]] = {}
    for fact in facts:
        key = getattr(fact, rollup.key)
        if key is not None:
            by_key.setdefault(key, []).append(fact)
    given = _by_key(accounts or (), rollup)
    contradictions: list[Contradiction] = []
    decided: dict[str, Decision] = {}
    for key in dict.fromkeys([*by_key, *given]):
        account = _account(key, by_key.get(key, []), given.get(key), rollup, rulebook, day, contradictions)
        decided[key] = engine.evaluate(account, day)
    _warn(contradictions)
    filled = [_filled(fact, decided.get(getattr(fact, rollup.key)), rollup) for fact in facts]
    return FleetDecision(tuple([engine.evaluate(fact, day) for fact in filled]), decided, tuple(contradictions))


def rollup_of(rulebook: Rulebook, cls: type | None = None) -> Rollup:
    """How a rulebook rolls facts up: those of a class, if it is named.

    Raises:
        EngineError: it does not.
    """
    found = [each for each in rulebook.rollups if cls is None or issubclass(cls, each.of.cls)]
    if not found:
        raise EngineError("this rulebook adds nothing up: write `rollup:` in a pack, as rules/fleet.yaml does")
    return found[0]


def _by_key(accounts: Iterable[Any], rollup: Rollup) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for account in accounts:
        if not isinstance(account, rollup.to.cls):
            raise EngineError(f"`accounts` takes facts of the type {rollup.to.name}, not {type(account).__name__}")
        key = getattr(account, rollup.key)
        if key in found:
            raise EngineError(f"two accounts have the key {key!r}: keep one")
        found[key] = account
    return found


def _account(
    key: str, facts: list[Any], given: Any, rollup: Rollup, rulebook: Rulebook, day: dt.date,
    contradictions: list[Contradiction],
) -> Any:  # fmt: skip
    """An account: what is given of it, and the rest added up."""
    if not facts:
        return given
    parameters = rulebook.epoch(rollup.of, day).parameters
    views = [InstanceFacts(fact, parameters, day) for fact in facts]
    added: dict[str, Any] = {}
    for each in rollup.facts:
        parts: list[tuple[bool | None, Any]] = []
        for view in views:
            truth: Any = True if each.where is None else value(each.where, view)
            counted = truth is True or each.function == "at_least"
            parts.append((truth, value(each.value, view) if counted and each.value is not None else truth))
        found = total(each.function, parts)
        if found is not None and not _says_unknown(each.fact, found):
            added[each.fact.name] = found
    if given is None:
        try:
            return rollup.to.cls(**{rollup.key: key, **added})
        except FactError as error:
            problems = [attrs.evolve(each, path=f"{key}.{each.path}") for each in error.problems]
            raise FactError(rollup.to.name, [_added_up(each) for each in problems]) from None
    for name in list(added):
        said = getattr(given, name)
        if said is None or _says_unknown(rollup.to.facts[name], said):
            continue
        if said != added[name]:
            contradictions.append(Contradiction(key, name, as_data(said), as_data(added[name])))
        del added[name]
    return attrs.evolve(given, **added)


def _says_unknown(fact: Fact, found: Any) -> bool:
    """Whether a member of an enum says that it is not known."""
    return fact.type.kind == "enum" and str.__str__(found) == "unknown"


def _added_up(problem: Problem) -> Problem:
    return attrs.evolve(problem, help="its cards add up to this")


def _filled(fact: Any, account: Decision | None, rollup: Rollup) -> Any:
    """A card with what it leaves open filled from its account."""
    if account is None:
        return fact
    open_ = {
        name: getattr(account.fact, source)
        for name, source in rollup.fill
        if getattr(fact, name) is None and getattr(account.fact, source) is not None
    }
    return attrs.evolve(fact, **open_) if open_ else fact


def _warn(contradictions: list[Contradiction]) -> None:
    if contradictions:
        first, count = contradictions[0], len(contradictions)
        more = f", and {count - 1} more: see `.contradictions`" if count > 1 else ""
        warnings.warn(
            f"account {first.account!r}: {first}{more}; what is given holds", FactWarning, stacklevel=callers_level()
        )
