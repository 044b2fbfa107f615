"""Everything that is measured of one card at a time, side by side in one run.

Exits with 1 when a target is missed or an answer is wrong, and, with ``--require-peers``, when a peer is
missing.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs from anywhere, as a plain script

from benchmarks.peers import all_peers
from benchmarks.suite import bundled, growth, twelve
from benchmarks.suite.report import Section, as_json, as_markdown, as_text
from benchmarks.suite.timing import Sampling

PARTS = ("twelve", "growth", "bundled")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and say by the exit code whether all is well."""
    options = _options(arguments)
    sections = _measure(options)
    print(as_markdown(sections) if options.markdown else as_text(sections))
    if options.json:
        distributions = ["dxrules", "attrs", *(peer.distribution for peer in all_peers())]
        options.json.write_text(as_json(sections, distributions) + "\n", encoding="utf-8")
    missing = options.require_peers and any(section.missing for section in sections)
    return 0 if all(section.passed for section in sections) and not missing else 1


def _measure(options: argparse.Namespace) -> list[Section]:
    sampling = Sampling(rounds=5, milliseconds=2.0) if options.quick else Sampling()
    growing = Sampling(rounds=sampling.rounds, block=500, milliseconds=sampling.milliseconds)
    sections: list[Section] = []
    if "twelve" in options.parts:
        sections.append(twelve.measure(sampling))
    if "growth" in options.parts:
        sections += growth.measure(growing, quick=options.quick)
    if "bundled" in options.parts:
        sections.append(bundled.measure(growing))
    return sections


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure dxrules beside hand-written Python and other engines.")
    parser.add_argument("--quick", action="store_true", help="few rounds, small rulebooks: a look, not a result")
    parser.add_argument("--markdown", action="store_true", help="print Markdown tables")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything measured to a file as well")
    parser.add_argument("--require-peers", action="store_true", help="fail when a peer is not installed")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="measure only these")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
