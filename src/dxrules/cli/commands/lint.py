"""Find what is no mistake in rules, but hardly meant.

A rule without an example, a definition that nothing uses, a clause that no fact makes true, and the like: each has a
code and an entry in docs/reference/lints.md. Beside `bundled` only your own files are looked at.

  dxrules lint loans.yaml --facts my_module:Loan
  dxrules lint bundled mine.yaml --format github
"""

from __future__ import annotations

import argparse

from dxrules.cli import exits
from dxrules.cli.options import add_facts, add_json, add_lang, add_paths


def add_options(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_paths(parser)
    add_facts(parser)
    parser.add_argument("--format", choices=("text", "json", "github"), default="text", help="how findings are told")
    add_lang(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Lint rule files."""
    from dxrules.authoring.lints import lint
    from dxrules.cli.findings import tell
    from dxrules.cli.rules import BUNDLED, classes_of, sources_of, split
    from dxrules.cli.words import counted, saying
    from dxrules.errors import RulebookError
    from dxrules.language.load import examine
    from dxrules.language.sources import bundled_folder

    words, _ = split(options.paths)
    examined = examine(sources_of(words), classes_of(options.facts, words))
    if examined.diagnostics:
        raise RulebookError(examined.diagnostics)
    found = lint(examined)
    if set(words) - {BUNDLED}:
        found = [each for each in found if not each.path.startswith(str(bundled_folder()))]
    form = "json" if options.json else options.format
    good = saying("no findings", options.lang, counted(len(examined.paths), "file", options.lang))
    tell(found, form, good, what="finding", lang=options.lang)
    return exits.FINDINGS if found else exits.RAN
