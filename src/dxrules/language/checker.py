"""From packs as written to a checked rulebook: every name resolved, every condition typed, every example tried."""

# mypy: disable-error-code="func-returns-value"
# `return self.flaw(...)` reports, and gives None: what a broken part becomes.

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

import attrs

from dxrules import expression as ex
from dxrules.language.condition import check, check_condition
from dxrules.language.message import check_message
from dxrules.language.nodes import Node, Scalar
from dxrules.language.nodes import Sequence as SeqNode
from dxrules.language.scan import Flaw, Token, cut, scan
from dxrules.language.written import Name, Report, WrittenOutcome, WrittenPack, WrittenRule
from dxrules.rulebook import LANGS, Hole, Lang, Parameter, Rule, Template
from dxrules.schema import FactType
from dxrules.source import Span
from dxrules.suggest import did_you_mean, listed, nearest
from dxrules.values import Plain

MAX_EXPANDED = 20_000  # nodes of a condition with its definitions written out
MAX_NESTED = 150  # depth of the same
MAX_TOGETHER = 4_000_000  # nodes of all conditions and messages, likewise
_FORMS = ("all", "any", "none")
_CUT_SHORT = ("condition/text", "condition/syntax", "condition/bracket")  # what a comment within quotes leads to


@attrs.define(eq=False)
class FactScope:
    """The names on one fact type, across all packs.

    `elsewhere` holds names that may be defined in a file that is broken, `hidden` those of groups whose facts cannot be
    read, each with what to say of that.
    """

    fact_type: FactType
    parameters: Mapping[str, tuple[Plain, ...]]
    report: Report
    written: dict[str, tuple[Name, Node]] = attrs.field(factory=dict)
    checked: dict[str, ex.Expr | None] = attrs.field(factory=dict)
    rules: dict[str, Name] = attrs.field(factory=dict)
    elsewhere: frozenset[str] = frozenset()
    hidden: Mapping[str, str] = attrs.field(factory=dict)
    _sizes: dict[int, tuple[int, int]] = attrs.field(factory=dict)
    _together: int = 0

    @property
    def definition_names(self) -> Iterable[str]:
        """The names that are defined."""
        return self.written

    def definition(self, name: str) -> ex.Expr | None:
        """What a name stands for; None after a report."""
        return self.checked.get(name)

    def unreadable(self, name: str) -> bool:
        """Whether an unknown name may be one that a broken file defines."""
        return name in self.elsewhere

    def check_definitions(self) -> None:
        """Check every definition, those first that others name: no recursion, however long the chain."""
        path: dict[str, Iterator[str]] = {}
        for root in self.written:
            following: str | None = root
            while following is not None or path:
                if following is not None and following not in self.checked:
                    path[following] = iter(self._names_in(self.written[following][1]))
                name, needs = next(reversed(path.items()), ("", iter(())))
                following = next((each for each in needs if each not in self.checked), None)
                if following in path:
                    self._report_ring(following, list(path))
                    self.checked.update(dict.fromkeys(path))
                    path.clear()
                    following = None
                elif following is None and path:
                    self.checked[name] = self.tree(self.written[name][1], condition=False)
                    del path[name]

    def _names_in(self, node: Node) -> list[str]:
        """The definitions that a definition names, in written order."""
        found: dict[str, None] = {}
        waiting: list[Node] = [node]
        while waiting:
            each = waiting.pop()
            if isinstance(each, Scalar):
                tokens, flaws = scan(each.text)
                found.update(dict.fromkeys([] if flaws else self._definitions_among(tokens)))
            elif isinstance(each, SeqNode):
                waiting.extend(reversed(each.items))
            else:
                waiting.extend(value for _, value in reversed(each.entries))
        return list(found)

    def _definitions_among(self, tokens: list[Token]) -> Iterator[str]:
        for before, token, behind in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
            part = before is not None and before.text == "."  # of a dotted name, like `stage` in `request.stage`
            called = behind is not None and behind.text == "("
            if token.kind == "name" and token.text in self.written and not part and not called:
                yield token.text

    def _report_ring(self, name: str, path: list[str]) -> None:
        self.report(self.written[name][0].span, "define/cycle", f"`{name}` is defined by itself", _ring(name, path))

    def tree(self, node: Node, *, condition: bool = True) -> ex.Expr | None:
        """A condition as written: one text, a list of them, or `all`, `any` and `none`."""
        found = self._tree(node, condition, 0)
        if found is None:
            return None
        size, depth = self._measure(found, {})
        if size > MAX_EXPANDED or depth > MAX_NESTED:
            return self._too_large(node, f"{size} parts" if size > MAX_EXPANDED else f"{depth} levels")
        if not condition:
            self._sizes[id(found)] = (size, depth)
        elif not self.afford(size, node.span):
            return None
        return found

    def affords(self, found: ex.Expr, node: Node) -> bool:
        """Whether an expression is small enough by itself and with all others; a report is made when it is not."""
        size, depth = self._measure(found, {})
        if size > MAX_EXPANDED or depth > MAX_NESTED:
            self._too_large(node, f"{size} parts" if size > MAX_EXPANDED else f"{depth} levels")
            return False
        return self.afford(size, node.span)

    def _too_large(self, node: Node, what: str) -> None:
        self.report(_first(node.span), "condition/too-large", f"with its definitions the condition has {what}",
                    f"{MAX_EXPANDED} parts and {MAX_NESTED} levels are allowed")  # fmt: skip

    def afford(self, size: int, span: Span) -> bool:
        """Count the nodes of a condition or message; False, after a report, when they are too many together."""
        self._together += size
        if self._together <= MAX_TOGETHER:
            return True
        if self._together - size <= MAX_TOGETHER:
            message = f"with their definitions all conditions together have more than {MAX_TOGETHER} parts"
            self.report(_first(span), "condition/too-large", message, "use fewer or smaller definitions")
        return False

    def _tree(self, node: Node, condition: bool, depth: int) -> ex.Expr | None:
        if isinstance(node, Scalar):
            return self._clause(node, condition)
        if isinstance(node, SeqNode):
            return self._join(node, node.items, ex.And, depth)
        parts: list[ex.Expr | None] = []
        for key, value in node.entries:
            if key.text not in _FORMS:
                self.report(key.span, "condition/form",
                            f"a condition has no key `{cut(key.text)}`; it can be {listed(_FORMS)}",
                            self._form_help(key.text))  # fmt: skip
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

    def _form_help(self, key: str) -> str:
        near = nearest(key, _FORMS)
        if key in self.fact_type.facts or key in self.written:
            return f"write a comparison: `{key} == ...`"
        return f"did you mean `{near}`?" if near else "a condition with a colon needs quotes around it"

    def _join(self, node: Node, items: tuple[Node, ...], kind: type[ex.And | ex.Or], depth: int) -> ex.Expr | None:
        if not items:
            self.report(node.span, "condition/empty", "the list of conditions is empty")
        if len(items) > MAX_EXPANDED:
            return self._too_large(node, f"{len(items)} parts")
        found = [self._tree(item, condition=True, depth=depth + 1) for item in items]
        if not found or any(item is None for item in found):
            return None
        return kind(tuple(cast("list[ex.Expr]", found)))

    def _clause(self, node: Scalar, condition: bool) -> ex.Expr | None:
        def report(flaw: Flaw) -> None:
            help_text = flaw.help
            if node.cut_by_comment and flaw.code in _CUT_SHORT:
                help_text = "YAML ended the text at ` #`: put quotes around the whole condition"
            self.report(node.span_of(flaw.start, flaw.end), flaw.code, flaw.message, help_text)

        if node.plain and node.value is None:  # `~` or `null`, which to YAML are nothing
            self.report(node.span, "condition/empty", "the condition is empty")
            return None
        found = (check_condition if condition else check)(node.text, self, report)
        if found is None:
            return None
        if found.type.kind == "group" or (not condition and isinstance(ex.peel(found), ex.Const) and
                                          found.type.kind == "text"):  # fmt: skip
            what, help_text = "a text alone", f"write the whole comparison: `... == {cut(node.text)}`"
            if found.type.kind == "group":
                what, help_text = "a group of facts", "name one of its facts"
            self.report(node.span, "define/value", f"a definition cannot stand for {what}", help_text)
            return None
        return ex.Clause(found, node.text, node.span)

    def size(self, template: Template) -> int:
        """How many nodes the holes of a message have, definitions written out."""
        return sum(self._measure(part.expr, {})[0] for part in template.parts if isinstance(part, Hole))

    def _measure(self, expr: ex.Expr, known: dict[int, tuple[int, int]]) -> tuple[int, int]:
        """Nodes and depth of an expression with its definitions written out.

        Each definition is measured once, and so is the middle of `a == b == c`, which stands in the tree twice.
        """
        found = known.get(id(expr)) or self._sizes.get(id(expr))
        if found is None:
            below = [self._measure(child, known) for child in ex.children(expr)]
            found = 1 + sum(each for each, _ in below), 1 + max((each for _, each in below), default=0)
            known[id(expr)] = found
        return found


def _first(span: Span) -> Span:
    return Span(span.source, span.start, min(span.end, span.start + 1))


def collect(
    packs: list[WrittenPack],
    fact_types: tuple[FactType, ...],
    parameters: Mapping[str, Parameter],
    elsewhere: Iterable[str],
    report: Report,
) -> tuple[dict[str, FactScope], list[FactScope | None]]:
    """The scope of each fact type, with every definition and rule name of every pack in it; and that of each pack.

    A pack whose fact type is not known is read as the nearest one, for the other mistakes in it; if none is near, it
    has no scope, and its names may be any fact type's.
    """
    values = {name: tuple(value for _, value in each.values) for name, each in parameters.items()}
    scopes = {each.name: FactScope(each, values, report) for each in fact_types}
    _unique("rulebook", (pack.name for pack in packs), "pack/duplicate", report)
    by_pack = [_scope_of(pack, scopes, report) for pack in packs]
    lost = [pack for pack, scope in zip(packs, by_pack, strict=True) if scope is None and pack.patterns is None]
    names = {name.text for pack in lost for name, _ in pack.definitions}
    names.update(rule.name.text for pack in lost for rule in pack.rules)
    for scope in scopes.values():
        scope.elsewhere = frozenset(names.union(elsewhere))
    for pack, of in zip(packs, by_pack, strict=True):
        if of is not None:
            _collect_names(pack, of, report)
    for scope in scopes.values():
        for text, name in scope.rules.items():
            if text in scope.written:
                message = f"`{text}` is already the name of a definition in {_where(scope.written[text][0])}"
                report(name.span, "rule/duplicate", message, "choose another name")
    for name in (each.name for pack in packs for each in pack.parameters):
        owner = next((each.name for each in fact_types if name.text in each.facts), None)
        if owner is not None:
            message = f"the parameter `{name.text}` is named like a fact of `{owner}`"
            report(name.span, "parameter/fact", message, "choose another name")
    return scopes, by_pack


def _collect_names(pack: WrittenPack, scope: FactScope, report: Report) -> None:
    for name, node in pack.definitions:
        if _is_free(name, scope, report):
            scope.written[name.text] = (name, node)
    for rule in pack.rules:
        other = scope.rules.get(rule.name.text)
        if other is not None:
            message = f"a rule called `{rule.name.text}` is already in {_where(other)}"
            report(rule.name.span, "rule/duplicate", message, "a rule's name is its code: choose another")
        else:
            scope.rules[rule.name.text] = rule.name


def _scope_of(pack: WrittenPack, scopes: Mapping[str, FactScope], report: Report) -> FactScope | None:
    if pack.patterns is not None:
        return None
    if pack.facts is None:
        return next(iter(scopes.values())) if len(scopes) == 1 else None
    name = pack.facts.text
    if name not in scopes:
        help_text = did_you_mean(name, scopes) or "name the class in `facts=` when loading"
        report(pack.facts.span, "pack/facts", f"`{cut(name)}` is not a known fact type", help_text)
    return scopes.get(nearest(name, scopes) or name)


def _unique(what: str, names: Iterable[Name | None], code: str, report: Report) -> None:
    first: dict[str, Name] = {}
    for name in names:
        if name is None:
            continue
        if name.text in first:
            message = f"a {what} called `{name.text}` is already in {_where(first[name.text])}"
            report(name.span, code, message, "choose another name")
        first.setdefault(name.text, name)


def _where(name: Name) -> str:
    line, _ = name.span.source.position(name.span.start)
    return f"{name.span.source.path}:{line}"


def _is_free(name: Name, scope: FactScope, report: Report) -> bool:
    text = name.text
    if text in scope.fact_type.facts:
        message = f"the definition `{text}` is named like a fact of `{scope.fact_type.name}`"
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
            found[name] = Parameter(name, each.values, pack.name.text if pack.name is not None else "")
    return found


def check_messages(outcome: WrittenOutcome, scope: FactScope, report: Report) -> dict[Lang, Template]:
    """The sound messages of a rule, by language."""
    message: dict[Lang, Template] = {}
    for lang, node in outcome.message.items():

        def report_hole(flaw: Flaw, node: Scalar = node) -> None:
            report(node.span_of(flaw.start, flaw.end), flaw.code, flaw.message, flaw.help)

        template = check_message(node.text, scope, report_hole)
        if template is not None and scope.afford(scope.size(template), node.span):
            message[lang] = template
    return message


def check_rule(written: WrittenRule, pack: WrittenPack, place: int, scope: FactScope, report: Report) -> Rule | None:
    """A checked rule, without its examples; None when something in it is broken."""
    when = None if written.when is None else scope.tree(written.when)
    outcome = written.outcome
    message = check_messages(outcome, scope, report)
    for over in written.overrides:
        if over.text not in scope.rules and not scope.unreadable(over.text):
            text = f"there is no rule `{cut(over.text)}` on `{scope.fact_type.name}` to override"
            report(over.span, "rule/overrides", text, did_you_mean(over.text, scope.rules))
    if when is None or outcome.kind is None or len(message) < len(LANGS) or pack.name is None:
        return None
    return Rule(
        name=written.name.text,
        pack=pack.name.text,
        fact_type=scope.fact_type,
        when=when,
        kind=outcome.kind,
        target=outcome.target,
        severity=outcome.severity,
        deadline=outcome.deadline,
        priority=outcome.priority,
        message=message,
        source=outcome.source,
        valid_from=outcome.valid_from,
        valid_until=outcome.valid_until,
        overrides=tuple(dict.fromkeys(each.text for each in written.overrides)),
        place=place,
        span=written.name.span,
    )


def check_overrides(rules: Iterable[WrittenRule], report: Report) -> None:
    """Report every ring of overrides once, at its first rule."""
    over = {rule.name.text: rule for rule in rules}
    done: set[str] = set()
    rings: set[str] = set()
    for root in over:
        path: dict[str, Iterator[Name]] = {}
        following: str | None = root
        while following is not None or path:
            if following is not None and following not in done:
                path[following] = iter(over[following].overrides)
            name, targets = next(reversed(path.items()), ("", iter(())))
            following = next((each.text for each in targets if each.text in over and each.text not in done), None)
            if following in path:
                if following not in rings and not report.full:
                    report(over[following].name.span, "rule/override-cycle", f"`{following}` overrides itself",
                           _ring(following, list(path)))  # fmt: skip
                rings.add(following)
                following = None
            elif following is None and path:
                done.add(name)
                del path[name]


def _ring(name: str, path: list[str]) -> str:
    ring = path[path.index(name) :]
    shown = ring if len(ring) <= 8 else [*ring[:6], "...", ring[-1]]
    return f"the ring is {' -> '.join(f'`{each}`' if each != '...' else each for each in [*shown, name])}"
