"""From checked expressions to expressions over a table's columns of facts.

The tables' own engines follow Kleene's logic when nothing but null is unknown, so truth values are translated one to
one. What is not alike is settled here: integers and floats are compared exactly, as Python compares them, and a sum of
floats that is no number is null.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from operator import and_, or_
from typing import Any

import attrs

from dxrules import expression as ex
from dxrules.engines.frame.backend import Words, balanced
from dxrules.engines.frame.columns import Columns, coded
from dxrules.engines.frame.stages import Value
from dxrules.meaning import compare
from dxrules.values import Plain, constant

_MANY = 8  # literals after `in` beyond which they are looked up in a table
_EXACT = 2**53  # within it every integer is a float
_INT64 = 2**63
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_MIXED = ("int", "float")


@attrs.define(eq=False)
class Translator:
    """Translates the conditions of one epoch, as of one day."""

    columns: Columns
    parameters: Mapping[str, Plain]
    as_of: dt.date

    @property
    def words(self) -> Words:
        """The words for expressions."""
        return self.columns.stages.words

    # Truth values

    def truth(self, expr: ex.Expr) -> Value:
        """The translation of what is true, false or unknown."""
        match expr:
            case ex.Clause(body=body):
                return self.truth(body)
            case ex.DefRef(name=name, body=body):
                return self._defined(name, body)
            case ex.FactRef() | ex.Const() | ex.ParamRef():
                return self.value_of(expr)
            case ex.And(items=items):
                return self.joined([self.truth(item) for item in items], by=False)
            case ex.Or(items=items):
                return self.joined([self.truth(item) for item in items], by=True)
            case ex.Not(item=item):
                return opposite(self.truth(item))
            case ex.IsNone(item=item, negated=negated):
                return self._is_none(item, negated)
            case ex.IsBool(item=item, value=wanted, negated=negated):
                return self._is_bool(self.truth(item), wanted, negated)
            case ex.In(item=item, values=values, negated=negated):
                return _negated(self._in(item, values), negated)
            case ex.Contains(member=member, item=item, negated=negated):
                return _negated(self._contains(ex.peel(item), str(member.value)), negated)
            case ex.StartsWith(item=item, prefix=prefix):
                return self._starts(self.value_of(item), prefix)
            case ex.Compare(op=op, left=left, right=right):
                return self._compare(op, left, right)
            case _:
                raise AssertionError(expr)

    def _defined(self, name: str, body: ex.Expr) -> Value:
        """A definition's truth: a column of its own, for all rules that name it."""
        key = ("defined", name)
        found = self.columns.stages.known.get(key)
        if found is None:
            found = self.truth(body)
            if not found.constant:
                return self.columns.stages.shared(key, found.made, found.level)
            self.columns.stages.known[key] = found
        return found

    def joined(self, items: Sequence[Value], *, by: bool) -> Value:
        """An `and`, which False decides, or an `or`, which True decides."""
        if any(item.constant and item.known is by for item in items):
            return Value.of(by)
        rest = [item for item in items if not (item.constant and item.known is (not by))]
        if all(item.constant for item in rest):
            return Value.of(None if rest else not by)
        made = balanced(or_ if by else and_, [item.on(self.words) for item in rest])
        return Value(made, max(item.level for item in rest))

    def _is_none(self, item: ex.Expr, negated: bool) -> Value:
        bare = ex.peel(item)
        if isinstance(bare, ex.FactRef) and bare.fact.type.kind == "group":
            present = self.columns.present[bare.fact.name]
            return present if negated else opposite(present)
        found = self.truth(item) if item.type.kind == "bool" else self.value_of(item)
        if found.constant:
            return Value.of((found.known is None) is not negated)
        if found.held is not None:
            return Value(found.made if negated else ~found.made, found.level)
        empty = found.made.is_null()
        return Value(~empty if negated else empty, found.level)

    def _is_bool(self, found: Value, wanted: bool, negated: bool) -> Value:
        if found.constant:
            return Value.of((found.known is wanted) is not negated)
        same = (found.made if wanted else ~found.made).fill_null(value=False)
        return Value(~same if negated else same, found.level)

    # Values

    def value_of(self, expr: ex.Expr) -> Value:
        """The translation of a value that is no condition; dates are whole days since 1970."""
        match expr:
            case ex.Clause(body=body) | ex.DefRef(body=body):
                return self.truth(expr) if expr.type.kind == "bool" else self.value_of(body)
            case ex.FactRef(fact=fact):
                return self.columns.value(fact.name)
            case ex.Const(value=literal):
                return Value.of(coded(literal))
            case ex.ParamRef(name=name, of=type_):
                return Value.of(coded(constant(self.parameters[name], type_)))
            case ex.Arith():
                return self._arith(expr)
            case ex.Neg(item=item):
                found = self.value_of(item)
                if found.constant:
                    return Value.of(None if found.known is None else -found.known)
                return attrs.evolve(found, made=found.made * -1, low=-found.high, high=-found.low)
            case ex.Len(item=item):
                return self._len(self.value_of(item))
            case ex.DaysSince(item=item):
                found, today = self.value_of(item), coded(self.as_of)
                if found.constant:
                    return Value.of(None if found.known is None else today - found.known)
                return attrs.evolve(found, made=self.words.lit(today) - found.made, low=-_EXACT, high=_EXACT)
            case _:
                return self.truth(expr)

    def _len(self, found: Value) -> Value:
        if found.constant:
            return Value.of(None if found.known is None else len(found.known))
        if found.held is not None:
            return Value(self.words.when(found.made).then(self.words.lit(len(found.held))), found.level)
        return Value(found.made.list.len().cast(self.words.Int64), found.level, low=0)  # unsigned, it would wrap

    def _arith(self, expr: ex.Arith) -> Value:
        one, two = self.value_of(expr.left), self.value_of(expr.right)
        if (one.constant and one.known is None) or (two.constant and two.known is None):
            return Value.of(None)
        if one.constant and two.constant:
            result = {"+": lambda: one.known + two.known, "-": lambda: one.known - two.known,
                      "*": lambda: one.known * two.known}[expr.op]()  # fmt: skip
            return Value.of(None if isinstance(result, float) and math.isnan(result) else result)
        whole = expr.type.kind == "int"
        left = one.on(self.words) if whole else self._as_float(one, expr.left)
        right = two.on(self.words) if whole else self._as_float(two, expr.right)
        made = left + right if expr.op == "+" else left - right if expr.op == "-" else left * right
        level = max(one.level, two.level)
        if whole:
            low, high = expr.bounds or (-_INT64, _INT64)
            return Value(made, level, low=low, high=high)
        if any(isinstance(each, ex.Arith) for side in (expr.left, expr.right) for each in ex.walk(side)):
            # Infinity minus infinity; facts themselves are finite.
            made = self.columns.stages.shared(("sum", id(expr)), made, level).made
            return Value(self.words.when(~made.is_nan()).then(made), level + 1)
        return Value(made, level)

    def _as_float(self, found: Value, expr: ex.Expr) -> Any:
        if found.constant:
            return self.words.lit(float(found.known))
        return found.made.cast(self.words.Float64) if expr.type.kind == "int" else found.made

    # Comparisons

    def _compare(self, op: ex.CompareOp, left: ex.Expr, right: ex.Expr) -> Value:
        one, two = self.value_of(left), self.value_of(right)
        if (one.constant and one.known is None) or (two.constant and two.known is None):
            return Value.of(None)
        if one.constant and two.constant:
            return Value.of(compare(op, one.known, two.known))
        if one.constant:
            return self._with_literal(_FLIPPED[op], right, two, one.known)
        if two.constant:
            return self._with_literal(op, left, one, two.known)
        level = max(one.level, two.level)
        kinds = {left.type.kind, right.type.kind}
        if kinds == {"int", "float"}:
            swap = left.type.kind == "float"
            whole, number = (two, one) if swap else (one, two)
            return Value(_mixed(_FLIPPED[op] if swap else op, whole, number, self.words), level)
        if kinds & {"enum", "text"}:
            return Value(
                ordered(op, one.on(self.words).cast(self.words.String), two.on(self.words).cast(self.words.String)),
                level,
            )
        return Value(ordered(op, one.on(self.words), two.on(self.words)), level)

    def _with_literal(self, op: str, expr: ex.Expr, found: Value, literal: Any) -> Value:
        bare = ex.peel(expr)
        if expr.type.kind == "enum" and isinstance(bare, ex.FactRef):
            return _negated(self.columns.member(bare.fact.name, literal), op == "!=")
        if expr.type.kind == "bool":
            same = found if literal else opposite(found)
            return opposite(same) if op == "!=" else same
        if expr.type.kind in _MIXED:
            exact = _exact(op, literal, whole=expr.type.kind == "int")
            if isinstance(exact, bool):
                return Value(_known(self.words, found.made, exact), found.level)
            op, literal = exact
        return Value(ordered(op, found.made, self.words.lit(literal)), found.level)

    def _in(self, item: ex.Expr, values: tuple[ex.Const, ...]) -> Value:
        found, bare = self.value_of(item), ex.peel(item)
        literals = [coded(each.value) for each in values]
        if found.constant:
            return Value.of(None if found.known is None else any(found.known == each for each in literals))
        if item.type.kind == "enum" and isinstance(bare, ex.FactRef):
            return self.joined([self.columns.member(bare.fact.name, each) for each in literals], by=True)
        if item.type.kind in _MIXED:
            exact = [_exact("==", each, whole=item.type.kind == "int") for each in literals]
            literals = [each[1] for each in exact if not isinstance(each, bool)]
        if item.type.kind == "bool":
            return self.joined([found if each else opposite(found) for each in literals], by=True)
        if not literals:
            return Value(_known(self.words, found.made, False), found.level)
        if len(literals) > _MANY and item.type.kind != "float":  # a table of floats may tell -0.0 from 0.0
            return Value(found.made.is_in(list(dict.fromkeys(literals))), found.level)
        return Value(
            balanced(or_, [found.made == self.words.lit(each) for each in dict.fromkeys(literals)]), found.level
        )

    def _contains(self, bare: ex.Expr, member: str) -> Value:
        assert isinstance(bare, ex.FactRef)
        return self.columns.has(bare.fact.name, member)

    def _starts(self, found: Value, prefix: str) -> Value:
        if found.constant:
            return Value.of(None if found.known is None else found.known.startswith(prefix))
        if not prefix:
            return Value(_known(self.words, found.made, True), found.level)
        return Value(found.made.cast(self.words.String).str.starts_with(prefix), found.level)


def opposite(found: Value) -> Value:
    """Not that."""
    if found.constant:
        return Value.of(None if found.known is None else not found.known)
    return Value(~found.made, found.level)


def _negated(found: Value, negated: bool) -> Value:
    return opposite(found) if negated else found


def _known(words: Words, expr: Any, truth: bool) -> Any:
    """A truth value wherever an expression is known."""
    return words.when(~expr.is_null()).then(words.lit(truth))


def ordered(op: str, one: Any, two: Any) -> Any:
    """A comparison of two expressions of one type."""
    match op:
        case "==":
            return one == two
        case "!=":
            return one != two
        case "<":
            return one < two
        case "<=":
            return one <= two
        case ">":
            return one > two
        case _:
            return one >= two


def _exact(op: str, literal: Any, *, whole: bool) -> tuple[str, Any] | bool:
    """A comparison with a number as one with a number of the other side's type; or what it always is.

    >>> _exact("<", 2.5, whole=True), _exact("==", 2.5, whole=True), _exact(">", 2**53 + 1, whole=False)
    (('<=', 2), False, ('>=', 9007199254740994.0))
    """
    if whole:
        return _exact_int(op, literal)
    if isinstance(literal, int):
        near = float(literal)
        if near == literal:
            return op, near
        if op in ("==", "!="):
            return op == "!="
        low = near if near < literal else math.nextafter(near, -math.inf)
        return ("<=", low) if op in ("<", "<=") else (">=", math.nextafter(low, math.inf))
    return op, literal


def _exact_int(op: str, literal: Any) -> tuple[str, Any] | bool:
    if isinstance(literal, float):
        if not -_INT64 <= literal < _INT64:
            return (op == "!=") if op in ("==", "!=") else ((literal > 0) == (op in ("<", "<=")))
        if not literal.is_integer():
            if op in ("==", "!="):
                return op == "!="
            return ("<=", math.floor(literal)) if op in ("<", "<=") else (">=", math.ceil(literal))
        literal = int(literal)
    return op, literal


def _mixed(op: str, whole: Value, number: Value, words: Words) -> Any:
    """An integer compared with a float, exactly: rounding an integer keeps the order but for what it makes equal."""
    rounded = whole.made.cast(words.Float64)
    if whole.low >= -_EXACT and whole.high <= _EXACT:
        return ordered(op, rounded, number.made)
    beyond = float(_INT64)  # no integer that is as large; a float that is cannot be made an integer
    within = words.when((number.made < beyond) & (number.made >= -beyond)).then(number.made).otherwise(words.lit(0.0))
    tie = words.when(number.made == beyond).then(words.lit(compare(op, 0, 1)))
    tie = tie.otherwise(ordered(op, whole.made, within.cast(words.Int64)))
    return words.when(rounded == number.made).then(tie).otherwise(ordered(op, rounded, number.made))
