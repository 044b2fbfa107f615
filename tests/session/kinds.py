"""Fact types for random pattern rules: things, their holders, and two kinds of events."""

import datetime as dt
from typing import Literal

import attrs

Colour = Literal["red", "green", "blue"]
START = dt.datetime(2026, 1, 3, 6)
STEP = dt.timedelta(hours=6)


@attrs.frozen(kw_only=True)
class Thing:
    thing_id: str
    holder_id: str | None = None
    colour: Colour | None = None
    n: int | None = None
    flag: bool | None = None
    since: dt.date | None = None


@attrs.frozen(kw_only=True)
class Holder:
    holder_id: str
    n: int | None = None


@attrs.frozen(kw_only=True)
class Event:
    event_id: str
    at: dt.datetime
    colour: Colour | None = None
    thing_id: str | None = None
    holder_id: str | None = None
    n: int | None = None
    x: float | None = None
    due: dt.datetime | None = None


@attrs.frozen(kw_only=True)
class Ping:
    ping_id: str
    at: dt.datetime
    thing_id: str | None = None
    flag: bool | None = None


TYPES = (Thing, Holder, Event, Ping)
EVENTS = (Event, Ping)

# What a field may be compared with for equality, by type.
JOINABLE = {
    "text": {"Thing": ("thing_id", "holder_id"), "Holder": ("holder_id",), "Event": ("thing_id", "holder_id"),
             "Ping": ("thing_id",)},
    "number": {"Thing": ("n",), "Holder": ("n",), "Event": ("n", "x"), "Ping": ()},
    "colour": {"Thing": ("colour",), "Holder": (), "Event": ("colour",), "Ping": ()},
    "flag": {"Thing": ("flag",), "Holder": (), "Event": (), "Ping": ("flag",)},
}  # fmt: skip
