"""How one field is read from outside: from data that have types, and from cells, where everything is text.

| a cell of type | reads |
|---|---|
| true or false | `true` or `false`, in any case |
| whole number | decimal digits, with a minus sign in front or none |
| number | the same, with a decimal point and digits after it or not |
| date | `2024-09-12` |
| date and time | `2024-09-12 08:30`; seconds may follow, and a `T` may stand for the space |
| enum | the text of the member, exactly |
| set | members with a vertical bar between them, `sim_card|personal_id`; a bar alone is the empty set |
| text | itself |

Blanks around a cell, and around the parts of a set, do not count.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import attrs

from dxrules.errors import FactError, Problem, shown
from dxrules.facts.checking import Check, check_of
from dxrules.schema import Fact, Type
from dxrules.values import constant

Read = Callable[[Any, Any], Any]  # as cattrs calls it, with a value and a type; FactError tells what is wrong

MOST = 20  # bad keys or elements in one place that are looked at closely
_INT = re.compile(r"-?[0-9]{1,400}")
_FLOAT = re.compile(r"-?[0-9]{1,400}(\.[0-9]{1,400})?")
_MEANT = {
    **dict.fromkeys(("1", "yes", "y", "t", "on", "是", "真"), "true"),
    **dict.fromkeys(("0", "no", "n", "f", "off", "否", "假"), "false"),
}
_MEANT_EMPTY = frozenset(("nan", "nat", "null", "none", "nil", "na", "n/a", "<na>", "-", "?", "unknown", "未知"))


def read_data(item: Fact) -> Read:
    """How a field is read from data that have types."""
    check = check_of(item)
    take = check.take
    match item.type.kind:
        case "set":
            return _set_reader(check)
        case "date" | "datetime":
            return _time_reader(check)
        case "float":

            def read_float(value: Any, _: Any) -> Any:
                taken = take(value)
                return float(taken) if taken is not None else None

            return read_float
        case _:
            return lambda value, _: take(value)


def _time_reader(check: Check) -> Read:
    item = check.item

    def read(value: Any, _: Any) -> Any:
        if not isinstance(value, str):
            return check.take(value)
        parsed = _time(item, value)
        if parsed is None:
            raise FactError("", [Problem(item.name, shown(value), _written(item))])
        return check.take(parsed)

    return read


def _set_reader(check: Check) -> Read:
    item = check.item
    element = Type("enum", item.type.members, item.type.python)
    take = check_of(attrs.evolve(item, type=element, optional=False)).take

    def read(value: Any, _: Any) -> Any:
        if value is None and item.optional:
            return None
        if not isinstance(value, (list, tuple, set, frozenset)):
            meant = isinstance(value, str) and value in check.texts
            hint = f"write it as a list: [{shown(value)}]" if meant else None
            raise FactError("", [Problem(item.name, shown(value), f"{item.type.words()}, as a list", hint)])
        taken: set[Any] = set()
        problems: list[Problem] = []
        for each in value if isinstance(value, (list, tuple)) else sorted(value, key=shown):
            try:
                member = take(each)
            except FactError as error:
                problems += error.problems
            else:
                if member in taken:
                    problems.append(Problem(item.name, f"{shown(each)} twice", "each member once"))
                taken.add(member)
            if len(problems) >= MOST:
                break
        if problems:
            raise FactError("", problems)
        return frozenset(taken)

    return read


def read_cell(item: Fact) -> Read:
    """How a field is read from text."""
    read = read_data(item)

    def read_text(value: Any, type_: Any) -> Any:
        if value is None and item.optional:
            return None
        if is_empty(value):
            hint = "it is required" if item.required else "leave the column out to take its default"
            raise FactError("", [Problem(item.name, "an empty cell", item.type.words(), hint)])
        if not isinstance(value, str):
            raise FactError("", [Problem(item.name, shown(value), "text, as every cell is")])
        return read(_value(item, value.strip()), type_)

    return read_text


def is_empty(cell: object) -> bool:
    """Whether a cell says nothing.

    >>> is_empty(" "), is_empty("0")
    (True, False)
    """
    return cell is None or (issubclass(type(cell), str) and not str(cell).strip())


def _value(item: Fact, text: str) -> object:
    """The value that a cell writes, as data that have types."""
    match item.type.kind:
        case "bool":
            value: object = {"true": True, "false": False}.get(text.casefold())
        case "int":
            value = int(text) if _INT.fullmatch(text) else None
        case "float":
            value = float(text) if _FLOAT.fullmatch(text) else None
        case "date" | "datetime":
            value = _time(item, text)
        case "set":
            return [] if text == "|" else [part.strip() for part in text.split("|")]
        case _:
            return text
    if value is None:
        hint = "leave the cell empty for what is not known" if text.casefold() in _MEANT_EMPTY else None
        if item.type.kind == "bool" and text.casefold() in _MEANT:
            hint = f"write `{_MEANT[text.casefold()]}`"
        raise FactError("", [Problem(item.name, shown(text), _written(item), hint)])
    return value


def _written(item: Fact) -> str:
    """How a value is written as text, for messages."""
    return {
        "bool": "`true` or `false`",
        "int": "a whole number in digits, such as `3520`",
        "float": "a number in digits, such as `35.2`",
        "date": "a date such as `2024-09-12`",
        "datetime": "a date and time such as `2024-09-12 08:30`",
    }[item.type.kind]


def _time(item: Fact, text: str) -> object:
    """The date, or date and time, that an ISO text writes, or None."""
    try:
        return constant(text, item.type)
    except ValueError:
        return None
