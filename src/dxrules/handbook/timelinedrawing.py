"""The order of a pattern rule's events as a small picture: events on a line, and below it what must not be there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import attrs

from dxrules.handbook.drawing import cut, text_width
from dxrules.handbook.markup import Markup, element
from dxrules.handbook.patternwords import PatternSpeaker, length_text
from dxrules.handbook.timeline import Stretch, Timeline
from dxrules.layout import columns, wrap
from dxrules.pattern import Match

_STEP = 98  # from one event to the next: two and the outcome fit on a telephone
_FIRST = 49  # where the first stands
_LINE = 15  # from one line of text to the next
_COLUMNS, _MOST_LINES = 14, 4  # of the text above an event
_NARROW = 290  # a telephone's width
_RADIUS = 10


@attrs.frozen(eq=False)
class _Row:
    """What is there, or must not be, from one place of the line to another; `top` is where what is above it ends."""

    match: Match
    style: str
    start: float
    end: float
    top: float
    text: str

    @property
    def text_at(self) -> float:
        return self.start + _RADIUS + 6

    @property
    def lines(self) -> list[str]:
        """The text, as wide as the row, or as a telephone where that is wider."""
        wide = max(self.end, _NARROW) - self.text_at
        return _balanced(self.text, int(wide / 6.6))

    @property
    def right(self) -> float:
        return self.text_at + max(map(text_width, self.lines))

    @property
    def y(self) -> float:
        """Where its line is: below its text."""
        return self.top + 18 + _LINE * len(self.lines)


@attrs.frozen(eq=False)
class Drawing:
    """The picture of one rule in a language."""

    timeline: Timeline
    speaker: PatternSpeaker
    effect: str

    def svg(self) -> Markup:
        """The picture."""
        rows = list(self._rows())
        width = max([self._end + _FIRST, *(row.right for row in rows)])
        height = max([self._y + 32, *(row.y + _RADIUS + 2 for row in rows)])
        said = self.said()
        return element(
            "svg",
            element("title", said),
            self._axis(),
            [self._event(place, match) for place, match in enumerate(self.timeline.events)],
            self._outcome(),
            [self._row(row) for row in rows],
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {width:.0f} {height:.0f}",
            width=f"{width:.0f}",
            height=f"{height:.0f}",
            class_="timeline",
            role="img",
            aria_label=said,
        )

    @property
    def _y(self) -> float:
        """Where the line is: below what stands above it."""
        texts = [*map(self.speaker.short, self.timeline.events), self.effect]
        return 20 + _LINE * max(len(_lines(each)) for each in texts)

    @property
    def _end(self) -> float:
        """Where the rule fires."""
        return self._last + _STEP

    @property
    def _last(self) -> float:
        """Where the last event stands."""
        place = len(self.timeline.events) - 1
        return self._at(place) + _STEP * self.timeline.events[place].counted

    def _at(self, place: int) -> float:
        """Where an event stands; one that is counted takes two places, for the first and the last of them."""
        return _FIRST + _STEP * (place + sum(each.counted for each in self.timeline.events[:place]))

    def _say(self, key: str, *parts: object) -> str:
        return self.speaker.say(key, *parts)

    # The line

    def _axis(self) -> Iterator[Markup]:
        last = self._last
        order = None if self.timeline.ordered else "loose"
        yield element("path", d=f"M{_FIRST} {self._y}H{last}", class_=order)
        waits = None if self.timeline.rule.after is None else "loose"
        yield element("path", d=f"M{last} {self._y}H{self._end - 9}", class_=waits)
        yield _text(self._wait(), (last + self._end) / 2, self._y + 23, "middle", "beside")
        within = self.timeline.rule.within
        said = [] if self.timeline.ordered else [self._say("timeline order")]
        said += [] if within is None else [self._say("timeline within", length_text(within, self.speaker.lang))]
        if said:
            text = self._say("item comma").join(said)
            yield _text(text, (_FIRST + last) / 2, self._y + 23, "middle", "beside")

    def _wait(self) -> str:
        after = self.timeline.rule.after
        if after is None:
            return self._say("timeline at once")
        if isinstance(after, dt.timedelta):
            return self._say("timeline later", length_text(after, self.speaker.lang))
        return self._say("timeline due")

    def _event(self, place: int, match: Match) -> Markup:
        x = self._at(place)
        places = [x, x + _STEP / 2, x + _STEP] if match.counted else [x]
        numbers = [_number(each, self._y, self.speaker.number(match.name)) for each in places]
        return element("g", numbers, list(self._above(self.speaker.short(match), (x + places[-1]) / 2)))

    def _outcome(self) -> Markup:
        rule, x = self.timeline.rule, self._end
        shape = f"M{x - 9} {self._y}L{x} {self._y - 9}L{x + 9} {self._y}L{x} {self._y + 9}Z"
        return element("g", element("path", d=shape), list(self._above(self.effect, x)), class_=f"effect {rule.kind}")

    def _above(self, text: str, x: float) -> Iterator[Markup]:
        lines = _lines(text)
        for place, line in enumerate(lines):
            yield _text(line, x, self._y - 16 - _LINE * (len(lines) - 1 - place), "middle")

    # Below it

    def _rows(self) -> Iterator[_Row]:
        y = self._y + 28
        left = float(_RADIUS + 1)
        for match in self.timeline.others:
            found = _Row(match, "other", left, self._end, y, self.speaker.short(match))
            yield found
            y = found.y
        for stretch in self.timeline.stretches:
            start = left if stretch.after is None else self._at(stretch.after)
            end = self._end if stretch.before is None else self._at(stretch.before)
            text = self._say("timeline none", self.speaker.short(stretch.match))
            found = _Row(stretch.match, "none", start, max(start, end), y, text)
            yield found
            y = found.y

    def _row(self, row: _Row) -> Markup:
        first = row.y - 8 - _LINE * (len(row.lines) - 1)
        said = [_text(line, row.text_at, first + _LINE * place, "start") for place, line in enumerate(row.lines)]
        inside = [
            element("path", d=f"M{row.start} {row.y}H{row.end}"),
            element("path", d=f"M{row.end} {row.y - 0.75}V{row.y + 6}"),
            _number(row.start, row.y, self.speaker.number(row.match.name)),
        ]
        return element("g", inside, said, class_=row.style)

    # In words

    def said(self) -> str:
        """The picture in words."""
        events = [self._named(each) for each in self.timeline.events]
        key = "timeline then" if self.timeline.ordered else "timeline any"
        said = [*events[:1], *(self._say(key, each) for each in events[1:])]
        rule = self.timeline.rule
        if rule.within is not None:
            said.append(self._say("timeline within", length_text(rule.within, self.speaker.lang)))
        said += [self._named(each) for each in self.timeline.others]
        said += [self._without(each) for each in self.timeline.stretches]
        said += [f"{self._wait()}{self._say('colon')}{self.effect}"]
        return self._say("timeline", rule.name, self._say("semicolon").join(said))

    def _named(self, match: Match) -> str:
        return f"{self.speaker.marks[match.name]} {self.speaker.short(match)}"

    def _without(self, stretch: Stretch) -> str:
        return self._say("timeline none", self._named(stretch.match))


def _circle(x: float, y: float) -> Markup:
    return element("circle", cx=f"{x}", cy=f"{y}", r=_RADIUS)


def _number(x: float, y: float, number: int) -> Markup:
    return element("g", _circle(x, y), _text(str(number), x, y + 4, "middle"))


def _text(text: str, x: float, y: float, anchor: str, style: str | None = None) -> Markup:
    return element("text", text, x=f"{x}", y=f"{y}", text_anchor=anchor, class_=style)


def _lines(text: str) -> list[str]:
    """A text in a few lines; what is more is cut off."""
    lines = [cut(line, _COLUMNS + 2) for line in _balanced(text, _COLUMNS)]
    return lines if len(lines) <= _MOST_LINES else [*lines[: _MOST_LINES - 1], f"{lines[_MOST_LINES - 1]}…"]


def _balanced(text: str, most: int) -> list[str]:
    """As few lines of at most so many columns as it takes, about as long as each other."""
    fewest = len(wrap(text, most))
    widths = range(max(1, columns(text) // fewest), most)
    lines = next((found for width in widths if len(found := wrap(text, width)) == fewest), wrap(text, most))
    return [line.rstrip() for line in lines]
