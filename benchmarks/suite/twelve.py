"""Twelve rules on one card: hand-written Python, dxrules and the peers, side by side."""

from collections.abc import Callable, Sequence
from typing import Any

import attrs

import dxrules
from benchmarks.peers import Codes, Peer, all_peers
from benchmarks.suite.report import Row, Section, Target
from benchmarks.suite.timing import (
    Contender,
    Run,
    Sampling,
    Timing,
    calling,
    pair,
    reading_decisions,
    reading_decisions_by,
)
from benchmarks.workload import RULEBOOK, BenchCard, floor, kleene, known_cards, shared_guards, sparse_cards

CARDS = 10_000

ENGINE = "dxrules, engine.evaluate"
FUNCTION = "dxrules.evaluate"
SPARSE = "dxrules, 30 % of facts unknown"


def floor_contender() -> Contender:
    """Hand-written Python on known cards: what everything, in every section, is divided by."""
    return Contender("hand-written Python (the floor)", calling(floor), known_cards(CARDS))


@attrs.define
class _Field:
    """Contenders as they are lined up, with what is known of their answers."""

    cards: list[BenchCard]
    expected: list[tuple[str, ...]]
    contenders: list[Contender] = attrs.Factory(list)
    same: dict[str, bool] = attrs.Factory(dict)
    missing: list[str] = attrs.Factory(list)

    def add(self, name: str, codes: Callable[[BenchCard], Sequence[str]]) -> None:
        """Something that takes a card to its codes."""
        self.contenders.append(Contender(name, calling(codes), self.cards))
        self.same[name] = all(
            tuple(codes(card)) == right for card, right in zip(self.cards, self.expected, strict=True)
        )

    def add_decider(self, name: str, evaluate: Callable[[BenchCard], Any], run: Run | None = None) -> None:
        """Something that takes a known card to a decision, with a loop of its own if need be."""
        self.contenders.append(Contender(name, run or reading_decisions(evaluate), self.cards))
        self.same[name] = all(
            (decision.codes, len(decision.undetermined)) == (right, 0)
            for decision, right in zip(map(evaluate, self.cards), self.expected, strict=True)
        )

    def add_peer(self, peer: Peer) -> None:
        """Another engine, if it is installed."""
        try:
            codes: Codes = peer.build()
        except ImportError as error:
            self.missing.append(f"{peer.name}: {error}")
        else:
            self.add(peer.name, codes)


def measure(sampling: Sampling, peers: bool = True) -> Section:
    """Check everybody's codes on all cards, then time them."""
    hand = floor_contender()
    cards = list(hand.cards)
    field = _Field(cards, [kleene(card).codes for card in cards])
    field.add("hand-written, guards shared", shared_guards)
    _add_ours(field)
    for peer in all_peers() if peers else ():
        field.add_peer(peer)
    own, timings = pair(hand, field.contenders, sampling)
    right = all(tuple(floor(card)) == codes for card, codes in zip(cards, field.expected, strict=True))
    rows = [Row.of(own, right), *(Row.of(timing, field.same[name]) for name, timing in timings.items())]
    return Section(
        title=f"Twelve rules, {CARDS:,} cards",
        rows=tuple(rows),
        targets=tuple(_targets(timings)),
        problems=tuple(f"{row.name} differs from the reference" for row in rows if row.same is False),
        missing=tuple(field.missing),
    )


def _add_ours(field: _Field) -> None:
    rulebook = dxrules.load(dxrules.Text(RULEBOOK), facts=(BenchCard,))
    engine = dxrules.compile(rulebook)
    field.add_decider(ENGINE, engine.evaluate)
    field.add_decider(
        FUNCTION,
        lambda card: dxrules.evaluate(card, rulebook=rulebook),
        reading_decisions_by(dxrules.evaluate, rulebook),
    )
    sparse = sparse_cards(CARDS)
    field.contenders.append(Contender(SPARSE, reading_decisions(engine.evaluate), sparse))
    field.same[SPARSE] = all(_agrees(engine.evaluate(card), card) for card in sparse)
    field.add_decider("dxrules, reference engine", dxrules.compile(rulebook, engine="reference").evaluate)


def _agrees(decision: Any, card: BenchCard) -> bool:
    """Whether a decision has the reference's codes, undetermined rules and missing facts."""
    verdict = kleene(card)
    undetermined = {each.rule: frozenset(each.missing) for each in decision.undetermined}
    return decision.codes == verdict.codes and undetermined == verdict.undetermined


def _targets(timings: dict[str, Timing]) -> list[Target]:
    ours = timings[ENGINE]
    targets = [
        Target("twelve rules: a decision, its codes and what is undetermined, x floor", ours.ratio, 2.5),
        Target(
            "twelve rules: dxrules.evaluate beside engine.evaluate",
            timings[FUNCTION].relative_to(ours),
            1.3,
            " x",
        ),
        Target("twelve rules: 30 % of the facts unknown, x floor", timings[SPARSE].ratio, 6),
    ]
    peers = [timings[peer.name] for peer in all_peers() if peer.name in timings]
    if peers:
        fastest = min(peers, key=lambda timing: timing.ratio)
        beside = ours.relative_to(fastest)
        targets.append(Target(f"twelve rules: beside the fastest peer, {fastest.name}", beside, 0.5, " x"))
    return targets
