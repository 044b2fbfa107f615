"""Looking a finished English text up in a table of templates.

A template has holes. `{name}` is what a rule file says, or a number: it is kept to the letter. `<name>` is a part of a
sentence with a Chinese of its own, from `phrases`. Nothing else in a text is interpreted, and nothing is searched
by patterns: a text is cut at the literal stretches of a template, so that the time is linear in its length whatever
it holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

import attrs

_HOLE = re.compile(r"(\{[a-z]+\}|<[a-z]+>)")

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

    def cuts(self, text: str) -> tuple[str, ...] | None:
        """What stands in the holes, each as short as can be from the left; None where the text is another."""
        first, *inner, last = self.stretches
        end = len(text) - len(last)
        if len(first) > end or not text.startswith(first) or not text.endswith(last):
            return None
        found: list[str] = []
        at = len(first)
        for stretch in inner:
            stop = text.find(stretch, at, end)
            if stop < 0:
                return None
            found.append(text[at:stop])
            at = stop + len(stretch)
        return (*found, text[at:end])

    def is_sure(self, text: str) -> bool:
        """Whether the text can be cut in one way only, which is so where cutting from the right gives the same."""
        mirrored = attrs.evolve(self, stretches=tuple(each[::-1] for each in reversed(self.stretches)))
        backwards = mirrored.cuts(text[::-1])
        return backwards is not None and self.cuts(text) == tuple(each[::-1] for each in reversed(backwards))

    def filled(self, cuts: tuple[str, ...], translate: Translate) -> str | None:
        """The Chinese with the holes filled in; None where a part of the sentence has no Chinese."""
        values: dict[str, str] = {}
        for hole, cut in zip(self.holes, cuts, strict=True):
            value = translate(hole, cut) if hole.startswith("<") else cut
            if value is None:
                return None
            values[hole] = value
        said, behind = "", False
        for part in self.chinese:
            value, is_phrase = values.get(part, part), part in values and part.startswith("<")
            said += (" " if (behind or is_phrase) and _apart(said[-1:], value[:1]) else "") + value
            behind = is_phrase
        return said


def _apart(left: str, right: str) -> bool:
    """Whether a space goes between: Chinese on one side, and a code, a number or a Latin word on the other."""
    return any("\u4e00" <= one <= "\u9fff" and (two == "`" or (two.isascii() and two.isalnum()))
               for one, two in ((left, right), (right, left)))  # fmt: skip


def template(english: str, chinese: str) -> Template:
    """A pair of texts as a template.

    >>> template("`{text}` is <type>", "`{text}` 是<type>").cuts("`1` is text")
    ('1', 'text')
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
        plain: list[tuple[Template, str]] = []
        odd: list[tuple[Template, str]] = []
        for each in self.templates:
            cuts = each.cuts(text)
            said = None if cuts is None else each.filled(cuts, self.translate)
            if cuts is None or said is None:
                continue
            if not any("`" in cut for hole, cut in zip(each.holes, cuts, strict=True) if hole.startswith("{")):
                plain.append((each, said))
            elif each.is_sure(text):
                odd.append((each, said))
        return plain or odd


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
