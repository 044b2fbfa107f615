"""Conditions in words, English or Chinese: each test a phrase, each condition an outline of phrases."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Literal

import attrs

from dxrules import expression as ex
from dxrules.explain.text import label_of, value_text
from dxrules.handbook.labels import say
from dxrules.render import show
from dxrules.rulebook import Lang, Parameter
from dxrules.schema import Fact, FactType, Type
from dxrules.values import Plain, constant

_INLINE = 12  # a definition with more lines is named where it is used, and written out where it is defined

PieceKind = Literal["text", "fact", "value", "parameter", "definition", "match", "type"]
Form = Literal["test", "all", "any", "none", "not", "is"]


@attrs.frozen
class Piece:
    """A stretch of a phrase; one that is no plain text has the name of what it stands for.

    `owner` is the fact type that a fact belongs to, where it is not the one that the condition is on.
    """

    text: str
    kind: PieceKind = "text"
    name: str = ""
    owner: FactType | None = None


Phrase = tuple[Piece, ...]


@attrs.frozen
class Outline:
    """A condition or a part of one, to be read line by line.

    Attributes:
        form: `test` has no parts; `all`, `any` and `none` are of the parts; `not` and `is` are about the one part.
        phrase: the words of this line.
        parts: the lines below it.
        path: the places of children that lead to it from the top of the condition.
        reads: the names of the facts that a test reads.
    """

    form: Form
    phrase: Phrase
    parts: tuple[Outline, ...] = ()
    path: tuple[int, ...] = ()
    reads: tuple[str, ...] = ()

    @property
    def lines(self) -> int:
        """How many lines it has."""
        return 1 + sum(part.lines for part in self.parts)


def text_of(phrase: Phrase) -> str:
    """A phrase as plain text."""
    return "".join(piece.text for piece in phrase)


def quoted(text: str) -> str:
    """A text between the quotation marks of English and Chinese alike."""
    return f"“{text}”"


def shown_value(fact: Fact, value: Plain, lang: Lang) -> str:
    """The value of a fact; texts in quotation marks."""
    text = value_text(fact, value, lang)
    return quoted(text) if fact.type.kind == "text" and value is not None else text


def sentence(text: str, *parts: Phrase) -> Phrase:
    """A text with phrases filled in for its braces: in order, or by their numbers."""
    found: list[Piece] = []
    place = 0
    for stretch in re.split(r"(\{\d?\})", text):
        if not re.fullmatch(r"\{\d?\}", stretch):
            found.append(Piece(stretch))
            continue
        found += parts[int(stretch[1]) if len(stretch) == 3 else place]
        place += 1
    return tuple(piece for piece in found if piece.text)


@attrs.frozen
class Speaker:
    """Says conditions in a language."""

    parameters: Mapping[str, Parameter]
    lang: Lang

    def outline(self, expr: ex.Expr, path: tuple[int, ...] = ()) -> Outline:
        """A condition, line by line."""
        match expr:
            case ex.Clause(body=body):
                return self.outline(body, path)
            case ex.DefRef(name=name, body=body):
                return self._defined((Piece(name, "definition", name),), self.outline(body, (*path, 0)), path)
            case ex.And(items=items):
                return self._joined("all", items, path)
            case ex.Or(items=items):
                return self._joined("any", items, path)
            case ex.Not(item=item):
                return self._negated(_unmarked(item), path)
            case ex.IsNone(item=item, negated=negated) if not _is_fact(item):
                key = "condition known" if negated else "condition unknown"
                return Outline("is", self._only(key), (self.outline(item, (*path, 0)),), path)
            case ex.IsBool(item=item, value=wanted, negated=negated) if not _is_fact(item):
                key = f"condition {'not ' if negated else ''}{str(wanted).lower()}"
                return Outline("is", self._only(key), (self.outline(item, (*path, 0)),), path)
            case _:
                return self._test(expr, path)

    def _joined(self, form: Literal["all", "any"], items: tuple[ex.Expr, ...], path: tuple[int, ...]) -> Outline:
        parts: list[Outline] = []
        for place, item in enumerate(items):
            part = self.outline(item, (*path, place))
            plain = part.form == form and len(part.phrase) == 1  # a list in a list of the same kind is one list
            parts.extend(part.parts if plain else (part,))
        return Outline(form, self._only(form), tuple(parts), path)

    def _negated(self, item: ex.Expr, path: tuple[int, ...]) -> Outline:
        """What is not so, said as its opposite where that is one phrase."""
        opposite = _opposite(ex.peel(item))
        if opposite is not None:
            found = attrs.evolve(self._test(opposite, path), path=path)
            if isinstance(item, ex.DefRef):
                named = (Piece(say("not definition", self.lang)), Piece(item.name, "definition", item.name))
                return self._defined(named, found, path)
            return found
        inner = self.outline(item, (*path, 0))
        if isinstance(item, ex.Or):
            return attrs.evolve(inner, form="none", phrase=self._only("none"), path=path)
        return Outline("not", self._only("not"), (inner,), path)

    def _defined(self, named: Phrase, body: Outline, path: tuple[int, ...]) -> Outline:
        """A defined name: with its words where these are few, else alone, for they stand where it is defined."""
        if body.lines > _INLINE:
            return Outline("test", named, (), path, ())
        return attrs.evolve(body, phrase=(*named, Piece(say("dash", self.lang)), *body.phrase), path=path)

    def _only(self, key: str) -> Phrase:
        return (Piece(say(key, self.lang)),)

    def _test(self, expr: ex.Expr, path: tuple[int, ...]) -> Outline:
        return Outline("test", tuple(self.phrase(expr)), (), path, tuple(ex.facts_of(expr)))

    # Phrases

    def phrase(self, expr: ex.Expr) -> Iterator[Piece]:
        """A test in words."""
        match expr:
            case ex.Clause(body=body):
                yield from self.phrase(body)
            case ex.IsBool(item=item, value=wanted, negated=negated):
                yield from self._flag(item, f"is {'not ' if negated else ''}known {str(wanted).lower()}")
            case ex.IsNone(item=item, negated=negated):
                group = item.type.kind == "group"
                key = ("given" if negated else "not given") if group else ("known" if negated else "unknown")
                yield from self._flag(item, f"is {key}")
            case ex.Compare():
                yield from self.compare(expr)
            case ex.In(item=item, values=values, negated=negated):
                yield from self.term(item)
                yield from self._among([self._value(each, item) for each in values], negated=negated)
            case ex.Contains():
                yield from self._contains(expr)
            case ex.Not(item=ex.StartsWith() as item) | (ex.StartsWith() as item):
                yield from self._starts(item, negated=isinstance(expr, ex.Not))
            case ex.Not(item=item) if _is_flag(item):
                yield from self._flag(item, "is no")
            case ex.Not() | ex.And() | ex.Or():
                yield from self._inline(expr)
            case _:
                yield from self._flag(expr, "is yes")

    def _contains(self, expr: ex.Contains) -> Iterator[Piece]:
        yield from self.term(expr.item)
        yield Piece(say("includes not" if expr.negated else "includes", self.lang))
        fact = _fact_of(expr.item)
        of = expr.member.type if fact is None else attrs.evolve(fact.type, kind="enum")
        yield Piece(show(expr.member.value, of, self.lang), "value", str(expr.member.value))

    def _starts(self, expr: ex.StartsWith, *, negated: bool) -> Iterator[Piece]:
        yield from self.term(expr.item)
        key = "starts not with" if negated else "starts with"
        yield from sentence(say(key, self.lang), (Piece(quoted(expr.prefix), "value", expr.prefix),))

    def _inline(self, expr: ex.Not | ex.And | ex.Or) -> Iterator[Piece]:
        """A condition within a phrase, where it is compared with another."""
        if isinstance(expr, ex.Not):
            yield Piece(say("not inline", self.lang))
            yield from self._bracketed(expr.item)
            return
        for place, item in enumerate(expr.items):
            if place:
                yield Piece(say("and inline" if isinstance(expr, ex.And) else "or inline", self.lang))
            yield from self._bracketed(item)

    def _flag(self, item: ex.Expr, key: str) -> Iterator[Piece]:
        yield from self.term(item)
        yield Piece(say(key, self.lang))

    def compare(self, expr: ex.Compare) -> Iterator[Piece]:
        """A comparison in words."""
        left, right = expr.left, expr.right
        yield from self.term(left, right)
        yield Piece(say(f"{_scale(expr.op, left, right)} {expr.op}", self.lang))
        yield from self.term(right, left)

    def term(self, expr: ex.Expr, beside: ex.Expr | None = None, *, inner: bool = False) -> Iterator[Piece]:
        """A value in words: a fact, a parameter, a literal, or what is calculated from them."""
        match expr:
            case ex.Clause(body=body):
                yield from self.term(body, beside, inner=inner)
            case ex.FactRef():
                yield from self.fact(expr)
            case ex.DefRef(name=name):
                yield Piece(name, "definition", name)
            case ex.ParamRef():
                yield from self._parameter(expr, beside)
            case ex.Const():
                yield self._value(expr, beside)
            case ex.Arith(op=op, left=left, right=right):
                bracket = inner and op != "*"
                yield Piece("(" if bracket else "")
                yield from self.term(left, right if op != "*" else None, inner=True)
                yield Piece({"+": " + ", "-": " − ", "*": " × "}[op])
                yield from self.term(right, left if op != "*" else None, inner=True)
                yield Piece(")" if bracket else "")
            case ex.Neg(item=item):
                yield Piece("−")
                yield from self.term(item, inner=True)
            case ex.Len(item=item):
                yield from self._around("size of", item)
            case ex.DaysSince(item=item):
                yield from self._around("days since", item)
            case _:  # a condition as a value
                yield from self._bracketed(expr)

    def fact(self, ref: ex.FactRef) -> Iterator[Piece]:
        """A fact by what it is called."""
        yield Piece(label_of(ref.fact.name, ref.fact, self.lang), "fact", ref.fact.name)

    def _bracketed(self, expr: ex.Expr) -> Iterator[Piece]:
        yield Piece("(")
        yield from self.phrase(expr)
        yield Piece(")")

    def _around(self, key: str, item: ex.Expr) -> Iterator[Piece]:
        yield from sentence(say(key, self.lang), tuple(self.term(item)))

    def _parameter(self, expr: ex.ParamRef, beside: ex.Expr | None) -> Iterator[Piece]:
        yield Piece(expr.name, "parameter", expr.name)
        values = self.parameters[expr.name].values
        if len(values) == 1 and values[0][0] == dt.date.min:
            shown = self._literal(constant(values[0][1], expr.of), expr.of, beside)
            yield Piece(say("brackets", self.lang, shown))

    def _value(self, const: ex.Const, beside: ex.Expr | None) -> Piece:
        return Piece(self._literal(const.value, const.of, beside), "value", str(const.value))

    def _literal(self, value: Plain, of: Type, beside: ex.Expr | None) -> str:
        fact = _fact_of(beside)
        if fact is not None and (fact.type.kind == of.kind or fact.type.kind in ("int", "float")):
            return shown_value(fact, value, self.lang)
        if of.kind == "text":
            return quoted(str(value))
        return show(value, of, self.lang)

    def _among(self, pieces: list[Piece], *, negated: bool) -> Iterator[Piece]:
        if len(pieces) == 1:
            yield Piece(say("text !=" if negated else "text ==", self.lang))
            yield pieces[0]
            return
        before, _, after = (say("is none of", self.lang) if negated else f"{say('text ==', self.lang)}{{}}").partition(
            "{}"
        )
        yield Piece(before)
        for place, piece in enumerate(pieces):
            if place:
                last = place == len(pieces) - 1 and not negated
                yield Piece(say("or" if last else "item comma", self.lang))
            yield piece
        yield Piece(after)


def _fact_of(expr: ex.Expr | None) -> Fact | None:
    found = ex.peel(expr) if expr is not None else None
    return found.fact if isinstance(found, ex.FactRef) else None


def _is_fact(expr: ex.Expr) -> bool:
    return isinstance(_unmarked(expr), ex.FactRef)


def _unmarked(expr: ex.Expr) -> ex.Expr:
    while isinstance(expr, ex.Clause):
        expr = expr.body
    return expr


def _is_flag(expr: ex.Expr) -> bool:
    return isinstance(_unmarked(expr), (ex.FactRef, ex.ParamRef, ex.DefRef, ex.Const))


_INVERSE: Mapping[ex.CompareOp, ex.CompareOp] = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def _opposite(expr: ex.Expr) -> ex.Expr | None:
    """The one test that holds exactly when this one does not, and is unknown when it is; None for other conditions."""
    match expr:
        case ex.Compare(op=op):
            return attrs.evolve(expr, op=_INVERSE[op])
        case ex.In(negated=negated) | ex.Contains(negated=negated):
            return attrs.evolve(expr, negated=not negated)
        case ex.IsNone(item=item, negated=negated) | ex.IsBool(item=item, negated=negated) if _is_fact(item):
            return attrs.evolve(expr, negated=not negated)
        case ex.FactRef() | ex.ParamRef() | ex.StartsWith():
            return ex.Not(expr)
        case _:
            return None


def _scale(op: ex.CompareOp, left: ex.Expr, right: ex.Expr) -> str:
    """What kind of words compares two values."""
    if op in ("==", "!=") and not isinstance(_unmarked(right), ex.Const):
        return "same"
    kinds = {left.type.kind, right.type.kind}
    if kinds & {"date", "datetime"}:
        return "time"
    return "number" if kinds & {"int", "float"} else "text"
