"""Roll-ups as written, `live_cards: count(is_live)`, and their check against the facts that they read and make."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import cast

import attrs

from dxrules import expression as ex
from dxrules.language.checker import FactScope
from dxrules.language.condition import check, check_condition
from dxrules.language.nodes import Node, Scalar
from dxrules.language.scan import Flaw, cut, scan
from dxrules.language.written import Name, Report, WrittenPack
from dxrules.rollup import CONDITION_ONLY, FUNCTIONS, Aggregate, Function, Rollup
from dxrules.schema import Fact, FactType
from dxrules.suggest import did_you_mean, listed

_CALL = re.compile(r"(\s*)([^\W\d]\w*)\s*\((.*)\)\s*", re.DOTALL)
_WIDE = re.compile("[\uff08\uff09]")
# The types of the values that a function takes, and of what it gives: None is that of its value.
_TAKES: Mapping[str, tuple[tuple[str, ...], str | None]] = {
    "count": ((), "int"),
    "at_least": ((), "int"),
    "any": ((), "bool"),
    "all": ((), "bool"),
    "sum": (("int",), "int"),
    "min": (("int",), "int"),
    "max": (("int",), "int"),
    "same": (("int", "enum", "text"), None),
    "distinct": (("enum",), "int"),
    "most": (("enum",), "int"),
}


def check_rollups(
    packs: Sequence[WrittenPack],
    by_pack: Sequence[FactScope | None],
    scopes: Mapping[str, FactScope],
    report: Report,
) -> tuple[Rollup, ...]:
    """The roll-ups of all packs, one for each fact type that has any."""
    found: dict[str, _Checker] = {}
    for pack, scope in zip(packs, by_pack, strict=True):
        if scope is None or not (pack.rollup or pack.fill) or report.full:
            continue
        name = scope.fact_type.name
        if name not in found:
            first = (pack.rollup or pack.fill)[0][0]
            pair = _pair(scope.fact_type, scopes, first, report)
            if pair is None:
                continue
            found[name] = _Checker(scope.fact_type, *pair, report)
        found[name].read(pack)
    return tuple(each.rollup() for each in found.values())


def _pair(to: FactType, scopes: Mapping[str, FactScope], first: Name, report: Report) -> tuple[FactScope, str] | None:
    """The fact type that is rolled up, and the key that both have: the one text that the other requires.

    Events do not add up to anything: they come and go, and only sessions hold them.
    """
    keys = [fact.name for fact in to.facts.values() if fact.required and fact.type.kind == "text"]
    others = [
        scope
        for name, scope in scopes.items()
        if name != to.name and len(keys) == 1 and keys[0] in scope.fact_type.facts and scope.fact_type.moment is None
    ]
    if len(others) == 1 and others[0].fact_type.facts[keys[0]].type.kind == "text":
        return others[0], keys[0]
    text = f"it is not known which facts roll up to `{to.name}`"
    help_text = f"one other class must have the text that `{to.name}` requires, as its key"
    report(first.span, "rollup/key", text, help_text)
    return None


@attrs.define
class _Checker:
    to: FactType
    scope: FactScope
    key: str
    report: Report
    facts: dict[str, Aggregate] = attrs.field(factory=dict)
    filled: dict[str, str] = attrs.field(factory=dict)

    def rollup(self) -> Rollup:
        return Rollup(self.scope.fact_type, self.to, self.key, tuple(self.facts.values()), tuple(self.filled.items()))

    def read(self, pack: WrittenPack) -> None:
        for name, node in pack.rollup:
            fact = self._fact(name, self.to)
            if fact is not None and isinstance(node, Scalar) and isinstance(node.value, str):
                made = self._aggregate(fact, node)
                if made is not None:
                    self.facts[name.text] = made
            elif fact is not None:
                self._flaw(name, "rollup/form", f"`{name.text}` is rolled up by nothing", "write `count(a condition)`")
        for name, node in pack.fill:
            self._fill(name, node)

    def _flaw(self, name: Name, code: str, message: str, help_text: str | None) -> None:
        self.report(name.span, code, message, help_text)

    def _fact(self, name: Name, owner: FactType) -> Fact | None:
        fact = owner.facts.get(name.text)
        if fact is None or len(fact.path) > 1 or fact.type.kind in ("group", "unreadable"):
            help_text = did_you_mean(name.text, owner.facts) or f"it must be a fact of `{owner.name}`"
            self._flaw(name, "rollup/fact", f"`{cut(name.text)}` is not a fact of `{owner.name}`", help_text)
            return None
        if name.text in self.facts or name.text == self.key:
            self._flaw(name, "rollup/duplicate", f"`{name.text}` is settled already", "roll each fact up once")
            return None
        return fact

    def _fill(self, name: Name, node: Node) -> None:
        fact = self.scope.fact_type.facts.get(name.text)
        source = self.to.facts.get(node.text) if isinstance(node, Scalar) else None
        if fact is None or source is None or fact.type != source.type or not fact.optional or len(fact.path) > 1:
            self._flaw(
                name, "rollup/fill", f"`{cut(name.text)}` cannot be filled so",
                f"name a fact of `{self.scope.fact_type.name}` that may be unknown, and one of `{self.to.name}`"
                " of the same type",
            )  # fmt: skip
        else:
            self.filled[name.text] = source.name

    def _aggregate(self, fact: Fact, node: Scalar) -> Aggregate | None:
        match = _CALL.fullmatch(node.text)
        wide = _WIDE.search(node.text)
        if match is None and wide is not None:
            sign = wide.group()
            self.report(node.span_of(*wide.span()), "rollup/form", f"`{sign}` is not part of conditions",
                        f"write the half-width `{chr(ord(sign) - 0xFEE0)}`")  # fmt: skip
            return None
        if match is None or not _is_whole(match.group(3)):
            self.report(node.span, "rollup/form", f"`{cut(node.text)}` adds nothing up",
                        "write it as `count(a condition)` or `sum(a fact, a condition)`")  # fmt: skip
            return None
        function = match.group(2)
        if function not in FUNCTIONS:
            start = match.start(2)
            help_text = did_you_mean(function, FUNCTIONS) or f"it can be {listed(FUNCTIONS)}"
            span = node.span_of(start, match.end(2))
            self.report(span, "rollup/function", f"there is no way `{cut(function)}` of adding up", help_text)
            return None
        parts = list(_parts(match.group(3), match.start(3)))
        most = 1 if function in CONDITION_ONLY else 2
        if len(parts) > most or not parts[0][0].strip():
            form = f"{function}(a fact)` or `{function}(a fact, a condition)"
            if most == 1 or function == "at_least":
                form = f"{function}(a condition)" + (f"` or `{function}(a condition, another)" if most == 2 else "")
            self.report(node.span, "rollup/form", f"`{function}` takes something else", f"write `{form}`")
            return None
        texts = [None, parts[0]] if most == 1 else [parts[0], parts[1] if len(parts) > 1 else None]
        if function == "at_least":
            texts.reverse()
            value = self._condition(node, texts[0])
        else:
            value = self._value(node, function, texts[0])
        where = self._condition(node, texts[1])
        if (texts[0] is not None and value is None) or (texts[1] is not None and where is None):
            return None
        gives = _TAKES[function][1]
        kind = gives or (value.type.kind if value is not None else "")
        if fact.type.kind != kind or (gives is None and value is not None and value.type.members != fact.type.members):
            text = f"`{fact.name}` is {fact.type.words()}, and `{function}` gives another"
            self.report(node.span, "rollup/type", text, "roll it up in another way")
            return None
        return Aggregate(fact, cast("Function", function), value, where)

    def _value(self, node: Scalar, function: str, part: tuple[str, int] | None) -> ex.Expr | None:
        if part is None:
            return None
        found = check(part[0], self.scope, self._reporting(node, part[1]))
        if found is None:
            return None
        takes = _TAKES[function][0]
        if found.type.kind not in takes or (found.type.kind != "int" and not isinstance(ex.peel(found), ex.FactRef)):
            span = node.span_of(part[1], part[1] + len(part[0]))
            kinds = {"int": "a whole number", "enum": "an enum fact", "text": "a text fact"}
            self.report(span, "rollup/type", f"`{function}` does not take {found.type.words()}",
                        f"it takes {' or '.join(kinds[each] for each in takes)}")  # fmt: skip
            return None
        return found if self.scope.affords(found, node) else None

    def _condition(self, node: Scalar, part: tuple[str, int] | None) -> ex.Expr | None:
        if part is None:
            return None
        found = check_condition(part[0], self.scope, self._reporting(node, part[1]))
        return found if found is not None and self.scope.affords(found, node) else None

    def _reporting(self, node: Scalar, start: int) -> Callable[[Flaw], None]:
        def report(flaw: Flaw) -> None:
            self.report(node.span_of(flaw.start + start, flaw.end + start), flaw.code, flaw.message, flaw.help)

        return report


def _is_whole(text: str) -> bool:
    """Whether the brackets around a text are one pair: none in it closes the first."""
    depth = 0
    for token in scan(text)[0]:
        depth += (token.text == "(") - (token.text == ")")
        if depth < 0 and "(" in text[token.end :]:
            return False
    return True


def _parts(text: str, start: int) -> Iterator[tuple[str, int]]:
    """The parts between the commas that stand in no brackets, and where each starts."""
    tokens, _ = scan(text)
    depth, begin = 0, 0
    for token in tokens:
        if token.text in ("(", "["):
            depth += 1
        elif token.text in (")", "]"):
            depth -= 1
        elif token.text == "," and depth == 0:
            yield text[begin : token.start], start + begin
            begin = token.end
    yield text[begin:], start + begin
