"""PySpark frames: everything is an expression of Spark SQL, and no Python runs on a worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dxrules.engines.frame import nw
from dxrules.engines.frame.backend import Added, Test, Wanted
from dxrules.engines.frame.layout import Shape, Source


class SparkBackend:
    """PySpark frames, of a session of one's own or of Spark Connect."""

    raises = True
    folds = True
    words = nw.WORDS

    def shapes(self, frame: Any) -> Mapping[str, Shape]:
        """The frame's columns, with what they hold; an instant is read in the time zone of the session."""
        return {field.name: _shape(field.dataType, nw.shapes(frame)[field.name]) for field in frame.schema}

    def add(self, frame: Any, wanted: Sequence[Wanted]) -> Added:
        """The frame with the wanted columns added."""
        return Added(frame.selectExpr("*", *[f"{_value(each)} AS {each.name}" for each in wanted]))

    def left_join(self, frame: Any, other: Any, key: str) -> Any:
        """The frame with the columns of another."""
        columns = [*frame.columns, *(name for name in other.columns if name != key)]
        return frame.join(other, on=key, how="left").select(*["`" + name.replace("`", "``") + "`" for name in columns])

    def joined(self, frame: Any, columns: Mapping[str, Sequence[Test]], unless: str | None) -> Any:
        """The frame with columns of joined labels."""
        return frame.selectExpr("*", *[f"{_joined(tests, unless)} AS {name}" for name, tests in columns.items()])


def _joined(tests: Sequence[Test], unless: str | None) -> str:
    cases = [
        f"CASE WHEN {column}{'' if holds else ' IS NULL'} THEN {_text(label)} END" for label, column, holds in tests
    ]
    text = f"concat_ws({', '.join([_text(','), *cases])})"
    return text if unless is None else f"CASE WHEN {unless} THEN NULL ELSE {text} END"


def _shape(dtype: Any, seen: Shape) -> Shape:
    name = type(dtype).__name__
    if name == "NullType":
        return Shape("null", "void")
    if name in ("TimestampType", "TimestampNTZType"):
        return Shape("datetime", dtype.simpleString())
    if name == "ArrayType" and type(dtype.elementType).__name__ == "NullType":
        return Shape("list", dtype.simpleString())
    if name == "StructType":
        return Shape("struct", "struct", {each.name: _shape(each.dataType, seen.fields[each.name]) for each in dtype})
    return seen


def _text(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _raw(source: Source) -> str:
    return ".".join("`" + step.replace("`", "``") + "`" for step in (source.column, *source.path))


def _value(wanted: Wanted) -> str:
    raw, shape = _raw(wanted.source), wanted.source.shape
    match wanted.kind:
        case "present":
            return f"({raw} IS NOT NULL)"
        case "int":
            return f"CAST({raw} AS BIGINT)"
        case "float":
            return f"CAST({raw} AS DOUBLE)"
        case "text" | "enum":
            return f"CAST({raw} AS STRING)"
        case "date":
            return f"CAST(unix_date({raw}) AS BIGINT)"
        case "datetime":
            moment = f"CAST({raw} AS TIMESTAMP_NTZ)"
            return f"timestampdiff(MICROSECOND, TIMESTAMP_NTZ'1970-01-01 00:00:00', {moment})"
        case "set" if shape.kind == "text":
            cell = f"trim(BOTH ' \\t\\r\\n' FROM {raw})"
            parts = f"transform(split({cell}, '[|]', -1), part -> trim(BOTH ' \\t\\r\\n' FROM part))"
            return f"CASE {cell} WHEN '' THEN NULL WHEN '|' THEN CAST(array() AS ARRAY<STRING>) ELSE {parts} END"
        case "set":
            return f"CAST({raw} AS ARRAY<STRING>)"
        case _:
            return raw


BACKEND = SparkBackend()

__all__ = ["BACKEND", "SparkBackend"]
