"""Which values go together: the types of literals, what may be compared, and the words for what may not."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from dxrules import expression as ex
from dxrules.language.scan import Flaw
from dxrules.schema import Type
from dxrules.values import Plain

NUMBERS = ("int", "float")
_UNQUOTED = re.compile(r"""['"](?:-?[0-9.]+|[Tt]rue|[Ff]alse)['"]""")  # what was hardly meant as a text


def literal_type(value: Plain) -> Type:
    """The type of a literal or of a parameter's value."""
    match value:
        case bool():
            return ex.BOOL
        case int():
            return ex.INT
        case float():
            return ex.FLOAT
        case dt.datetime():
            return ex.DATETIME
        case dt.date():
            return ex.DATE
        case _:
            return ex.TEXT


def not_a_condition(found: ex.Expr, written: str) -> Flaw:
    """What is wrong with a value that stands where a condition is due."""
    kind = found.type.kind
    place = (found.start, found.end)
    if kind == "group":
        return Flaw(*place, "type/not-a-condition", f"`{written}` is a group of facts, not a condition",
                    f"write `{written} is not None`, or name one of its facts")  # fmt: skip
    if kind == "set":
        help_text = f"write `len({written}) > 0`, or `... in {written}`"
    elif kind == "text" and isinstance(found, ex.Const):
        help_text = f"write the whole comparison: `... == {written}`"
    else:
        help_text = f"compare it, as in `{written} {'> 0' if kind in NUMBERS else '== ...'}`"
    return Flaw(*place, "type/not-a-condition", f"`{written}` is {words(found.type)}, not a condition", help_text)


def parameter_type(values: Iterable[Plain]) -> Type:
    """The type of a parameter that takes these values."""
    kinds = {literal_type(value) for value in values}
    return kinds.pop() if len(kinds) == 1 else ex.FLOAT


def alike(one: Type, two: Type) -> bool:
    """Whether values of two types can be equal."""
    if one.kind == "enum" == two.kind:
        return sorted(one.members) == sorted(two.members) and one.python == two.python
    return one.kind == two.kind or (one.kind in NUMBERS and two.kind in NUMBERS)


def mismatch(one: Type, two: Type, symbol: str, left: str, right: str) -> tuple[str, str, str | None] | None:
    """What is wrong with a comparison, if anything: a code, a message and a help."""
    for type_, written in ((one, left), (two, right)):
        if type_.kind == "group":
            return "type/group", f"`{written}` is a group of facts", f"write `{written} is None`, or name a fact of it"
        if type_.kind == "set":
            return "type/set", f"`{written}` is a set", f'write `"..." in {written}`, or `len({written})`'
    if not alike(one, two):
        help_text = quotes_help(one, two, left, right)
        if {one.kind, two.kind} == {"enum", "text"}:
            help_text = "only a literal can be compared with one of known values"
        message = f"`{left}` is {words(one)}, `{right}` is {words(two)}: they cannot be compared"
        return "type/mismatch", message, help_text
    if symbol not in ("==", "!=") and one.kind not in (*NUMBERS, "date", "datetime"):
        help_text = 'list the values: `in ("a", "b")`' if one.kind == "enum" else "only numbers and dates have an order"
        return "type/order", f"`{symbol}` does not order {plural(one)}", help_text
    return None


def quotes_help(one: Type, two: Type, left: str, right: str) -> str | None:
    """The help for a number or truth value that was put in quotes."""
    kinds = {one.kind, two.kind}
    if "text" in kinds and kinds & {"int", "float", "bool"} and (_UNQUOTED.match(left) or _UNQUOTED.match(right)):
        return "quotes are for texts only: take them off"
    return None


def words(type_: Type) -> str:
    """The type as messages name it; the members of a long one are left out."""
    if type_.kind in ("enum", "set") and len(type_.members) > 4:
        return f"{'one' if type_.kind == 'enum' else 'a set'} of {len(type_.members)} known values"
    return type_.words()


def plural(type_: Type) -> str:
    """Values of a type, as messages name them."""
    return {"text": "texts", "bool": "conditions", "enum": "known values"}.get(type_.kind, words(type_))
