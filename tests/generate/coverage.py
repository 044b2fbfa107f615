"""Which nodes of the language were evaluated, over which types, and to what."""

import contextlib
import sys
from collections.abc import Iterator
from itertools import product
from typing import Any
from unittest import mock

from dxrules import expression as ex
from dxrules import meaning
from dxrules.schema import Type

_TRUTHS = ("true", "false", "unknown")
_KNOWN = ("known", "unknown")
_ORDERED = ("int", "float", "int and float", "date", "datetime")
_EQUAL = (*_ORDERED, "bool", "text", "enum", "literal")
_SCALAR = ("bool", "int", "float", "text", "enum", "literal", "date", "datetime")

# Every node with every type that it takes and every kind of result.
REQUIRED = frozenset(
    [
        *product([ex.Compare], ("==", "!="), _EQUAL, _TRUTHS),
        *product([ex.Compare], ("<", "<=", ">", ">="), _ORDERED, _TRUTHS),
        *product([ex.In], ("in", "not in"), _SCALAR, _TRUTHS),
        *product([ex.Contains], ("in", "not in"), ("enum", "literal"), _TRUTHS),
        *product([ex.StartsWith], _TRUTHS),
        *product([ex.IsNone], ("is", "is not"), (*_SCALAR, "set", "group", "condition"), ("true", "false")),
        *product([ex.IsBool], ("is", "is not"), (True, False), ("true", "false")),
        *product([ex.And, ex.Or, ex.Not, ex.Clause], _TRUTHS),
        *product([ex.Arith], ("+", "-", "*"), ("int", "float"), _KNOWN),
        *product([ex.Neg], ("int", "float"), _KNOWN),
        *product([ex.Len], _KNOWN),
        *product([ex.DaysSince], ("past", "future", "unknown")),
        *product([ex.FactRef], (*_SCALAR, "set", "group"), _KNOWN),
        *product([ex.FactRef], ("in a group", "in a group of a group"), _KNOWN),
        *product([ex.ParamRef], ("bool", "int", "float", "text", "enum", "literal", "date", "datetime"), _KNOWN),
        *product([ex.DefRef], (*_SCALAR, "set"), _KNOWN),
        *product([ex.Const], ("bool", "int", "float", "text", "enum", "literal", "date", "datetime"), ("known",)),
    ]
)


def _kind(type_: Type) -> str:
    return "literal" if type_.kind == "enum" and type_.python is None else type_.kind


def _keys(expr: ex.Expr, result: Any) -> Iterator[tuple[Any, ...]]:
    node = type(expr)
    known = "unknown" if result is None else "known"
    truth = {True: "true", False: "false"}.get(result, "unknown") if isinstance(result, bool) else known
    match expr:
        case ex.Compare(op=op, left=left, right=right):
            one, two = _kind(left.type), _kind(right.type)
            yield node, op, one if one == two else "int and float", truth
        case ex.In(item=item, negated=negated):
            yield node, "not in" if negated else "in", _kind(item.type), truth
        case ex.Contains(item=item, negated=negated):
            of = "enum" if item.type.python is not None else "literal"
            yield node, "not in" if negated else "in", of, truth
        case ex.IsNone(item=item, negated=negated):
            kind = _kind(item.type) if isinstance(ex.peel(item), ex.FactRef) else "condition"
            yield node, "is not" if negated else "is", kind, truth
        case ex.IsBool(value=value, negated=negated):
            yield node, "is not" if negated else "is", value, truth
        case ex.And() | ex.Or() | ex.Not() | ex.StartsWith():
            yield node, truth
        case ex.Clause():
            yield node, truth if expr.type.kind == "bool" else known
        case ex.Arith(op=op):
            yield node, op, expr.type.kind, known
        case ex.DaysSince():
            yield (
                node,
                "unknown" if result is None else "past" if result > 0 else "future" if result < 0 else "today",
            )
        case ex.Len():
            yield node, known
        case ex.FactRef(groups=groups):
            yield node, _kind(expr.type), known
            yield node, ("flat", "in a group", "in a group of a group")[len(groups)], known
        case _:
            yield node, _kind(expr.type), known


@contextlib.contextmanager
def observed() -> Iterator[set[tuple[Any, ...]]]:
    """While it is open, whatever `reference` evaluates is entered in the set."""
    seen: set[tuple[Any, ...]] = set()
    original = meaning.value

    def spy(expr: ex.Expr, facts: meaning.Facts) -> Any:
        result = original(expr, facts)
        seen.update(_keys(expr, result))
        return result

    with contextlib.ExitStack() as stack:
        for name, module in list(sys.modules.items()):
            if name.startswith("dxrules.") and vars(module).get("value") is original:
                stack.enter_context(mock.patch.object(module, "value", spy))
        yield seen


def all_nodes() -> set[type]:
    """Every class of node."""
    return {each for each in vars(ex).values() if isinstance(each, type) and issubclass(each, ex.Expr)} - {ex.Expr}


__all__ = ["REQUIRED", "all_nodes", "observed"]
