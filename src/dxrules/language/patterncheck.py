"""From pattern rules as written to checked ones: every name resolved, every condition typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

import attrs

from dxrules import expression as ex
from dxrules.language.checker import FactScope, check_messages
from dxrules.language.condition import check, check_condition
from dxrules.language.durations import shown
from dxrules.language.nodes import Node, Scalar
from dxrules.language.patternnames import Names, facts_under, first_part, under
from dxrules.language.scan import Flaw, cut
from dxrules.language.written import Name, WrittenLength, WrittenMatch, WrittenPack, WrittenPattern
from dxrules.matching import inner
from dxrules.pattern import About, Join, Match, PatternRule
from dxrules.rulebook import LANGS
from dxrules.schema import FactType
from dxrules.suggest import did_you_mean, listed

_JOINED_FORM = "write it as in `joined: card_id == report.card_id`"


@attrs.define(eq=False)
class PatternChecker:
    """Checks the pattern rules of one pack. A part that is broken becomes None after a report."""

    pack: WrittenPack
    scopes: Mapping[str, FactScope]
    names: Names
    types: dict[str, FactType] = attrs.field(factory=dict, init=False)
    _reported_keep: bool = attrs.field(default=False, init=False)

    def __attrs_post_init__(self) -> None:
        assert self.pack.patterns is not None
        for short, name in self.pack.patterns.facts:
            scope = self.scopes.get(name.text)
            if scope is None:
                help_text = did_you_mean(name.text, self.scopes) or "name the class in `facts=` when loading"
                self.names.report(name.span, "pack/facts", f"`{cut(name.text)}` is not a known fact type", help_text)
            elif scope.fact_type.key is None:
                self.names.report(name.span, "pattern/facts", f"`{name.text}` has no key",
                                  "its first field must be a text that is always given")  # fmt: skip
            else:
                self.types[name.text] = scope.fact_type
                self.types.setdefault(short.text, scope.fact_type)

    @property
    def keep(self) -> dt.timedelta | None:
        """How long an event counts."""
        assert self.pack.patterns is not None
        return None if self.pack.patterns.keep is None else self.pack.patterns.keep.length

    def rule(self, written: WrittenPattern, place: int) -> PatternRule | None:
        """A checked rule, without its examples; None when something in it is broken."""
        match = self._matches(written)
        if not match:
            return None
        absent = [self._match(each, match, written, absent=True) for each in written.absent]
        found = tuple(each for each in absent if each is not None)
        scope = self._scope(written, match)
        where = self._tree(written.where, scope)
        about = self._about(written, match)
        message = check_messages(written.outcome, scope, self.names.report)
        before = len(self.names.report.found)
        after = self._after(written, match, scope)
        self._times(written, match)
        broken = len(self.names.report.found) > before or (written.where is not None and where is None)
        broken = broken or not written.sound or len(found) < len(absent)
        outcome = written.outcome
        if broken or about is None or outcome.kind is None or len(message) < len(LANGS) or self.pack.name is None:
            return None
        return PatternRule(
            name=written.name.text,
            pack=self.pack.name.text,
            match=tuple(match),
            about=about,
            kind=outcome.kind,
            target=outcome.target,
            severity=outcome.severity,
            deadline=outcome.deadline,
            priority=outcome.priority,
            message=message,
            where=where,
            within=None if written.within is None else written.within.length,
            after=after,
            absent=found,
            keep=self.keep,
            source=outcome.source,
            valid_from=outcome.valid_from,
            valid_until=outcome.valid_until,
            place=place,
            span=written.name.span,
        )

    def _scope(self, rule: WrittenPattern, match: list[Match]) -> FactScope:
        names = [each.name.text for each in rule.absent]
        hidden = {name: f"what is absent cannot be read here: compare it in a `where` under `{name}`" for name in names}
        hidden |= {
            each.name: "of facts that are counted only what they share can be read" for each in match if each.counted
        }
        return self.names.scope(rule.name.text, *map(facts_under, match), hidden=hidden)

    def _tree(self, node: Node | None, scope: FactScope) -> ex.Expr | None:
        found = None if node is None else scope.tree(node)
        if found is not None and any(isinstance(each, ex.DaysSince) for each in ex.walk(found)):
            assert node is not None
            self.names.report(node.span, "pattern/days-since", "pattern rules cannot count days up to today",
                              "compare the times of matched facts, or use `within` and `after`")  # fmt: skip
            return None
        return found

    # Matches

    def _match(
        self, written: WrittenMatch, before: list[Match], rule: WrittenPattern, *, absent: bool = False
    ) -> Match | None:
        """A checked match or absent fact, beside those matched before it."""
        name, report = written.name, self.names.report
        if written.joined is None:
            return None
        if not self._is_free(name, before) or written.fact_type is None:
            return None
        fact_type = self._type(written.fact_type)
        if fact_type is None or not self._is_kept(fact_type):
            return None
        scope = self.scopes[fact_type.name]
        when = self._tree(written.when, scope)
        counted = written.counted_at is not None
        if counted and any(each.counted for each in before):
            assert written.counted_at is not None
            report(written.counted_at, "pattern/count", "two matches of the rule are counted", "make two rules of it")
            return None
        shared: tuple[ex.FactRef, ...] | None = ()
        joined: tuple[Join, ...] | None = ()
        if before or absent:
            joined = self._joins(written, fact_type, before, rule)
        elif counted:
            shared = self._shared(written, scope)
        elif written.joined:
            report(written.joined[0].span, "pattern/joined", "there is no match before it to be joined to",
                   "join the later matches to this one")  # fmt: skip
            joined = None
        where = None
        if written.where is not None and not counted and not absent:
            report(written.where.span, "pattern/where", f"`{name.text}` is not counted: it has no `where` of its own",
                   "compare it under the `where` of the rule")  # fmt: skip
            return None
        if written.where is not None:
            own = under(name.text, fact_type, fact_type.facts)
            where = self._tree(written.where, self.names.scope(rule.name.text, *map(facts_under, before), own))
        missing = [written.when is not None and when is None, written.where is not None and where is None]
        missing.append(not written.at_least)
        if any(missing) or shared is None or joined is None:
            return None
        return Match(name.text, fact_type, when, joined, where, written.at_least, shared)

    def _matches(self, written: WrittenPattern) -> list[Match]:
        """The checked matches of a rule; none when one of them is broken."""
        match: list[Match] = []
        for each in written.match:
            found = self._match(each, match, written)
            if found is None:
                break  # what is said beside it can only be checked once this one is sound
            match.append(found)
        else:
            return match
        for each in (*written.match[len(match) + 1 :], *written.absent):
            self._alone(each)
        return []

    def _alone(self, written: WrittenMatch) -> None:
        """Check what a match says of its fact alone: one before it is broken."""
        fact_type = None if written.fact_type is None else self._type(written.fact_type)
        if fact_type is not None:
            self._tree(written.when, self.scopes[fact_type.name])

    def _is_free(self, name: Name, before: list[Match]) -> bool:
        """Whether a match can bear its name, which conditions use beside facts and parameters."""
        what = "a parameter" if name.text in self.names.parameters else None
        owner = next((each.name for each in self.types.values() if name.text in each.facts), None)
        if owner is not None:
            what = f"a fact of `{owner}`"
        if any(each.name == name.text for each in before):
            what = "another match"
        if what is not None:
            self.names.report(name.span, "pattern/name", f"`{name.text}` is named like {what}", "choose another name")
        return what is None

    def _type(self, name: Name) -> FactType | None:
        assert self.pack.patterns is not None
        found = self.types.get(name.text)
        declared = {text for pair in self.pack.patterns.facts for text in (pair[0].text, pair[1].text)}
        if found is None and name.text not in declared:
            help_text = did_you_mean(name.text, self.types) or "add it under `facts`"
            message = f"`{cut(name.text)}` is not among the `facts` of this file"
            self.names.report(name.span, "pattern/facts", message, help_text)
        return found

    def _is_kept(self, fact_type: FactType) -> bool:
        """Whether it is known how long an event counts."""
        assert self.pack.patterns is not None
        if fact_type.moment is None or self.keep is not None:
            return True
        if self.pack.patterns.keepless is not None and not self._reported_keep:
            message = "the file does not say how long events count"
            self.names.report(self.pack.patterns.keepless, "pattern/keep", message,
                              "add a line such as `keep: 30 days`")  # fmt: skip
            self._reported_keep = True
        return False

    # Joins

    def _shared(self, written: WrittenMatch, scope: FactScope) -> tuple[ex.FactRef, ...] | None:
        """The facts that a counted first match has in common."""
        found: list[ex.FactRef] = []
        for node in written.joined or ():
            ref = _peeled(check(node.text, scope, self._reporter(node)))
            if isinstance(ref, ex.FactRef) and ref.type.kind not in ("group", "set"):
                found.append(ref)
            elif ref is not None:
                self.names.report(node.span, "pattern/joined",
                                  "a counted first match is joined by a fact that its facts share",
                                  "write it as in `joined: account_id`")  # fmt: skip
                return None
            else:
                return None
        if not found:
            self.names.report(written.name.span, "pattern/joined", f"`{written.name.text}` counts all facts together",
                              "say what they share, as in `joined: account_id`")  # fmt: skip
            return None
        return tuple(found)

    def _joins(
        self, written: WrittenMatch, fact_type: FactType, before: list[Match], rule: WrittenPattern
    ) -> tuple[Join, ...] | None:
        own = under(written.name.text, fact_type, fact_type.facts)
        scope = self.names.scope(rule.name.text, *map(facts_under, before), own, fact_type.facts)
        by_name = {each.name: each for each in before}
        found: list[Join] = []
        for node in written.joined or ():
            tree = _peeled(check_condition(node.text, scope, self._reporter(node)))
            if tree is None:
                return None
            for part in tree.items if isinstance(tree, ex.And) else (tree,):
                join = _join(_peeled(part), written.name.text, fact_type, by_name)
                if join is None:
                    self.names.report(node.span, "pattern/joined",
                                      "`joined` takes equalities of its own facts with those of matches before it",
                                      _JOINED_FORM)  # fmt: skip
                    return None
                found.append(join)
        if not found:
            message = f"`{written.name.text}` is joined to no match"
            self.names.report(written.name.span, "pattern/joined", message, _JOINED_FORM)
            return None
        return tuple(found)

    def _reporter(self, node: Scalar) -> Reporter:
        return Reporter(self.names, node)

    # About whom, and when

    def _about(self, written: WrittenPattern, match: list[Match]) -> About | None:
        node = written.about
        if node is None:
            return None
        name, _, rest = node.text.partition(".")
        found = next((each for each in match if each.name == name), None)
        if found is None:
            self.names.report(node.span, "pattern/about", f"`{cut(name)}` is not a match of the rule",
                              did_you_mean(name, (each.name for each in match)))  # fmt: skip
            return None
        named = list(self._named(found))
        if not rest and not found.is_event and not found.counted:
            return About(name, found.fact_type)
        for fact_type, ref in named:
            if rest == ref.fact.name or (not rest and len(named) == 1):
                return About(name, fact_type, ref)
        choices = [f"{name}.{ref.fact.name}" for _, ref in named]
        message = f"`{cut(node.text)}` does not say whose decision the outcome joins"
        help_text = "name a match with the key of a card, an account or the like"
        self.names.report(node.span, "pattern/about", message, f"it can be {listed(choices)}" if choices else help_text)
        return None

    def _named(self, match: Match) -> Iterator[tuple[FactType, ex.FactRef]]:
        """The fact types, no events, whose key a fact of the match holds."""
        readable = {ref.fact.name for ref in match.shared} if match.counted else set(match.fact_type.facts)
        for fact_type in dict.fromkeys(self.types.values()):
            key = fact_type.key
            if key is None or fact_type.moment is not None or fact_type is match.fact_type:
                continue
            own = match.fact_type.facts.get(key.name)
            if own is not None and own.type.kind == "text" and key.name in readable:
                yield fact_type, ex.FactRef(own)

    def _after(self, written: WrittenPattern, match: list[Match], scope: FactScope) -> dt.timedelta | ex.FactRef | None:
        node = written.after
        if node is None:
            return None
        if isinstance(node, WrittenLength):
            if not any(each.is_event for each in match):
                self._flaw(node, "`after` counts from the last event, and the rule matches none", None)
            elif self.keep is not None and node.length >= self.keep:
                self._flaw(node, f"events count for {shown(self.keep)}, so the rule would never fire",
                           "make `after` shorter, or `keep` longer")  # fmt: skip
            return node.length
        found = _peeled(check(node.text, scope, self._reporter(node)))
        if isinstance(found, ex.FactRef) and found.type.kind == "datetime":
            return found
        if found is not None:
            message = "`after` takes a length of time, or a date and time of a matched fact"
            self.names.report(node.span, "pattern/time", message, "write it as in `24 hours`")
        return None

    def _times(self, written: WrittenPattern, match: list[Match]) -> None:
        """`within`, beside the events and how long they count."""
        within = written.within
        if within is None:
            return
        if sum(each.at_least for each in match if each.is_event) < 2:
            self._flaw(within, "`within` is between events, and the rule matches fewer than two", None)
        elif self.keep is not None and within.length > self.keep:
            message = f"events count for {shown(self.keep)} only"
            self._flaw(within, message, "make `within` shorter, or `keep` longer")

    def _flaw(self, at: WrittenLength, message: str, help_text: str | None) -> None:
        self.names.report(at.span, "pattern/time", message, help_text)


@attrs.frozen
class Reporter:
    """Reports the flaws of a text at their places in the file."""

    names: Names
    node: Scalar

    def __call__(self, flaw: Flaw) -> None:
        """Report one."""
        self.names.report(self.node.span_of(flaw.start, flaw.end), flaw.code, flaw.message, flaw.help)


def _peeled(expr: ex.Expr | None) -> ex.Expr | None:
    return None if expr is None else ex.peel(expr)


def _join(part: ex.Expr | None, own: str, fact_type: FactType, before: Mapping[str, Match]) -> Join | None:
    """An equality of an own fact with one of a match before it; None when it is anything else."""
    if not isinstance(part, ex.Compare) or part.op != "==":
        return None
    left, right = _peeled(part.left), _peeled(part.right)
    if not isinstance(left, ex.FactRef) or not isinstance(right, ex.FactRef):
        return None
    for mine, theirs in ((left, right), (right, left)):
        other = before.get(first_part(theirs)) if theirs.groups else None
        if other is not None and first_part(mine) not in before:
            ref = inner(mine, fact_type) if first_part(mine) == own else ex.FactRef(mine.fact, mine.groups)
            return Join(ref, other.name, inner(theirs, other.fact_type))
    return None
