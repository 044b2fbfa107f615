"""Say why a fact is decided as it is, and what would change it.

For every rule that fires: its message, its sources, and its clauses with their truth and the values they read; then the
undetermined and the silenced rules. Personal data is masked.

  dxrules explain card.json --lang zh
  dxrules explain cards.csv --record 12 --why-not BATCH_CANCEL
  dxrules explain card.json --what-if allow=cancel
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dxrules.cli import exits
from dxrules.cli.options import add_day, add_facts, add_json, add_lang, add_personal, add_records, add_rules

if TYPE_CHECKING:
    from dxrules.decision import Decision

_GOALS = ("allow", "fire", "silence")


def add_options(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_records(parser)
    parser.add_argument("--record", type=int, metavar="N", help="which record of FILE, from 1, where it has several")
    parser.add_argument("--why-not", action="append", default=[], metavar="RULE",
                        help="explain why a rule does not fire; may be repeated")  # fmt: skip
    parser.add_argument("--what-if", action="append", default=[], type=_goal, metavar="GOAL",
                        help="the smallest changes that reach a goal: `allow=OPERATION`, `fire=RULE` or "
                             "`silence=RULE`; may be repeated")  # fmt: skip
    parser.add_argument("--missing", action="store_true", help="list the unknown facts that are worth asking for")
    parser.add_argument("--full", action="store_true", help="show the parts of every line, and all rules in full")
    add_rules(parser)
    add_facts(parser, "; the first is the class of the records")
    add_day(parser)
    add_lang(parser)
    add_personal(parser)
    add_json(parser)


def _goal(text: str) -> dict[str, str]:
    kind, equals, name = text.partition("=")
    if kind not in _GOALS or not equals or not name:
        raise argparse.ArgumentTypeError(f"`{text}` is no goal: write {', '.join(f'{each}=NAME' for each in _GOALS)}")
    return {kind: name}


def run(options: argparse.Namespace) -> int:
    """Explain one record."""
    from dxrules.cli.output import Output

    decision = _decision(options)
    answers = list(_answers(decision, options))
    out = Output()
    if options.json:
        data: dict[str, Any] = {"fact_type": type(decision.fact).__name__, "as_of": decision.as_of.isoformat()}
        for key, answer in answers:
            if key in ("why_not", "what_if"):
                data.setdefault(key, []).append(_data(answer, options))
            else:
                data[key] = _data(answer, options)
        out.data(data)
        return exits.RAN
    for place, (_, answer) in enumerate(answers):
        if place:
            out.line()
        for line in _text(answer, options).split("\n"):
            out.line(line)
    return exits.RAN


def _decision(options: argparse.Namespace) -> Decision:
    from dxrules.cli.deciding import Decider
    from dxrules.cli.records import one_record
    from dxrules.cli.reports import trouble_of
    from dxrules.cli.rules import classes_of, sources_of
    from dxrules.cli.words import saying
    from dxrules.errors import FactError
    from dxrules.language.load import load

    classes = classes_of(options.facts, options.rules)
    rulebook = load(sources_of(options.rules), classes, None)
    record = one_record(options.file, options.format, options.encoding, options.record)
    found = Decider(rulebook, classes[0], options.as_of).decide(record)
    if isinstance(found, (str, FactError)):
        problems = "\n  ".join(trouble_of(found, options.lang))
        head = saying("bad record", options.lang, record.number, classes[0].__name__)
        raise exits.UsageError(f"{options.file}:{record.line}: {head}\n  {problems}")
    return found


def _answers(decision: Decision, options: argparse.Namespace) -> Iterator[tuple[str, Any]]:
    for rule in options.why_not:
        yield "why_not", decision.why_not(rule)
    for goal in options.what_if:
        yield "what_if", decision.what_if(**goal)
    if options.missing:
        yield "missing", decision.missing()
    if not (options.why_not or options.what_if or options.missing):
        yield "explanation", decision.explain()


def _data(answer: Any, options: argparse.Namespace) -> Any:
    from dxrules.explain import Questions

    return answer.to_dict() if isinstance(answer, Questions) else answer.to_dict(personal=options.personal)


def _text(answer: Any, options: argparse.Namespace) -> str:
    from dxrules.explain import Explanation, Questions, RuleExplanation

    if isinstance(answer, Questions):
        return answer.text(options.lang)
    if isinstance(answer, (Explanation, RuleExplanation)):
        return answer.text(options.lang, personal=options.personal, full=options.full)
    found: str = answer.text(options.lang, personal=options.personal)
    return found
