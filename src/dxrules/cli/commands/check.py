"""Find the mistakes in rule files and cases files.

Every mistake of every file is told with its place, what is wrong, and what was probably meant. Mistakes are also told
as JSON, or as annotations that GitHub shows beside the lines of a change (--format github).

  dxrules check loans.yaml --facts my_module:Loan
  dxrules check bundled mine.yaml       when mine.yaml uses definitions of the bundled rules
  dxrules check mine.yaml --lang zh
"""

from __future__ import annotations

import argparse

from dxrules.cli import exits
from dxrules.cli.options import add_facts, add_json, add_lang, add_paths


def add_options(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_paths(parser, "rule files, cases files, or folders of them")
    add_facts(parser)
    parser.add_argument("--format", choices=("text", "json", "github"), default="text", help="how mistakes are told")
    add_lang(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Check rule files."""
    from dxrules.cli.findings import tell
    from dxrules.cli.rules import cases_in, classes_of, sources_of, split
    from dxrules.cli.words import counted, rules_counted, saying
    from dxrules.language.load import examine

    words, files = split(options.paths)
    found = examine(sources_of(words), classes_of(options.facts, words))
    diagnostics = list(found.diagnostics)
    if found.rulebook is not None:
        diagnostics += cases_in(files, found.rulebook)[1]
    form = "json" if options.json else options.format
    rules = sum(len(pack.rules) for pack in found.packs)
    patterns = sum(len(pack.patterns.rules) for pack in found.packs if pack.patterns is not None)
    looked_at = counted(len(found.paths) + len(files), "file", options.lang)
    good = saying("no mistakes", options.lang, looked_at, rules_counted(rules, patterns, options.lang))
    tell(diagnostics, form, good, what="mistake", lang=options.lang)
    if any(each.code.startswith("file/") for each in diagnostics):
        return exits.BAD_INPUT
    return exits.FINDINGS if diagnostics else exits.RAN
