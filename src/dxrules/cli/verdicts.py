"""What `test` says: failures as differences, with the clauses that made them, and coverage."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from dxrules.authoring.coverage import Covered, Seen
from dxrules.authoring.trying import Tried
from dxrules.cli.findings import show
from dxrules.cli.output import Output, Piece
from dxrules.cli.running import as_data
from dxrules.cli.words import counted, rules_counted, saying
from dxrules.errors import Diagnostic
from dxrules.explain.build import TreeBuilder
from dxrules.explain.text import tree_lines
from dxrules.explain.why_not import mark
from dxrules.language.examples import ExampleFacts, ParameterValues
from dxrules.rulebook import Example, Lang, Rule, Rulebook

_TRUTH = {True: "true", False: "false", None: "unknown"}


def tell_tests(
    options: argparse.Namespace,
    rulebook: Rulebook,
    examples: Sequence[Diagnostic],
    tried: Sequence[Tried],
    mistakes: Sequence[Diagnostic],
    covered: Sequence[Covered] | None,
) -> None:
    """Print the results of examples and cases.

    Args:
        options: of the command.
        rulebook: the rules.
        examples: the examples that contradict their rule.
        tried: the cases.
        mistakes: what is wrong with the cases files.
        covered: what was seen, where that is asked for.
    """
    count = sum(len(rule.examples) for rule in rulebook.rules)
    count += sum(len(rule.examples) for rule in rulebook.patterns)
    failed = [each for each in tried if each.differences]
    if options.json:
        Output().data(_data(count, examples, tried, mistakes, covered, options.lang))
        return
    out, lang = Output(), options.lang
    for each in examples:
        show(out, each, lang)
        _show_example(out, rulebook, each, lang)
        out.line()
    for case in failed:
        _show_case(out, case, lang)
    for each in mistakes:
        show(out, each, lang)
        out.line()
    if covered is not None:
        _show_coverage(out, covered)
    failures = len(examples) + len(failed)
    rules = rules_counted(len(rulebook.rules), len(rulebook.patterns), lang)
    text = saying("tried", lang, counted(count, "example", lang), counted(len(tried), "case", lang), rules)
    text += saying("failed", lang, failures) if failures else ""
    text += saying("in cases files", lang, counted(len(mistakes), "mistake", lang)) if mistakes else ""
    good = not failures and not mistakes
    out.line((text + (saying("all pass", lang) if good else ""), "good" if good else "bad"))


def _show_example(out: Output, rulebook: Rulebook, diagnostic: Diagnostic, lang: Lang) -> None:
    """The clauses of the rule that an example contradicts, with the example's facts."""
    for rule in rulebook.rules:
        for example in rule.examples:
            if example.span is None or example.span.source.path != diagnostic.path:
                continue
            if example.span.source.position(example.span.start) == (diagnostic.line, diagnostic.column):
                for line in _tree(rulebook, rule, example, lang):
                    out.line(line)
                return


def _tree(rulebook: Rulebook, rule: Rule, example: Example, lang: Lang) -> list[str]:
    values = ParameterValues(rulebook.parameters, example.as_of)
    facts = ExampleFacts(rule.fact_type, example.given, values, example.as_of)
    tree = TreeBuilder(facts).tree(rule.when)
    if example.fires:
        tree = mark(tree)  # with what stands in its way
    return tree_lines(tree, lang, personal=True, full=False, indent="    ")


def _show_case(out: Output, tried: Tried, lang: Lang) -> None:
    out.line((tried.case.place, "strong"), ": ", ("failed", "bad"), f": {tried.case.name}")
    if tried.case.why:
        out.line((f"  {' '.join(tried.case.why.split())}", "dim"))
    for each in tried.differences:
        about = f"{each.rule}: " if each.rule else ""
        out.line("  ", ("- ", "bad"), f"{about}expected: {each.expected}")
        out.line("  ", ("+ ", "good"), f"{about}found: {each.found}")
        if each.explanation is not None and each.explanation.when is not None:
            for line in tree_lines(each.explanation.when, lang, personal=False, full=False, indent="      "):
                out.line(line)
    out.line()


def _show_coverage(out: Output, covered: Sequence[Covered]) -> None:
    rows: list[list[Piece]] = []
    for each in covered:
        for seen in (each.whole, *each.clauses):
            if seen.lacks and not (seen is not each.whole and len(each.clauses) == 1 and each.whole.lacks):
                what = f"{each.kind} {each.name}" if seen is each.whole else f"  {seen.text}"
                lacks = "never " + ", never ".join(_TRUTH[truth] for truth in seen.lacks)
                rows.append([(f"{seen.path}:{seen.line}", "strong"), (lacks, "warn"), what])
    if rows:
        out.table(rows, ["not seen", "", "rule, definition or clause"])
        out.line()
    clauses = [seen for each in covered for seen in each.clauses]
    done = sum(not seen.lacks for seen in clauses)
    rules = [each for each in covered if each.kind == "rule"]
    whole = sum(not each.whole.lacks for each in rules)
    unknown = sum(bool(seen.counts.get(None)) for seen in clauses)
    out.line(f"coverage: {whole} of {counted(len(rules), 'rule')} and {done} of {counted(len(clauses), 'clause')} "
             f"seen true and false; {counted(unknown, 'clause')} seen unknown")  # fmt: skip


def _data(
    count: int,
    examples: Sequence[Diagnostic],
    tried: Sequence[Tried],
    mistakes: Sequence[Diagnostic],
    covered: Sequence[Covered] | None,
    lang: Lang,
) -> dict[str, Any]:
    failures = [{"kind": "example", **as_data(each, lang)} for each in examples]
    failures += [_case_data(each) for each in tried if each.differences]
    data: dict[str, Any] = {
        "examples": count,
        "cases": len(tried),
        "failures": failures,
        "diagnostics": [as_data(each, lang) for each in mistakes],
    }
    if covered is not None:
        data["coverage"] = [_covered_data(each) for each in covered]
    return data


def _case_data(tried: Tried) -> dict[str, object]:
    path, _, line = tried.case.place.rpartition(":")
    differences = [
        {
            "rule": each.rule,
            "expected": each.expected,
            "found": each.found,
            "explanation": each.explanation and each.explanation.to_dict(),
        }
        for each in tried.differences
    ]
    return {"kind": "case", "path": path, "line": int(line), "name": tried.case.name, "differences": differences}


def _covered_data(covered: Covered) -> dict[str, object]:
    return {
        "kind": covered.kind,
        "name": covered.name,
        "fact_type": covered.fact_type,
        **_seen_data(covered.whole),
        "clauses": [{"text": each.text, **_seen_data(each)} for each in covered.clauses],
    }


def _seen_data(seen: Seen) -> dict[str, object]:
    counts = {_TRUTH[truth]: seen.counts.get(truth, 0) for truth in _TRUTH}
    return {"path": seen.path, "line": seen.line, "seen": counts}
