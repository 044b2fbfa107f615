"""From packs as written to a checked rulebook: every name resolved, every condition typed, every example tried."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import cast

import attrs

from dxrules import expression as ex
from dxrules.language.condition import check, check_condition
from dxrules.language.message import check_message
from dxrules.language.nodes import Node, Scalar
from dxrules.language.nodes import Sequence as SeqNode
from dxrules.language.pack import Name, Report, WrittenPack, WrittenRule
from dxrules.language.scan import Flaw, scan
from dxrules.source import Span
from dxrules.rulebook import Lang, Parameter, Rule, Template
from dxrules.schema import FactType
from dxrules.suggest import did_you_mean, listed
from dxrules.values import Plain

MAX_EXPANDED = 20_000  # nodes of a condition with its definitions written out
MAX_NESTED = 150  # depth of the same
_FORMS = ("all", "any", "none")
_EXAMPLE_DAY = dt.date(2000, 1, 1)


@attrs.define(eq=False)
class FactScope:
    """The names on one fact type, across all packs. Definitions are checked when first asked for."""

    fact_type: FactType
    parameters: Mapping[str, tuple[Plain, ...]]
    report: Report
    written: dict[str, tuple[Name, Node]] = attrs.field(factory=dict)
    checked: dict[str, ex.Expr | None] = attrs.field(factory=dict)
    rules: dict[str, Name] = attrs.field(factory=dict)
    _sizes: dict[int, tuple[int, int]] = attrs.field(factory=dict)

    @property
    def definition_names(self) -> Iterable[str]:
        """The names that are defined."""
        return self.written

    def definition(self, name: str) -> ex.Expr | None:
        """What a name stands for; None after a report."""
        return self.checked.get(name)

    def check_definitions(self) -> None:
        """Check every definition, those first that others name: no recursion, however long the chain."""
        needs = {name: self._names_in(node) for name, (_, node) in self.written.items()}
        path: dict[str, None] = {}
        for root in self.written:
            stack = [root]
            while stack:
                name = stack[-1]
                path[name] = None
                waiting = [each for each in needs[name] if each not in self.checked and each not in path]
                rings = [each for each in needs[name] if each in path and each not in self.checked]
                if name in self.checked:
                    stack.pop()
                elif waiting:
                    stack.append(waiting[0])
                else:
                    if rings:
                        self._report_ring(rings[0], list(path))
                    self.checked[name] = None if rings else self.tree(self.written[name][1], condition=False)
                    stack.pop()
                if name in self.checked:
                    path.pop(name, None)

    def _names_in(self, node: Node) -> list[str]:
        """The definitions that a definition names, in written order."""
        found: dict[str, None] = {}
        waiting: list[Node] = [node]
        while waiting:
            each = waiting.pop()
            if isinstance(each, Scalar):
                found.update(
                    (token.text, None) for token in scan(each.text)[0] if token.kind == "name" and token.text in self.written
                )
            elif isinstance(each, SeqNode):
                waiting.extend(reversed(each.items))
            else:
                waiting.extend(value for _, value in reversed(each.entries))
        return list(found)

    def _report_ring(self, name: str, path: list[str]) -> None:
        ring = path[path.index(name) :]
        shown = [*(ring if len(ring) <= 8 else [*ring[:6], "..."]), name]
        self.report(self.written[name][0].span, "define/cycle", f"`{name}` is defined by itself",
                    f"the ring is {' -> '.join(shown)}")  # fmt: skip

    def tree(self, node: Node, *, condition: bool = True) -> ex.Expr | None:
        """A condition as written: one text, a list of them, or `all`, `any` and `none`."""
        found = self._tree(node, condition, 0)
        if found is None:
            return None
        size, depth = self._measure(found)
        if size > MAX_EXPANDED or depth > MAX_NESTED:
            what = f"{size} parts" if size > MAX_EXPANDED else f"{depth} levels"
            self.report(_first(node.span), "condition/too-large", f"with its definitions it has {what}",
                        f"{MAX_EXPANDED} parts and {MAX_NESTED} levels are allowed")  # fmt: skip
            return None
        if not condition:
            self._sizes[id(found)] = (size, depth)
        return found

    def _tree(self, node: Node, condition: bool, depth: int) -> ex.Expr | None:
        if isinstance(node, Scalar):
            return self._clause(node, condition)
        if isinstance(node, SeqNode):
            return self._join(node, node.items, ex.And, depth)
        parts: list[ex.Expr | None] = []
        for key, value in node.entries:
            if key.text not in _FORMS:
                near = did_you_mean(key.text, _FORMS)
                help_text = near if near and near.startswith("did") else "a condition with a colon needs quotes around it"
                self.report(key.span, "condition/form",
                            f"a condition has no key `{key.text[:60]}`; it can be {listed(_FORMS)}", help_text)  # fmt: skip
                parts.append(None)
            elif not isinstance(value, SeqNode):
                self.report(_first(value.span), "condition/form", f"`{key.text}` takes a list of conditions",
                            "put each on a line of its own, after `- `")  # fmt: skip
                parts.append(None)
            else:
                kind = ex.And if key.text == "all" else ex.Or
                joined = self._join(value, value.items, kind, depth)
                parts.append(ex.Not(joined) if joined is not None and key.text == "none" else joined)
        if not node.entries:
            self.report(node.span, "condition/empty", "the condition is empty")
            return None
        if any(part is None for part in parts):
            return None
        items = tuple(cast("list[ex.Expr]", parts))
        return items[0] if len(items) == 1 else ex.And(items)

    def _join(
        self, node: Node, items: tuple[Node, ...], kind: type[ex.And | ex.Or], depth: int
    ) -> ex.Expr | None:
        if not items:
            self.report(node.span, "condition/empty", "the list of conditions is empty")
        found = [self._tree(item, condition=True, depth=depth + 1) for item in items]
        if not found or any(item is None for item in found):
            return None
        return kind(tuple(cast("list[ex.Expr]", found)))

    def _clause(self, node: Scalar, condition: bool) -> ex.Expr | None:
        def report(flaw: Flaw) -> None:
            help_text = flaw.help
            if node.cut_by_comment and flaw.code in ("condition/text", "condition/syntax", "condition/bracket"):
                help_text = "YAML ended the text at ` #`: put quotes around the whole condition"
            self.report(node.span_of(flaw.start, flaw.end), flaw.code, flaw.message, help_text)

        found = (check_condition if condition else check)(node.text, self, report)
        if found is None:
            return None
        if found.type.kind == "group" or (not condition and isinstance(ex.peel(found), ex.Const) and
                                          found.type.kind == "text"):  # fmt: skip
            what = "a group of facts" if found.type.kind == "group" else "a text alone"
            self.report(node.span, "define/value", f"a definition cannot stand for {what}",
                        'if a comparison was meant, write `... == "..."`')  # fmt: skip
            return None
        return ex.Clause(found, node.text, node.span)

    def _measure(self, expr: ex.Expr) -> tuple[int, int]:
        """Nodes and depth of an expression with its definitions written out; each definition is measured once."""
        known = self._sizes.get(id(expr))
        if known is not None:
            return known
        below = [self._measure(child) for child in ex.children(expr)]
        return 1 + sum(each for each, _ in below), 1 + max((each for _, each in below), default=0)


def _first(span: Span) -> Span:
    return Span(span.source, span.start, min(span.end, span.start + 1))


def collect(
    packs: list[WrittenPack],
    fact_types: tuple[FactType, ...],
    parameters: Mapping[str, Parameter],
    report: Report,
) -> dict[str, FactScope]:
    """The scope of each fact type, with every definition and rule name of every pack in it."""
    values = {name: tuple(value for _, value in each.values) for name, each in parameters.items()}
    scopes = {each.name: FactScope(each, values, report) for each in fact_types}
    _unique("rulebook", (pack.name for pack in packs), "pack/duplicate", report)
    for pack in packs:
        scope = scopes.get(pack.facts.text)
        if scope is None:
            report(pack.facts.span, "pack/facts", f"`{pack.facts.text}` is not a known fact type",
                   did_you_mean(pack.facts.text, scopes))  # fmt: skip
            continue
        for name, node in pack.definitions:
            if _is_free(name, scope, "definition", report):
                scope.written[name.text] = (name, node)
        for rule in pack.rules:
            other = scope.rules.get(rule.name.text)
            if other is not None:
                message = f"a rule called `{rule.name.text}` is already in {_where(other)}"
                report(rule.name.span, "rule/duplicate", message, "a rule's name is its code: choose another")
            else:
                scope.rules[rule.name.text] = rule.name
    for scope in scopes.values():
        for text, name in scope.rules.items():
            if text in scope.written:
                message = f"`{text}` is already the name of a definition in {_where(scope.written[text][0])}"
                report(name.span, "rule/duplicate", message, "choose another name")
        for text in values:
            if text in scope.fact_type.facts:
                place = next(each.name for pack in packs for each in pack.parameters if each.name.text == text)
                message = f"the parameter `{text}` is named like a fact of `{scope.fact_type.name}`"
                report(place.span, "parameter/fact", message, "choose another name")
    return scopes


def _unique(what: str, names: Iterable[Name], code: str, report: Report) -> None:
    first: dict[str, Name] = {}
    for name in names:
        if name.text in first:
            message = f"a {what} called `{name.text}` is already in {_where(first[name.text])}"
            report(name.span, code, message, "choose another name")
        first.setdefault(name.text, name)


def _where(name: Name) -> str:
    line, _ = name.span.source.position(name.span.start)
    return f"{name.span.source.path}:{line}"


def _is_free(name: Name, scope: FactScope, what: str, report: Report) -> bool:
    text = name.text
    if text in scope.fact_type.facts:
        message = f"the {what} `{text}` is named like a fact of `{scope.fact_type.name}`"
        report(name.span, "define/fact", message, "choose another name")
    elif text in scope.parameters:
        report(name.span, "define/duplicate", f"`{text}` is already a parameter", "choose another name")
    elif text in scope.written:
        message = f"`{text}` is already defined in {_where(scope.written[text][0])}"
        report(name.span, "define/duplicate", message, "choose another name, or use that one")
    else:
        return True
    return False


def check_parameters(packs: list[WrittenPack], report: Report) -> dict[str, Parameter]:
    """The parameters of all packs; one declared twice is reported."""
    found: dict[str, Parameter] = {}
    first: dict[str, Name] = {}
    for pack in packs:
        for each in pack.parameters:
            name = each.name.text
            if name in found:
                message = f"the parameter `{name}` is already in {_where(first[name])}"
                report(each.name.span, "parameter/duplicate", message, "packs share their parameters: keep one")
                continue
            first[name] = each.name
            found[name] = Parameter(name, each.values, pack.name.text)
    return found


def check_rule(written: WrittenRule, pack: WrittenPack, place: int, scope: FactScope, report: Report) -> Rule | None:
    """A checked rule, without its examples; None when something in it is broken."""
    when = None if written.when is None else scope.tree(written.when)
    message: dict[Lang, Template] = {}
    for lang, node in written.message.items():

        def report_hole(flaw: Flaw, node: Scalar = node) -> None:
            report(node.span_of(flaw.start, flaw.end), flaw.code, flaw.message, flaw.help)

        template = check_message(node.text, scope, report_hole)
        if template is not None:
            message[lang] = template
    for over in written.overrides:
        if over.text not in scope.rules:
            report(over.span, "rule/overrides", f"there is no rule `{over.text}` on `{scope.fact_type.name}` to override",
                   did_you_mean(over.text, scope.rules))  # fmt: skip
    if when is None or written.kind is None or len(message) < len(written.message) or len(message) < 2:
        return None
    return Rule(
        name=written.name.text,
        pack=pack.name.text,
        fact_type=scope.fact_type,
        when=when,
        kind=written.kind,
        target=written.target,
        severity=written.severity,
        deadline=written.deadline,
        priority=written.priority,
        message=message,
        source=written.source,
        valid_from=written.valid_from,
        valid_until=written.valid_until,
        overrides=tuple(dict.fromkeys(each.text for each in written.overrides)),
        place=place,
        span=written.name.span,
    )


def check_overrides(pairs: list[tuple[WrittenRule, Rule]], report: Report) -> None:
    """Report every ring of overrides once, at its first rule."""
    over = {rule.name: [name for name in rule.overrides] for _, rule in pairs}
    state: dict[str, int] = {}  # 1 while its overrides are being followed, 2 when done
    for _, rule in pairs:
        if state.get(rule.name):
            continue
        path: list[str] = []
        stack: list[tuple[str, int]] = [(rule.name, 0)]
        while stack:
            name, index = stack.pop()
            if index == 0:
                state[name] = 1
                path.append(name)
            targets = over.get(name, [])
            if index < len(targets):
                stack.append((name, index + 1))
                target = targets[index]
                if state.get(target) == 1:
                    ring = [*path[path.index(target) :], target]
                    shown = " -> ".join(ring if len(ring) <= 8 else [*ring[:6], "...", target])
                    places = {each.name.text: each.name for each, _ in pairs}
                    report(places[target].span, "rule/override-cycle", f"`{target}` overrides itself",
                           f"the ring is {shown}")  # fmt: skip
                elif target in over and not state.get(target):
                    stack.append((target, 0))
            else:
                state[name] = 2
                path.pop()


def example_day(as_of: dt.date | None, rule: Rule) -> dt.date:
    """The day on which an example is judged."""
    if as_of is not None:
        return as_of
    return rule.valid_from if rule.valid_from != dt.date.min else _EXAMPLE_DAY
