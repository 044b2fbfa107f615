"""DuckDB relations: everything is SQL, and nothing runs before the user asks for rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dxrules.engines.frame import nw
from dxrules.engines.frame.backend import Added, Wanted, flag
from dxrules.engines.frame.layout import Shape, Source


class DuckDBBackend:
    """DuckDB relations."""

    raises = True
    words = nw.WORDS

    def shapes(self, frame: Any) -> Mapping[str, Shape]:
        """The relation's columns, with what they hold."""
        found = nw.shapes(frame)
        for name, dtype in zip(frame.columns, frame.types, strict=True):
            if str(dtype).strip('"') == "NULL":
                found[name] = Shape("null", "NULL")
        return found

    def add(self, frame: Any, wanted: Sequence[Wanted]) -> Added:
        """The relation with the wanted columns added."""
        columns = ["*"]
        flagged: set[str] = set()
        for each in wanted:
            value, bad = _value(each)
            columns.append(f"{value} AS {each.name}")
            if bad is not None:
                columns.append(f"{bad} AS {flag(each.name)}")
                flagged.add(each.name)
        return Added(frame.project(", ".join(columns)), frozenset(flagged))

    def left_join(self, frame: Any, other: Any, key: str) -> Any:
        """The relation with the columns of another."""
        name = '"' + key.replace('"', '""') + '"'
        return frame.set_alias("dx_rows").join(other.set_alias("dx_holders"), name, how="left")

    def joined(self, frame: Any, name: str, tests: Sequence[tuple[str, str, bool]]) -> Any:
        """The relation with a column of joined labels."""
        return frame.project(f"*, {joined_labels(tests)} AS {name}")


def joined_labels(tests: Sequence[tuple[str, str, bool]]) -> str:
    """SQL for the labels of the tests that hold, with commas between them."""
    if not tests:
        return "''"
    cases = [
        f"CASE WHEN {column}{'' if holds else ' IS NULL'} THEN {text(label)} END" for label, column, holds in tests
    ]
    return f"concat_ws(',', {', '.join(cases)})"


def text(value: str) -> str:
    """A text as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"


def _raw(source: Source) -> str:
    expr = '"' + source.column.replace('"', '""') + '"'
    for step in source.path:
        expr = f"struct_extract({expr}, {text(step)})"
    return expr


def _value(wanted: Wanted) -> tuple[str, str | None]:
    raw, shape = _raw(wanted.source), wanted.source.shape
    match wanted.kind:
        case "present":
            return f"({raw} IS NOT NULL)", None
        case "int" if shape.bits < 64 or (shape.bits == 64 and shape.signed):
            return f"CAST({raw} AS BIGINT)", None
        case "int":
            value = f"TRY_CAST({raw} AS BIGINT)"
            return value, f"({value} IS NULL AND {raw} IS NOT NULL)"
        case "float":
            return f"CAST({raw} AS DOUBLE)", None
        case "text" | "enum":
            return f"CAST({raw} AS VARCHAR)", None
        case "date":
            # An infinite date has no number of days.
            value = f"CASE WHEN isfinite({raw}) THEN date_diff('day', DATE '1970-01-01', {raw}) END"
            return value, f"NOT isfinite({raw})"
        case "datetime":
            moment = raw if shape.unit == "us" else f"CAST({raw} AS TIMESTAMP)"
            value = f"CASE WHEN isfinite({moment}) THEN epoch_us({moment}) END"
            fine = f" OR epoch_ns({raw}) % 1000 <> 0" if shape.unit == "ns" else ""
            return value, f"(NOT isfinite({moment}){fine})"
        case "set" if shape.kind == "text":
            cell = f"trim({raw}, e' \\t\\r\\n')"
            parts = f"list_transform(string_split({cell}, '|'), lambda part: trim(part, e' \\t\\r\\n'))"
            return f"CASE {cell} WHEN '' THEN NULL WHEN '|' THEN CAST([] AS VARCHAR[]) ELSE {parts} END", None
        case "set":
            return f"CAST({raw} AS VARCHAR[])", None
        case _:
            return raw, None


BACKEND = DuckDBBackend()

__all__ = ["BACKEND", "DuckDBBackend"]
