"""Lints: what is no mistake in rules, but hardly meant.

Each finding is a diagnostic with a code `lint/...`; docs/reference/lints.md explains each. They are told of rules that
load without mistakes only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from dxrules import expression as ex
from dxrules.authoring.constant import constant_truth
from dxrules.authoring.coverage import names_used, own_clauses
from dxrules.errors import Diagnostic
from dxrules.language.load import Examined
from dxrules.language.scan import cut
from dxrules.language.written import Report, WrittenPack, WrittenRule
from dxrules.rulebook import Hole, Rule, Rulebook
from dxrules.suggest import listed

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_HOLE = re.compile(r"\{[^{}]*\}")
_LONG_NAME = 6  # shorter names differ by a letter on purpose: `is_a`, `is_b`


def lint(found: Examined) -> list[Diagnostic]:
    """What is hardly meant in some rule files, sorted by file and place; nothing when they have mistakes."""
    if found.rulebook is None or found.diagnostics:
        return []
    report = Report()
    book = found.rulebook
    for pack in found.packs:
        for written in pack.rules:
            _examples(written, report)
            _messages(written, report)
    _unused(found.packs, book, report)
    for rule in book.rules:
        _clauses(rule.when, report)
    for definitions in book.definitions.values():
        for body in definitions.values():
            _clauses(body, report)
    _overrides(found.packs, book, report)
    _names(found.packs, book, report)
    order = {path: place for place, path in enumerate(found.paths)}
    return sorted(report.found, key=lambda each: (order.get(each.path, 0), each.line, each.column, each.code))


def _examples(rule: WrittenRule, report: Report) -> None:
    name = rule.name
    if not rule.examples:
        report(name.span, "lint/no-example", f"the rule `{name.text}` has no example",
               "give it one that fires and one that does not")  # fmt: skip
        return
    truths = {each.fires for each in rule.examples}
    for truth, words in ((True, "fires"), (False, "does not fire")):
        if truth not in truths:
            report(name.span, "lint/one-sided", f"the rule `{name.text}` has no example that {words}", "add one")


def _messages(rule: WrittenRule, report: Report) -> None:
    """A message that says the same in both languages, or has no Chinese in Chinese, was not translated."""
    en, zh = rule.message.get("en"), rule.message.get("zh")
    if en is None or zh is None:
        return
    said = _HOLE.sub("", zh.text)
    if any(each.isalpha() for each in said) and not _HAN.search(said):
        report(
            zh.span, "lint/untranslated", f"the Chinese message of `{rule.name.text}` is not in Chinese", "translate it"
        )
    said = _HOLE.sub("", en.text)
    if _HAN.search(said) and not re.search("[A-Za-z]", said):
        report(
            en.span, "lint/untranslated", f"the English message of `{rule.name.text}` is not in English", "translate it"
        )


def _unused(packs: Iterable[WrittenPack], book: Rulebook, report: Report) -> None:
    definitions: dict[str, set[str]] = {each.name: set() for each in book.fact_types}
    parameters: set[str] = set()
    for rule in book.rules:
        for expr in _expressions(rule):
            definitions[rule.fact_type.name] |= names_used(expr)
            parameters |= {node.name for node in ex.walk(expr) if isinstance(node, ex.ParamRef)}
    for pack in packs:
        used = definitions[pack.facts.text] if pack.facts is not None else set()
        for name, _ in pack.definitions:
            if name.text not in used:
                report(name.span, "lint/unused-definition", f"nothing uses the definition `{name.text}`",
                       "use it, or delete it")  # fmt: skip
        for each in pack.parameters:
            if each.name.text not in parameters:
                report(each.name.span, "lint/unused-parameter", f"nothing uses the parameter `{each.name.text}`",
                       "use it, or delete it")  # fmt: skip


def _expressions(rule: Rule) -> Iterator[ex.Expr]:
    """The condition of a rule, and what stands in its messages."""
    yield rule.when
    for template in rule.message.values():
        yield from (part.expr for part in template.parts if isinstance(part, Hole))


def _clauses(body: ex.Expr, report: Report) -> None:
    for clause in own_clauses(body):
        truth = constant_truth(clause.body) if clause.span is not None and clause.type == ex.BOOL else None
        if truth is not None and clause.span is not None:
            never = "false" if truth else "true"
            message = f"`{cut(' '.join(clause.text.split()))}` is never {never}, whatever the facts are"
            help_text = "correct it, or take it out" if truth else "correct it: no fact makes it true"
            report(clause.span, "lint/never-false" if truth else "lint/never-true", message, help_text)


def _overrides(packs: Iterable[WrittenPack], book: Rulebook, report: Report) -> None:
    """Overrides of a rule that is switched off, or never in force together with the one that overrides it."""
    rules = {(rule.fact_type.name, rule.name): rule for rule in book.rules}
    for pack in packs:
        for written in pack.rules:
            kind = pack.facts.text if pack.facts is not None else ""
            upper = rules.get((kind, written.name.text))
            for over in written.overrides if upper is not None else ():
                lower = rules.get((kind, over.text))
                if lower is None:
                    message = f"`{over.text}` is switched off: there is nothing to override"
                    report(over.span, "lint/idle-override", message, "take it out of `overrides`")
                elif upper is not None and not _together(upper, lower):
                    message = f"`{upper.name}` and `{lower.name}` are never in force on the same day"
                    report(over.span, "lint/idle-override", message, "take it out of `overrides`")


def _together(one: Rule, two: Rule) -> bool:
    ends = [each.valid_until for each in (one, two) if each.valid_until is not None]
    return not ends or max(one.valid_from, two.valid_from) < min(ends)


def _names(packs: Iterable[WrittenPack], book: Rulebook, report: Report) -> None:
    """Names that are easily taken for one another: but for case and underscores the same, or one letter apart."""
    for fact_type in book.fact_types:
        own = [pack for pack in packs if pack.facts is not None and pack.facts.text == fact_type.name]
        written = [name for pack in own for name, _ in pack.definitions]
        written += [each.name for pack in packs for each in pack.parameters]
        known = list(fact_type.facts)
        for name in written:
            like = [each for each in known if alike(name.text, each)]
            if like:
                report(name.span, "lint/similar-name", f"`{name.text}` is easily taken for {listed(like)}",
                       "give it a name that says what is different")  # fmt: skip
            known.append(name.text)


def alike(one: str, two: str) -> bool:
    """Whether two names are easily taken for one another.

    >>> alike("wants_cancel", "want_cancel"), alike("is_gone", "isGone"), alike("days_30", "days_90")
    (True, True, False)
    """
    if one == two:
        return False
    left, right = one.replace("_", "").casefold(), two.replace("_", "").casefold()
    if left == right:
        return True
    if min(len(left), len(right)) < _LONG_NAME or abs(len(left) - len(right)) > 1:
        return False
    start = next(
        (place for place, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right))
    )
    rest, other = left[start:], right[start:]
    if any(char.isdigit() for char in rest[:1] + other[:1]):
        return False
    swapped = rest[:2] == other[:2][::-1] and rest[2:] == other[2:]
    return swapped or rest[1:] == other or rest == other[1:] or rest[1:] == other[1:]
