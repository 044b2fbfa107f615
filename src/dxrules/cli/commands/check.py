"""Find the mistakes in rule files.

Every mistake of every file is told with its place, what is wrong, and what was probably meant. Mistakes are also told
as JSON, or as annotations that GitHub shows beside the lines of a change (--format github).

  dxrules check loans.yaml --facts my_module:Loan
  dxrules check bundled mine.yaml       when mine.yaml uses definitions of the bundled rules
"""

from __future__ import annotations

import argparse

from dxrules.cli import exits
from dxrules.cli.options import add_facts, add_json, add_paths


def add_options(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_paths(parser)
    add_facts(parser)
    parser.add_argument("--format", choices=("text", "json", "github"), default="text", help="how mistakes are told")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Check rule files."""
    from dxrules.cli.findings import tell
    from dxrules.cli.rules import classes_of, sources_of
    from dxrules.language.load import examine

    found = examine(sources_of(options.paths), classes_of(options.facts, options.paths))
    form = "json" if options.json else options.format
    rules = sum(len(pack.rules) for pack in found.packs)
    good = f"no mistakes in {len(found.paths)} file{'s' * (len(found.paths) != 1)}, {rules} rule{'s' * (rules != 1)}"
    tell(found.diagnostics, form, good, what="mistake")
    if any(each.code.startswith("file/") for each in found.diagnostics):
        return exits.BAD_INPUT
    return exits.FINDINGS if found.diagnostics else exits.RAN
