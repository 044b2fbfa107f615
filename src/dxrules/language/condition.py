"""From the text of a condition to a checked expression.

Python's `ast` reads it, an allow-list takes what is ours, and every name and literal is checked against the fact type.
Nothing is ever executed. Checking goes on after a mistake: what is broken becomes None and stays silent further up.
"""

# mypy: disable-error-code="func-returns-value"
# `return self.flaw(...)` reports, and gives None: what a broken part becomes.

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from typing import cast

import attrs

from dxrules import expression as ex
from dxrules.language.bounds import MAX_RESULT, bounds, combine
from dxrules.language.judgements import (
    NUMBERS,
    alike,
    literal_type,
    mismatch,
    not_a_condition,
    parameter_type,
    quotes_help,
    words,
)
from dxrules.language.parsing import columns, dotted, parse, symbol, too_deep
from dxrules.language.scan import MAX_DEPTH, Flaw, cut, scan
from dxrules.language.scope import CONSTANTS, Scope, unknown_name
from dxrules.schema import Type
from dxrules.suggest import did_you_mean
from dxrules.values import constant, groups_of

_FUNCTIONS = ("len", "days_since")


def check(text: str, scope: Scope, report: Callable[[Flaw], None]) -> ex.Expr | None:
    """Read and check a condition or a definition.

    Args:
        text: as written; the offsets of flaws and nodes count from its start, in characters.
        scope: what names mean.
        report: takes every flaw that is found.

    Returns:
        The tree, or None when something in it is broken.
    """
    tokens, flaws = scan(text)
    for flaw in flaws:
        report(flaw)
    if flaws:
        return None
    tree = parse(text, tokens, report)
    if tree is None:
        return None
    return _Checker(text, scope, report, columns(text)).value(tree)


def check_condition(text: str, scope: Scope, report: Callable[[Flaw], None]) -> ex.Expr | None:
    """Like `check`, and the whole must be true or false."""
    found = check(text, scope, report)
    if found is not None and found.type.kind != "bool":
        report(not_a_condition(found, cut(text[found.start : found.end])))
        return None
    return found


@attrs.frozen
class _Checker:
    text: str
    scope: Scope
    report: Callable[[Flaw], None]
    column: Callable[[int], int]

    # Every method takes a node of Python's tree and gives a checked one, or None after a report.

    def value(self, node: ast.expr, depth: int = 0) -> ex.Expr | None:
        """Any expression."""
        if depth > MAX_DEPTH:
            self.report(too_deep(0, len(self.text)))  # both sides of a sum say so, which counts as once
            return None
        match node:
            case ast.BoolOp():
                return self._bool_op(node, depth)
            case ast.UnaryOp():
                return self._unary(node, depth)
            case ast.Compare():
                return self._compare(node, depth)
            case ast.BinOp():
                return self._arith(node, depth)
            case ast.Name() | ast.Attribute():
                return self._name(node)
            case ast.Constant():
                return self._literal(node)
            case ast.Call():
                return self._call(node, depth)
            case ast.Tuple():
                return self.flaw(node, "condition/tuple", "a list of values stands only behind `in`",
                                 "compare with one value, or write `in`")  # fmt: skip
            case _:
                return self.flaw(node, "condition/not-allowed", "this is not part of conditions")

    def place(self, node: ast.expr) -> tuple[int, int]:
        """Where a node stands in the text."""
        return self.column(node.col_offset), self.column(node.end_col_offset or node.col_offset + 1)

    def written(self, node: ast.expr) -> str:
        """What was written for a node, on one line."""
        start, end = self.place(node)
        return cut(self.text[start:end])

    def flaw(self, node: ast.expr, code: str, message: str, help: str | None = None) -> None:
        """Report a flaw at a node."""
        self.report(Flaw(*self.place(node), code, message, help))

    def _condition(self, node: ast.expr, depth: int) -> ex.Expr | None:
        found = self.value(node, depth)
        if found is None or found.type.kind == "bool":
            return found
        self.report(not_a_condition(found, self.written(node)))
        return None

    def _bool_op(self, node: ast.BoolOp, depth: int) -> ex.Expr | None:
        items = [self._condition(each, depth + 1) for each in node.values]
        if any(item is None for item in items):
            return None
        start, end = self.place(node)
        kind = ex.And if isinstance(node.op, ast.And) else ex.Or
        return kind(tuple(cast("list[ex.Expr]", items)), start=start, end=end)

    def _unary(self, node: ast.UnaryOp, depth: int) -> ex.Expr | None:
        start, end = self.place(node)
        if isinstance(node.op, ast.Not):
            item = self._condition(node.operand, depth + 1)
            return None if item is None else ex.Not(item, start=start, end=end)
        item = self._number(node.operand, depth + 1)
        if item is None or isinstance(node.op, ast.UAdd):
            return item
        core = ex.peel(item)
        if isinstance(core, ex.Const):
            return ex.Const(-cast("int", core.value), core.of, start=start, end=end)
        return ex.Neg(item, start=start, end=end)

    # Comparisons

    def _compare(self, node: ast.Compare, depth: int) -> ex.Expr | None:
        operands = [node.left, *node.comparators]
        if len(node.ops) == 1:
            return self._single(node, node.left, node.ops[0], node.comparators[0], depth)
        odd = next((op for op in node.ops if isinstance(op, (ast.In, ast.NotIn, ast.Is, ast.IsNot))), None)
        if odd is not None:
            return self.flaw(node, "condition/chain", f"`{symbol(odd)}` cannot stand in a chain of comparisons",
                             "write two comparisons and join them with `and`")  # fmt: skip
        values = self._operands(operands, node.ops, depth)
        links = [
            self._order(
                op,
                operands[index],
                operands[index + 1],
                values[index],
                values[index + 1],
                (self.place(operands[index])[0], self.place(operands[index + 1])[1]),
            )
            for index, op in enumerate(node.ops)
        ]
        if any(link is None for link in links):
            return None
        start, end = self.place(node)
        return ex.And(tuple(cast("list[ex.Expr]", links)), start=start, end=end)

    def _operands(self, nodes: list[ast.expr], ops: list[ast.cmpop], depth: int) -> list[ex.Expr | None]:
        """The sides of comparisons. Each is looked at once, or chains within chains would take forever."""
        values: list[ex.Expr | None] = []
        for index, node in enumerate(nodes):
            if isinstance(node, ast.Constant) and node.value is None:
                sign = symbol(ops[max(0, index - 1)])
                other = self.written(nodes[index - 1 if index else 1])
                test = "is not None" if sign == "!=" else "is None"
                self.flaw(node, "condition/none", f"nothing compares with None by `{sign}`", f"write `{other} {test}`")
                values.append(None)
            else:
                values.append(self.value(node, depth + 1))
        return values

    def _single(self, node: ast.Compare, left: ast.expr, op: ast.cmpop, right: ast.expr, depth: int) -> ex.Expr | None:
        if isinstance(op, (ast.Is, ast.IsNot)):
            return self._is(node, left, right, isinstance(op, ast.IsNot), depth)
        if isinstance(op, (ast.In, ast.NotIn)):
            return self._in(node, left, right, isinstance(op, ast.NotIn), depth)
        one, two = self._operands([left, right], [op], depth)
        return self._order(op, left, right, one, two, self.place(node))

    def _order(
        self,
        op: ast.cmpop,
        left: ast.expr,
        right: ast.expr,
        one: ex.Expr | None,
        two: ex.Expr | None,
        place: tuple[int, int],
    ) -> ex.Expr | None:
        """One comparison, its sides looked at already."""
        sign = symbol(op)
        if one is None or two is None:
            return None
        types = one.type, two.type
        one, two = self._beside(one, types[1]), self._beside(two, types[0])
        if one is None or two is None:
            return None
        start, end = place
        mistake = mismatch(one.type, two.type, sign, self.written(left), self.written(right))
        if mistake is not None:
            self.report(Flaw(start, end, *mistake))
            return None
        return ex.Compare(cast("ex.CompareOp", sign), one, two, start=start, end=end)

    def _beside(self, item: ex.Expr, type_: Type) -> ex.Expr | None:
        """A text literal or parameter, read as the enum member or date that it stands beside."""
        core = ex.peel(item)
        if core.type.kind != "text" or type_.kind not in ("enum", "date", "datetime"):
            return item
        if not isinstance(core, (ex.Const, ex.ParamRef)):
            return item
        written = [core.value] if isinstance(core, ex.Const) else self.scope.parameters[core.name]
        for value in written:
            try:
                read = constant(value, type_)
            except ValueError as bad:
                what = f"`{cut(str(value))}`"
                if isinstance(core, ex.ParamRef):
                    what += f", a value of `{core.name}`,"
                code, instead = ("type/member", "not one of the known values")
                if type_.kind != "enum":
                    code, instead = ("type/date", f"not {words(type_)}")
                self.report(Flaw(item.start, item.end, code, f"{what} is {instead}", str(bad) or None))
                return None
        if isinstance(core, ex.ParamRef):
            return ex.ParamRef(core.name, type_, start=item.start, end=item.end)
        return ex.Const(read, type_, start=item.start, end=item.end)

    def _is(self, node: ast.Compare, left: ast.expr, right: ast.expr, negated: bool, depth: int) -> ex.Expr | None:
        word = "is not" if negated else "is"
        if not isinstance(right, ast.Constant) or not (right.value is None or isinstance(right.value, bool)):
            constant_ = CONSTANTS.get(right.id.lower()) if isinstance(right, ast.Name) else None
            help_text = f"write `{self.written(left)} {'!=' if negated else '=='} {self.written(right)}`"
            if constant_ is not None:
                help_text = f"write `{self.written(left)} {word} {constant_}`"
            self.flaw(node, "condition/is", f"`{word}` tests only for None, True and False", help_text)
            self.value(left, depth + 1)
            return None
        item = self.value(left, depth + 1)
        if item is None:
            return None
        start, end = self.place(node)
        kind = item.type.kind
        if right.value is None:
            if kind != "bool" and not isinstance(ex.peel(item), ex.FactRef):
                return self.flaw(left, "type/is-none", f"`{word} None` takes a fact, a group or a condition",
                                 "test the facts that it is made of")  # fmt: skip
            return ex.IsNone(item, negated, start=start, end=end)
        if kind != "bool":
            message = f"`{word} {right.value}` takes a condition; `{self.written(left)}` is {words(item.type)}"
            return self.flaw(left, "type/is-bool", message, "compare it, as in `... == ...`, or test `is None`")
        return ex.IsBool(item, right.value, negated, start=start, end=end)

    def _in(self, node: ast.Compare, left: ast.expr, right: ast.expr, negated: bool, depth: int) -> ex.Expr | None:
        item = self.value(left, depth + 1)
        if not isinstance(right, ast.Tuple):
            return self._contains(node, left, item, right, negated, depth)
        if not right.elts:
            return self.flaw(right, "condition/tuple", "the list of values is empty", "name at least one value")
        values = [self._member(each, item, depth + 1) for each in right.elts]
        if item is None or any(value is None for value in values):
            return None
        if not isinstance(ex.peel(item), ex.FactRef) or item.type.kind in ("group", "set"):
            return self.flaw(left, "type/in", "a fact stands before `in` and a list of values",
                             "compare with `==`, joined by `or`")  # fmt: skip
        start, end = self.place(node)
        return ex.In(item, tuple(cast("list[ex.Const]", values)), negated, start=start, end=end)

    def _member(self, node: ast.expr, item: ex.Expr | None, depth: int) -> ex.Const | None:
        if isinstance(node, ast.Constant) and node.value is None:
            return self.flaw(node, "condition/none", "None cannot stand in a list of values",
                             "test `is None` beside it, joined by `or`")  # fmt: skip
        found = self.value(node, depth)
        if found is None:
            return None
        if not isinstance(found, ex.Const):
            return self.flaw(node, "condition/tuple", f"`{self.written(node)}` is not a literal",
                             "a list of values holds texts and numbers; join other tests with `or`")  # fmt: skip
        if item is None:
            return found
        read = self._beside(found, item.type)
        if read is None:
            return None
        if not alike(read.type, item.type):
            written = self.written(node)
            message = f"`{written}` is {words(found.type)}; beside it stands {words(item.type)}"
            return self.flaw(node, "type/mismatch", message, quotes_help(found.type, item.type, written, ""))
        return cast("ex.Const", read)

    def _contains(
        self, node: ast.Compare, left: ast.expr, item: ex.Expr | None, right: ast.expr, negated: bool, depth: int
    ) -> ex.Expr | None:
        written = self.written(right)
        equal = f"{self.written(left)} {'!=' if negated else '=='} {written}"
        if isinstance(right, ast.Constant) and right.value is None:
            help_text = f"write `{self.written(left)} is {'not ' if negated else ''}None`"
            return self.flaw(right, "condition/none", "None is not a list of values", help_text)
        if isinstance(right, ast.Constant):
            help_text = f"write `{equal}`, or `({written},)` with a comma"
            return self.flaw(right, "condition/tuple", "one value is not a list of values", help_text)
        held = self.value(right, depth + 1)
        if held is None or item is None:
            return None
        if held.type.kind != "set" or not isinstance(ex.peel(held), ex.FactRef):
            message = f"`in` takes a list of values or a set; `{written}` is {words(held.type)}"
            return self.flaw(right, "type/in", message, f"write `{equal}`")
        core = ex.peel(item)
        if not isinstance(core, ex.Const) or core.type.kind != "text":
            return self.flaw(left, "type/in", "a text literal stands before `in` and a set",
                             f'write `"..." in {written}`')  # fmt: skip
        member = self._beside(item, Type("enum", held.type.members, held.type.python))
        if member is None:
            return None
        start, end = self.place(node)
        return ex.Contains(cast("ex.Const", member), held, negated, start=start, end=end)

    # Numbers

    def _number(self, node: ast.expr, depth: int) -> ex.Expr | None:
        found = self.value(node, depth)
        if found is None or found.type.kind in NUMBERS:
            return found
        message = f"`{self.written(node)}` is {words(found.type)}; only numbers can be calculated with"
        help_text = "use `days_since(...)` for the days since a date" if found.type.kind == "date" else None
        if self.text[: self.place(node)[0]] == "-":
            help_text = "an item of a list begins with `- `: put a space behind the dash"
        return self.flaw(node, "type/number", message, help_text)

    def _arith(self, node: ast.BinOp, depth: int) -> ex.Expr | None:
        operator = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}.get(type(node.op))
        if operator is None:
            return self.flaw(node, "condition/not-allowed", "only `+`, `-` and `*` by a literal can be calculated",
                             "calculate it before, as a fact or a parameter")  # fmt: skip
        left, right = self._number(node.left, depth + 1), self._number(node.right, depth + 1)
        if left is None or right is None:
            return None
        start, end = self.place(node)
        if operator == "*" and not any(isinstance(ex.peel(each), ex.Const) for each in (left, right)):
            return self.flaw(node, "type/product", "`*` takes a literal on one side",
                             "two facts or parameters cannot be multiplied")  # fmt: skip
        found = ex.Arith(cast("ex.ArithOp", operator), left, right, start=start, end=end)
        if found.type.kind == "float":
            return found
        low, high = combine(operator, *(bounds(each, self.scope.parameters) for each in (left, right)))
        if low < -MAX_RESULT or high > MAX_RESULT:
            return self.flaw(node, "type/overflow", "this could pass ±(2^63 - 1)",
                             "use smaller numbers, or compare the parts")  # fmt: skip
        return attrs.evolve(found, bounds=(low, high))

    # Names, literals, calls

    def _literal(self, node: ast.Constant) -> ex.Expr | None:
        start, end = self.place(node)
        value = node.value
        if value is None:
            return self.flaw(node, "condition/none", "None stands only behind `is` and `is not`",
                             "test a fact with `... is None`")  # fmt: skip
        if not isinstance(value, (bool, int, float, str)):
            return self.flaw(node, "condition/not-allowed", "this is not part of conditions")
        if isinstance(value, float) and not math.isfinite(value):
            return self.flaw(node, "type/overflow", "this number is too large")
        if isinstance(value, int) and abs(value) > MAX_RESULT:
            return self.flaw(node, "type/overflow", "this number passes ±(2^63 - 1)")
        return ex.Const(value, literal_type(value), start=start, end=end)

    def _name(self, node: ast.Name | ast.Attribute) -> ex.Expr | None:
        name = dotted(node)
        if name is None:
            return self.flaw(node, "condition/not-allowed", "this is not part of conditions")
        if name.count(".") > MAX_DEPTH:  # some versions of the parser refuse it, and some do not
            self.report(too_deep(0, len(self.text)))
            return None
        start, end = self.place(node)
        scope = self.scope
        fact = scope.fact_type.facts.get(name)
        if fact is not None:
            if fact.type.kind == "unreadable":
                message = f"`{name}` cannot be used: {fact.type.reason}"
                return self.flaw(node, "type/unreadable", message)
            return ex.FactRef(fact, groups_of(scope.fact_type, fact), start=start, end=end)
        if name in scope.parameters:
            if not scope.parameters[name]:
                return None  # its value is broken, which was reported there
            return ex.ParamRef(name, parameter_type(scope.parameters[name]), start=start, end=end)
        if name in scope.definition_names:
            body = scope.definition(name)
            return None if body is None else ex.DefRef(name, body, start=start, end=end)
        if scope.unreadable(name):
            return None
        return self.flaw(node, "name/unknown", *unknown_name(name, self.scope))

    def _call(self, node: ast.Call, depth: int) -> ex.Expr | None:
        if isinstance(node.func, ast.Attribute) and node.func.attr == "startswith":
            return self._startswith(node, node.func, depth)
        name = node.func.id if isinstance(node.func, ast.Name) else None
        if name not in _FUNCTIONS:
            written = self.written(node.func)
            help_text = did_you_mean(written, _FUNCTIONS)
            if help_text is None or not help_text.startswith("did"):
                help_text = 'there are `len(a set)`, `days_since(a date)` and `text.startswith("...")`'
            return self.flaw(node.func, "name/function", f"`{written}` is not a function of conditions", help_text)
        if len(node.args) != 1 or node.keywords or isinstance(node.args[0], ast.Starred):
            example = "a_set" if name == "len" else "a_date"
            return self.flaw(node, "condition/arguments", f"`{name}` takes one fact", f"write `{name}({example})`")
        item = self.value(node.args[0], depth + 1)
        if item is None:
            return None
        kind = "set" if name == "len" else "date"
        if item.type.kind != kind or not isinstance(ex.peel(item), ex.FactRef):
            written = self.written(node.args[0])
            message = f"`{name}` takes {_A[kind]} fact; `{written}` is {words(item.type)}"
            return self.flaw(node.args[0], "type/argument", message)
        start, end = self.place(node)
        return (ex.Len if name == "len" else ex.DaysSince)(item, start=start, end=end)

    def _startswith(self, node: ast.Call, func: ast.Attribute, depth: int) -> ex.Expr | None:
        item = self.value(func.value, depth + 1)
        prefix = node.args[0] if len(node.args) == 1 and not node.keywords else None
        if not isinstance(prefix, ast.Constant) or not isinstance(prefix.value, str):
            return self.flaw(node, "condition/arguments", "`startswith` takes one text literal",
                             'write `a_text.startswith("...")`')  # fmt: skip
        if item is None:
            return None
        if item.type.kind != "text" or not isinstance(ex.peel(item), ex.FactRef):
            message = f"`startswith` belongs to a text fact; `{self.written(func.value)}` is {words(item.type)}"
            help_text = 'list the values: `in ("a", "b")`' if item.type.kind == "enum" else None
            return self.flaw(func.value, "type/argument", message, help_text)
        start, end = self.place(node)
        return ex.StartsWith(item, prefix.value, start=start, end=end)


_A = {"set": "a set", "date": "a date"}
