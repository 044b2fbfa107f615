"""Facts as plain data."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

import attrs


def as_data(value: Any) -> Any:
    """A fact as plain data: enums as text, dates in ISO form, sets as sorted lists."""
    if attrs.has(type(value)):
        return {field.name: as_data(getattr(value, field.name)) for field in attrs.fields(type(value))}
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    if isinstance(value, (frozenset, set)):
        return sorted(map(as_data, value), key=str)
    if isinstance(value, (list, tuple)):
        return [as_data(each) for each in value]
    if isinstance(value, Mapping):
        return {str(key): as_data(each) for key, each in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)  # JSON has neither
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)
