"""Try the examples of rules, and cases files.

A rule's examples are in its file. Cases files (*.cases.yaml) hold facts and what whole decisions on them must be; those
in a folder with rules are tried with them. What fails is shown with the clauses that made it so.

  dxrules test
  dxrules test loans.yaml loans.cases.yaml --facts my_module:Loan
  dxrules test bundled mine.yaml --coverage
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from dxrules.cli import exits
from dxrules.cli.options import add_facts, add_json, add_lang, add_paths

if TYPE_CHECKING:
    from dxrules.authoring.cases import Case
    from dxrules.authoring.trying import Tried
    from dxrules.rulebook import Rulebook


def add_options(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_paths(parser, "rule files, cases files, or folders of them")
    add_facts(parser)
    parser.add_argument(
        "--coverage", action="store_true",
        help="also show which rules and clauses were never seen true, or never seen false",
    )  # fmt: skip
    parser.add_argument(
        "--strict", action="store_true", help="with --coverage: exit with 1 when something was not seen"
    )
    add_lang(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Try examples and cases."""
    from dxrules.authoring.coverage import coverage
    from dxrules.cli.rules import cases_in, classes_of, sources_of, split
    from dxrules.cli.verdicts import tell_tests
    from dxrules.errors import RulebookError
    from dxrules.language.load import examine

    rules, files = split(options.paths)
    found = examine(sources_of(rules), classes_of(options.facts, rules))
    if found.rulebook is None:
        raise RulebookError(found.diagnostics)
    cases, mistakes = cases_in(files, found.rulebook)
    tried = _try(cases, found.rulebook)
    covered = coverage(found.rulebook, tried) if options.coverage else None
    tell_tests(options, found.rulebook, found.diagnostics, tried, mistakes, covered)
    if mistakes:
        return exits.BAD_INPUT
    gaps = options.strict and covered is not None and not all(each.complete for each in covered)
    failed = found.diagnostics or any(each.differences for each in tried) or gaps
    return exits.FINDINGS if failed else exits.RAN


def _try(cases: list[Case], rulebook: Rulebook) -> list[Tried]:
    from dxrules import engines
    from dxrules.authoring.trying import try_case
    from dxrules.cli.progress import followed

    engine = engines.make(rulebook, "reference")
    return [try_case(case, engine) for case in followed(cases, "cases", len(cases))]
