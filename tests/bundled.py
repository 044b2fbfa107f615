"""The cases of the bundled rulebooks, and random fleets, as tables with what is expected of them."""

from pathlib import Path
from random import Random
from typing import Any

import attrs

import dxrules
from dxrules import Account, Card
from dxrules.authoring.cases import read_cases
from dxrules.plaindata import as_data

CASES, _ = read_cases(Path(__file__).parent.parent / "rules" / "bundled.cases.yaml", dxrules.default_rulebook())


def frame_of(facts: list[Any]) -> Any:
    """Facts as a Polars frame, groups as struct columns."""
    import polars as pl

    described = dxrules.default_rulebook().fact_type_of(type(facts[0]))

    def dtype(prefix: str, cls: type) -> Any:
        return pl.Struct({each.name: of(f"{prefix}{each.name}") for each in attrs.fields(cls)})

    def of(name: str) -> Any:
        type_ = described.facts[name].type
        simple = {"bool": pl.Boolean, "int": pl.Int64, "set": pl.List(pl.String)}
        return dtype(f"{name}.", type_.python) if type_.kind == "group" else simple.get(type_.kind, pl.String)

    schema = {each.name: of(each.name) for each in attrs.fields(type(facts[0]))}
    return pl.DataFrame([as_data(fact) for fact in facts], schema=schema)


def frame_of_cards() -> tuple[Any, dict[str, str]]:
    """The cards of all cases, each with its case's name for a key, and the codes of each."""
    found = {case.name: case for case in CASES if isinstance(case.fact, Card)}
    cards = [attrs.evolve(case.fact, card_id=name) for name, case in found.items()]
    return frame_of(cards), {name: ",".join(case.expected.codes or ()) for name, case in found.items()}


@attrs.frozen
class Fleet:
    """Tables of cards and accounts, and what `evaluate_fleet` says of them."""

    cards: Any
    accounts: Any
    decided: Any

    def compare(self, cards: list[dict[str, Any]], accounts: list[dict[str, Any]]) -> None:
        """Fail unless the rows of a fleet decided as tables say the same."""
        found = {row["card_id"]: (row["dx_codes"], row["dx_undetermined"], row["fleet_size"]) for row in cards}
        assert found == {each.fact.card_id: (*_said(each), each.fact.fleet_size) for each in self.decided.cards}
        rolled = [each.fact.name for each in dxrules.default_rulebook().rollups[0].facts]
        assert len(accounts) == len(self.decided.accounts)
        for row in accounts:
            decision = self.decided.accounts[row["account_id"]]
            assert (row["dx_codes"], row["dx_undetermined"]) == _said(decision)
            for name in rolled:
                value = as_data(getattr(decision.fact, name))
                assert row[name] == value or (row[name] is None and value == "unknown"), name
            said = [str(each) for each in self.decided.contradictions if each.account == row["account_id"]]
            assert row["dx_contradictions"] == "; ".join(said)


def _said(decision: Any) -> tuple[str, str]:
    return ",".join(decision.codes), ",".join(each.rule for each in decision.undetermined)


def fleet_of(rng: Random, count: int) -> Fleet:
    """A random fleet with what `evaluate_fleet` says of it."""
    import warnings

    def some(*values: Any) -> Any:
        return rng.choice(values)

    cards = [
        Card(
            card_id=str(number),
            account_id=some("a", "b", "c", "d", None),
            status=some("active", "active", "suspended_lost", "cancelled", "unknown"),
            operator=some("cmcc", "cucc", "unknown"),
            holder_type=some("enterprise", "enterprise", "enterprise", "individual"),
            reason=some("business_change", "cost", None),
            still_needed=some(True, False, None),
            lost=some(True, False, None),
            last_used_days=some(1, 90, 91, 200, *[None] * (number % 2)),
            arrears_fen=some(0, 1, 3520, *[None] * (number % 2)),
            monthly_fee_fen=some(1900, 0),
            fleet_size=some(None, 3),
        )
        for number in range(count)
    ]
    known = {"account_id": "e", "last_used_days": 95, "lost": False}
    lone = [
        attrs.evolve(card, card_id=f"e{n}", arrears_fen=n, still_needed=n < 1, **known)
        for n, card in enumerate(cards[:3])
    ]
    accounts = [
        Account(account_id="a", live_cards=99, batch_requested=True, holder_type="individual"),
        Account(account_id="e", handler_authorised=True, batch_requested=True),
        Account(account_id="z", live_cards=2),
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dxrules.FactWarning)
        decided = dxrules.evaluate_fleet([*cards, *lone], accounts)
    return Fleet(frame_of([*cards, *lone]), frame_of(accounts), decided)
