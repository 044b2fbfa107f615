"""Pattern rules in words: each match has a number, by which conditions, times and messages speak of it."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator, Mapping

import attrs

from dxrules import expression as ex
from dxrules.explain.text import label_of
from dxrules.handbook.labels import say
from dxrules.handbook.words import Outline, Phrase, Piece, Speaker, sentence, text_of
from dxrules.matching import inner
from dxrules.pattern import Match, PatternRule
from dxrules.rulebook import Lang
from dxrules.schema import Fact, FactType, label

_FIRST_MARK = 0x2460  # a circled one; there are twenty of these characters, and at most 16 matches


@attrs.frozen(eq=False, slots=False)
class PatternSpeaker(Speaker):
    """Says what a pattern rule looks for, in a language."""

    rule: PatternRule

    @functools.cached_property
    def matches(self) -> Mapping[str, Match]:
        """The matches and the absent facts, by name."""
        return {each.name: each for each in (*self.rule.match, *self.rule.absent)}

    @functools.cached_property
    def marks(self) -> Mapping[str, str]:
        """The number of each match and absent fact, as a character."""
        return {name: chr(_FIRST_MARK + place) for place, name in enumerate(self.matches)}

    def number(self, name: str) -> int:
        """The number of a match, from 1."""
        return ord(self.marks[name]) - _FIRST_MARK + 1

    def say(self, key: str, *parts: object) -> str:
        """Words of the handbook."""
        return say(key, self.lang, *parts)

    def mark(self, name: str) -> Piece:
        """The number of a match, as a piece of a phrase."""
        return Piece(self.marks[name], "match", name)

    # Conditions on several matches

    def fact(self, ref: ex.FactRef) -> Iterator[Piece]:
        """A fact of a match, behind the number of the match; of an event its time is called so."""
        name = ref.fact.path[0]
        mark = (self.mark(name),)
        if len(ref.fact.path) == 1:
            yield from mark
        elif moment_of(ref, self.matches) is not None:
            yield from sentence(self.say("time of"), mark)
        else:
            fact_type = self.matches[name].fact_type
            named = (self._named(fact_type, inner(ref, fact_type).fact),)
            yield from sentence(self.say("fact of"), mark, named)

    def _named(self, fact_type: FactType, item: Fact) -> Piece:
        return Piece(label_of(item.name, item, self.lang), "fact", item.name, fact_type)

    def compare(self, expr: ex.Compare) -> Iterator[Piece]:
        """A comparison; of the times of two events, which happened when."""
        one, two = self._event(expr.left), self._event(expr.right)
        if one is None or two is None:
            yield from super().compare(expr)
        else:
            yield from sentence(self.say(f"happened {expr.op}"), (self.mark(one),), (self.mark(two),))

    def _event(self, expr: ex.Expr) -> str | None:
        return moment_of(expr, self.matches)

    # What a match says

    def what(self, match: Match) -> Phrase:
        """What kind of fact it is, and how many."""
        kind = "event" if match.is_event else "fact"
        named = (Piece(match.fact_type.name, "type", match.fact_type.name),)
        if match.counted:
            return sentence(self.say(f"{kind}s matched"), named, (Piece(str(match.at_least)),))
        return sentence(self.say(f"{kind} matched"), named)

    def lines(self, match: Match) -> Iterator[Outline]:
        """Everything that a match says of its fact, a line each."""
        alone = Speaker(self.parameters, self.lang)
        if match.when is not None:
            yield from _spread(alone.outline(match.when))
        for each in match.shared:
            named = (self._named(match.fact_type, each.fact),)
            yield _line(sentence(self.say("joined shared"), named))
        for join in match.joined:
            theirs = self.matches[join.other].fact_type
            own = (self._named(match.fact_type, join.own.fact),)
            same = join.own.fact.name == join.theirs.fact.name
            other = (self.mark(join.other),)
            key = "joined same" if same else "joined"
            yield _line(sentence(self.say(key), own, other, (self._named(theirs, join.theirs.fact),)))
        if match.where is not None:
            yield from _spread(self.outline(match.where))

    def relations(self) -> Iterator[Outline]:
        """What must hold between the matched facts, a line each."""
        if self.rule.where is not None:
            yield from _spread(self.outline(self.rule.where))
        if self.rule.within is not None:
            yield _line((Piece(self.say("within", length_text(self.rule.within, self.lang))),))

    # When it fires, and on whom

    def due(self) -> Phrase:
        """When the rule fires."""
        after = self.rule.after
        if after is None:
            return (Piece(self.say("fires at once")),)
        if isinstance(after, ex.FactRef):
            return sentence(self.say("fires at"), tuple(self.fact(after)))
        events = [each for each in self.rule.match if each.is_event]
        length = (Piece(length_text(after, self.lang)),)
        if len(events) == 1 and not events[0].counted:
            return sentence(self.say("fires after"), (self.mark(events[0].name),), length)
        return sentence(self.say("fires after last"), length)

    def about(self) -> Phrase:
        """Whose decision the outcome is part of."""
        about = self.rule.about
        mark = (self.mark(about.match),)
        named = (Piece(about.fact_type.name, "type", about.fact_type.name),)
        if about.ref is None:
            return sentence(self.say("about match"), named, mark)
        own = self._named(self.matches[about.match].fact_type, about.ref.fact)
        return sentence(self.say("about key"), named, mark, (own,))

    def hole(self, expr: ex.Expr) -> str:
        """What fills a place of the message."""
        return text_of(tuple(self.term(expr)))

    def short(self, match: Match) -> str:
        """A match in a few words: of an event what happened, where it says so; else what kind of fact it is."""
        found = _members(match.when, self.lang) if match.is_event and match.when is not None else ()
        text = self.say("or").join(filter(None, [self.say("item comma").join(found[:-1]), *found[-1:]]))
        text = text or match.fact_type.name
        return self.say("several", match.at_least, text) if match.counted else text


def moment_of(expr: ex.Expr, matches: Mapping[str, Match]) -> str | None:
    """The name of the event whose time an expression is; None when it is anything else."""
    found = ex.peel(expr)
    if not isinstance(found, ex.FactRef) or len(found.fact.path) != 2:
        return None
    match = matches[found.fact.path[0]]
    moment = match.fact_type.moment
    return match.name if moment is not None and found.fact.path[1] == moment.name else None


def length_text(length: dt.timedelta, lang: Lang) -> str:
    """A length of time in words; a day is said in hours, for it begins at any of them.

    >>> length_text(dt.timedelta(days=1), "en"), length_text(dt.timedelta(days=30), "zh")
    ('24 hours', '30 天')
    """
    units = {"day": dt.timedelta(days=1), "hour": dt.timedelta(hours=1), "minute": dt.timedelta(minutes=1)}
    fitting = (name for name, unit in units.items() if not length % unit)
    name = next(each for each in fitting if each != "day" or length > units["day"])
    number = length // units[name]
    return say(name if number == 1 else f"{name}s", lang, number)


def _line(phrase: Phrase) -> Outline:
    return Outline("test", phrase)


def _spread(outline: Outline) -> tuple[Outline, ...]:
    """The parts of what must hold all together; they stand in a list of such anyway."""
    plain = outline.form == "all" and len(outline.phrase) == 1
    return outline.parts if plain else (outline,)


def _members(expr: ex.Expr, lang: Lang) -> tuple[str, ...]:
    """The members that a fact must be one of, by the first part of a condition that says so."""
    found = ex.peel(expr)
    match found:
        case ex.And(items=items):
            return next(filter(None, (_members(item, lang) for item in items)), ())
        case ex.Compare(op="==", left=left, right=ex.Const(value=value)):
            values, item = [value], ex.peel(left)
        case ex.In(negated=False, item=item, values=consts):
            values, item = [each.value for each in consts], ex.peel(item)
        case _:
            return ()
    if not isinstance(item, ex.FactRef) or item.fact.type.kind != "enum":
        return ()
    return tuple(label(item.fact.type, str(value), lang) for value in values)
