"""Checked expressions: the small typed trees that every engine works on.

A tree is what was written, checked against a fact type: every name is resolved, every literal has the type of what it
stands beside. Nodes compare by meaning; `start` and `end` say where in its clause's text a node was written.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import attrs

from dxrules.schema import Fact, Type
from dxrules.source import Span
from dxrules.values import Plain

BOOL = Type("bool")
INT = Type("int")
FLOAT = Type("float")
TEXT = Type("text")
DATE = Type("date")
DATETIME = Type("datetime")

CompareOp = Literal["==", "!=", "<", "<=", ">", ">="]
ArithOp = Literal["+", "-", "*"]


@attrs.frozen
class Expr:
    """Any node. `type` is the type of its value."""

    start: int = attrs.field(default=0, eq=False, repr=False, kw_only=True)
    end: int = attrs.field(default=0, eq=False, repr=False, kw_only=True)

    @property
    def type(self) -> Type:
        """The type of the node's value; a truth value unless a node says otherwise."""
        return BOOL


@attrs.frozen
class FactRef(Expr):
    """A fact, by its description; `groups` are the groups around it, outermost first."""

    fact: Fact
    groups: tuple[Fact, ...] = ()

    @property
    def type(self) -> Type:
        return self.fact.type

    @property
    def personal(self) -> bool:
        """Whether it is personal data, itself or because a group around it is."""
        return any(each.note is not None and each.note.personal for each in (self.fact, *self.groups))


@attrs.frozen
class Const(Expr):
    """A literal."""

    value: Plain
    of: Type

    @property
    def type(self) -> Type:
        return self.of


@attrs.frozen
class ParamRef(Expr):
    """A parameter, read as the type of what it stands beside."""

    name: str
    of: Type

    @property
    def type(self) -> Type:
        return self.of


@attrs.frozen
class Clause(Expr):
    """One written line of a condition: `text` as written, `span` where."""

    body: Expr
    text: str
    span: Span | None = attrs.field(default=None, eq=False, repr=False)

    @property
    def type(self) -> Type:
        return self.body.type


@attrs.frozen
class DefRef(Expr):
    """A defined name and what it stands for."""

    name: str
    body: Expr

    @property
    def type(self) -> Type:
        return self.body.type


@attrs.frozen
class And(Expr):
    """True when every item is; false when one is."""

    items: tuple[Expr, ...]


@attrs.frozen
class Or(Expr):
    """True when one item is; false when every one is."""

    items: tuple[Expr, ...]


@attrs.frozen
class Not(Expr):
    """The opposite; unknown stays unknown."""

    item: Expr


@attrs.frozen
class Compare(Expr):
    """Two values of one type (or two numbers) compared; unknown when one is."""

    op: CompareOp
    left: Expr
    right: Expr


@attrs.frozen
class In(Expr):
    """A value among literals (or, negated, not among them)."""

    item: Expr
    values: tuple[Const, ...]
    negated: bool = False


@attrs.frozen
class Contains(Expr):
    """A member in a set-valued fact (or, negated, not in it)."""

    member: Const
    item: Expr
    negated: bool = False


@attrs.frozen
class StartsWith(Expr):
    """A text that starts with a literal."""

    item: Expr
    prefix: str


@attrs.frozen
class IsNone(Expr):
    """Whether something is unknown: always decided."""

    item: Expr
    negated: bool = False


@attrs.frozen
class IsBool(Expr):
    """Whether something is surely true, or surely false: always decided."""

    item: Expr
    value: bool
    negated: bool = False


@attrs.frozen
class Arith(Expr):
    """A sum, a difference, or a product with a literal. `bounds` holds the least and greatest value of an integer."""

    op: ArithOp
    left: Expr
    right: Expr
    bounds: tuple[int, int] | None = attrs.field(default=None, eq=False, repr=False)

    @property
    def type(self) -> Type:
        return INT if self.left.type.kind == self.right.type.kind == "int" else FLOAT


@attrs.frozen
class Neg(Expr):
    """A number with its sign changed."""

    item: Expr

    @property
    def type(self) -> Type:
        return self.item.type


@attrs.frozen
class Len(Expr):
    """How many members a set holds."""

    item: Expr

    @property
    def type(self) -> Type:
        return INT


@attrs.frozen
class DaysSince(Expr):
    """Whole days from a date to the date of the decision; negative for a date to come."""

    item: Expr

    @property
    def type(self) -> Type:
        return INT


def children(expr: Expr) -> tuple[Expr, ...]:
    """The nodes directly below a node, in written order."""
    match expr:
        case And(items=items) | Or(items=items):
            return items
        case Compare(left=left, right=right) | Arith(left=left, right=right):
            return (left, right)
        case Contains(member=member, item=item):
            return (member, item)
        case In(item=item, values=values):
            return (item, *values)
        case Clause(body=body) | DefRef(body=body):
            return (body,)
        case (
            Not(item=item)
            | StartsWith(item=item)
            | IsNone(item=item)
            | IsBool(item=item)
            | Neg(item=item)
            | Len(item=item)
            | DaysSince(item=item)
        ):
            return (item,)
        case _:
            return ()


def walk(expr: Expr) -> Iterator[Expr]:
    """A node and everything below it, in written order."""
    stack = [expr]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(children(node)))


def peel(expr: Expr) -> Expr:
    """What a node is once names and clause marks are taken off."""
    while isinstance(expr, (Clause, DefRef)):
        expr = expr.body
    return expr


def conjuncts(expr: Expr) -> Iterator[Expr]:
    """The parts that are all true when a condition is, without the names and clause marks around them."""
    expr = peel(expr)
    if isinstance(expr, And):
        for item in expr.items:
            yield from conjuncts(item)
    else:
        yield expr


def facts_of(expr: Expr) -> dict[str, FactRef]:
    """The facts that an expression reads, by name, in the order of their first appearance."""
    found: dict[str, FactRef] = {}
    for node in walk(expr):
        if isinstance(node, FactRef):
            found.setdefault(node.fact.name, node)
    return found
