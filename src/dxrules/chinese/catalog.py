"""Looking a finished English text up in a table of templates.

A template has holes. `{name}` is what a rule file says, or a number: it is kept to the letter. `<name>` is a part of a
sentence with a Chinese of its own, from `phrases`. Nothing else in a text is interpreted, and no pattern is made of it:
it is cut at the literal stretches of a template, at so few places that no text, however hostile, takes long.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

import attrs

_HOLE = re.compile(r"(\{[a-z]+\}|<[a-z]+>)")
_LONGEST = 4_000  # characters of a text that is looked up: what rule files say is cut short in messages
_MOST_ENDS = 20  # places at which the text in a hole is tried to end: lists of names are shorter

Translate = Callable[[str, str], str | None]
"""From a hole and what stands in it to Chinese; None where it has none."""


@attrs.frozen
class Template:
    """An English text with holes, and its Chinese.

    `stretches` are the literal parts of the English, one more than there are `holes`.
    """

    english: str
    stretches: tuple[str, ...]
    holes: tuple[str, ...]
    chinese: tuple[str, ...]

    def fits(self, text: str) -> bool:
        """Whether a text begins and ends as this one does."""
        first, last = self.stretches[0], self.stretches[-1]
        return len(first) + len(last) <= len(text) and text.startswith(first) and text.endswith(last)

    def readings(self, text: str, translate: Translate, *, backticks: bool) -> Iterator[str]:
        """The Chinese for each way to cut a text. `backticks`: whether what is kept to the letter may hold some."""
        if self.fits(text):
            for values in self._values(text, len(self.stretches[0]), 0, translate, backticks):
                yield self._filled(values)

    def _values(
        self, text: str, at: int, place: int, translate: Translate, backticks: bool
    ) -> Iterator[tuple[str, ...]]:
        """What goes into the holes from the one at `place`, which begins at `at`."""
        if place == len(self.holes):
            yield ()
            return
        hole, stretch = self.holes[place], self.stretches[place + 1]
        for stop in self._ends(text, at, place):
            value: str | None = text[at:stop]
            if hole.startswith("<"):
                value = translate(hole, text[at:stop])
            elif not backticks and "`" in text[at:stop]:
                return  # and so it is in all that are longer
            if value is not None:
                for more in self._values(text, stop + len(stretch), place + 1, translate, backticks):
                    yield (value, *more)

    def _ends(self, text: str, at: int, place: int) -> Iterator[int]:
        """Where the text in a hole may end."""
        end = len(text) - len(self.stretches[-1])
        if place == len(self.holes) - 1:
            yield from [end] if at <= end else []
            return
        stop = at - 1
        for _ in range(_MOST_ENDS):
            stop = text.find(self.stretches[place + 1], stop + 1, end)
            if stop < 0:
                return
            yield stop

    def _filled(self, values: Iterable[str]) -> str:
        by_hole = dict(zip(self.holes, values, strict=True))
        said, behind = "", False
        for part in self.chinese:
            value, is_phrase = by_hole.get(part, part), part in by_hole and part.startswith("<")
            said += (" " if (behind or is_phrase) and _apart(said[-1:], value[:1]) else "") + value
            behind = is_phrase
        return said


def _apart(left: str, right: str) -> bool:
    """Whether a space goes between: Chinese on one side, and code, a number or a Latin word on the other."""
    return any("\u4e00" <= one <= "\u9fff" and "!" <= two <= "~" for one, two in ((left, right), (right, left)))


def template(english: str, chinese: str) -> Template:
    """A pair of texts as a template.

    >>> list(template("`{text}` is a set", "`{text}` 是集合").readings("`1` is a set", str, backticks=False))
    ['`1` 是集合']
    """
    parts = _HOLE.split(english)
    return Template(english, tuple(parts[::2]), tuple(parts[1::2]), tuple(_HOLE.split(chinese)))


@attrs.frozen(eq=False)
class Catalog:
    """Tables of pairs, ready to look up in: texts without holes as they are, the others as templates.

    `translate` gives the Chinese of parts of sentences.
    """

    whole: Mapping[str, str]
    templates: tuple[Template, ...]
    translate: Translate

    def chinese(self, text: str) -> str | None:
        """The Chinese of a text; None where there is none, or where it could be that of two."""
        if text in self.whole:
            return self.whole[text]
        ways = self.ways(text)
        return ways[0][1] if len(ways) == 1 else None

    def ways(self, text: str) -> list[tuple[Template, str]]:
        """Each template that the text may be made from, with the Chinese.

        What is kept to the letter stands in backticks, as a rule, and holds none. Text of a rule file may hold some
        all the same: then it counts only where there is no other way to read the whole.
        """
        fitting = [each for each in self.templates if each.fits(text)] if len(text) <= _LONGEST else []
        for backticks in (False, True):
            found = [
                (each, said) for each in fitting for said in each.readings(text, self.translate, backticks=backticks)
            ]
            if found:
                break
        return found


def catalog(tables: Iterable[Mapping[str, str]], translate: Translate) -> Catalog:
    """A catalog of some tables from English to Chinese.

    >>> made = catalog([{"delete it": "请删除", "write `{code}`": "请写 `{code}`"}], lambda hole, part: None)
    >>> made.chinese("delete it"), made.chinese("write `a`"), made.chinese("write a")
    ('请删除', '请写 `a`', None)
    """
    pairs = {english: chinese for table in tables for english, chinese in table.items()}
    holed = {english: template(english, chinese) for english, chinese in pairs.items() if _HOLE.search(english)}
    whole = {english: chinese for english, chinese in pairs.items() if english not in holed}
    return Catalog(whole, tuple(holed.values()), translate)
