"""DuckDB relations: everything is SQL, and nothing runs before the user asks for rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from dxrules.engines.frame import nw
from dxrules.engines.frame.backend import Added, Test, Wanted, flag
from dxrules.engines.frame.duckdb_words import SqlWords, literal, quoted
from dxrules.engines.frame.layout import Shape, Source

# What a column may be so that it is read where it stands: as what it is wanted for.
_AS_IT_IS = {"bool": "Boolean", "int": "Int64", "float": "Float64", "text": "String", "enum": "String"}


class Recorder:
    """Stands for a relation, and notes which columns are added to it, to add them to others with its columns."""

    def __init__(self) -> None:
        self._steps: list[dict[str, str]] = []

    def note(self, columns: Mapping[str, str]) -> Recorder:
        """Note some columns, beside those noted last if they need none of them: every projection is bound anew."""
        text = " ".join(columns.values())
        if not self._steps or any(quoted(name) in text for name in self._steps[-1]):
            self._steps.append({})
        self._steps[-1].update(columns)
        return self

    def replay(self, frame: Any) -> Any:
        """A relation with all the columns but those that are the engine's own."""
        for place, step in enumerate(self._steps):
            old, made = "*", step
            if place == len(self._steps) - 1:
                # By what is left out: a relation may have two columns of one name, of which a name means the first.
                own = [quoted(name) for before in self._steps[:-1] for name in before if name.startswith("__dx")]
                old = f"* EXCLUDE ({', '.join(own)})" if own else "*"
                made = {name: text for name, text in step.items() if not name.startswith("__dx")}
            frame = frame.project(", ".join([old, *(f"{text} AS {quoted(name)}" for name, text in made.items())]))
        return frame


class DuckDBBackend:
    """DuckDB relations; one for each that is decided."""

    raises = True
    folds = True

    def __init__(self) -> None:
        self.words = SqlWords()

    def shapes(self, frame: Any) -> Mapping[str, Shape]:
        """The relation's columns, with what they hold."""
        found = nw.shapes(frame)
        for name, dtype in zip(frame.columns, frame.types, strict=True):
            if str(dtype).strip('"') == "NULL":
                found[name] = Shape("null", "NULL")
            elif "JSON" in str(dtype):
                found[name] = _apart(found[name], dtype)
        return found

    def recorder(self, frame: Any) -> Recorder:  # noqa: ARG002
        """A stand-in for a relation."""
        return Recorder()

    def signature(self, frame: Any) -> Any:
        """What tells the columns of one relation from those of another."""
        return tuple(zip(frame.columns, map(str, frame.types), strict=True))

    def bare(self, frame: Any) -> Any:
        """The relation as it was replayed: without the columns that are the engine's own."""
        return frame

    def add(self, frame: Any, wanted: Sequence[Wanted]) -> Added:
        """The relation with the wanted columns added; a stand-in's are named where they are if they can be."""
        columns: dict[str, str] = {}
        flagged: set[str] = set()
        recorded = isinstance(frame, Recorder)
        for each in wanted:
            value, bad = _value(each)
            if recorded and not each.source.path and each.source.shape.words == _AS_IT_IS.get(each.kind):
                self.words.inline[each.name] = _raw(each.source)
                continue
            columns[each.name] = value
            if bad is not None:
                columns[flag(each.name)] = bad
                flagged.add(each.name)
        if not columns:
            return Added(frame)
        if recorded:
            return Added(frame.note(columns), frozenset(flagged))
        listed = [f"{text} AS {name}" for name, text in columns.items()]
        return Added(frame.project(", ".join(["*", *listed])), frozenset(flagged))

    def left_join(self, frame: Any, other: Any, key: str) -> Any:
        """The relation with the columns of another."""
        return frame.set_alias("dx_rows").join(other.set_alias("dx_holders"), quoted(key), how="left")

    def joined(self, frame: Recorder, columns: Mapping[str, Sequence[Test]], unless: str | None) -> Recorder:
        """The relation with columns of joined labels."""
        made = {name: joined_labels(tests) for name, tests in columns.items()}
        if unless is not None:
            made = {name: f"CASE WHEN {quoted(unless)} THEN NULL ELSE {text} END" for name, text in made.items()}
        return frame.note(made)


def joined_labels(tests: Sequence[Test]) -> str:
    """SQL for the labels of the tests that hold, with commas between them."""
    if not tests:
        return "''"
    cases = [
        f"CASE WHEN {quoted(column)}{'' if holds else ' IS NULL'} THEN {literal(label)} END"
        for label, column, holds in tests
    ]
    return f"concat_ws(',', {', '.join(cases)})"


def _apart(shape: Shape, dtype: Any) -> Shape:
    """A shape in which JSON is no text: comparing it with a text would parse the text."""
    if str(dtype) == "JSON":
        return Shape("other", "JSON")
    if dtype.id == "struct":
        return attrs.evolve(shape, fields={name: _apart(shape.fields[name], each) for name, each in dtype.children})
    if dtype.id in ("list", "array") and str(dtype.children[0][1]) == "JSON":
        return Shape("other", "List(JSON)")
    return shape


def _raw(source: Source) -> str:
    expr = quoted(source.column)
    for step in source.path:
        expr = f"struct_extract({expr}, {literal(step)})"
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


__all__ = ["DuckDBBackend", "Recorder"]
