"""From nodes to pattern rules as written: which keys they have and what stands under them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from dxrules.language.durations import duration
from dxrules.language.entries import (
    CODE,
    NAME,
    Entry,
    examples_in,
    fires_of,
    first_of,
    is_empty,
    keys_of,
    named,
    text_of,
)
from dxrules.language.nodes import Mapping as MapNode
from dxrules.language.nodes import Node, Scalar
from dxrules.language.nodes import Sequence as SeqNode
from dxrules.language.outcomekeys import OUTCOME_KEYS, read_outcome
from dxrules.language.scan import cut
from dxrules.language.written import (
    Name,
    Report,
    WrittenLength,
    WrittenMatch,
    WrittenPattern,
    WrittenPatternExample,
    WrittenPatterns,
)

PATTERN_PACK_KEYS = ("rulebook", "facts", "keep", "parameters", "targets", "disable", "rules")
PATTERN_KEYS = ("match", "where", "within", "after", "about", "absent", *OUTCOME_KEYS, "examples")
MOST_MATCHES = 8  # in one rule; the network joins at most 16
LEAST_COUNTED, MOST_COUNTED = 2, 1_000
_DOTTED = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)+")
MATCH_KEYS = ("is", "when", "joined", "where", "at_least")
ABSENT_KEYS = ("is", "when", "joined", "where")
PATTERN_EXAMPLE_KEYS = ("given", "now", "fires")
_MATCH_FORM = "write `a_name: {is: CardEvent, when: ...}`"


def holds_patterns(node: MapNode) -> bool:
    """Whether a pack holds pattern rules: its `facts` name several fact types."""
    return any(key.text == "facts" and isinstance(value, MapNode) for key, value in node.entries)


def read_patterns(keys: Mapping[str, Entry], report: Report) -> WrittenPatterns:
    """The pattern rules of a pack, with what they share."""
    facts: list[tuple[Name, Name]] = []
    for short, node in named(keys["facts"], "facts", NAME, report):
        text = text_of(node)
        if text is None:
            report(short.span, "pattern/facts", f"`{cut(short.text)}` stands for no fact type",
                   "write it as in `event: CardEvent`")  # fmt: skip
        else:
            facts.append((short, Name(text, node.span)))
    rules = tuple(_pattern(rule, body, report) for rule, body in named(keys.get("rules"), "rules", CODE, report))
    keep = keys.get("keep")
    return WrittenPatterns(
        facts=tuple(facts),
        keep=None if keep is None else _length(keep, report),
        keepless=keys["facts"][0].span if keep is None else None,
        rules=rules,
    )


def _length(entry: Entry, report: Report) -> WrittenLength | None:
    """The length of time under a key, or None after a report."""
    text = entry[1].text if isinstance(entry[1], Scalar) else ""
    found = duration(text)
    if found is not None:
        return WrittenLength(found, entry[1].span)
    place = entry[1].span if text else entry[0].span
    message = f"`{cut(text)}` is not a length of time" if text else f"`{entry[0].text}` takes a length of time"
    report(place, "pattern/duration", message, "write it as in `30 days`, `24 hours` or `15 minutes`")
    return None


def _pattern(name: Name, node: Node, report: Report) -> WrittenPattern:
    if not isinstance(node, MapNode):
        report(name.span, "rule/empty", f"the rule `{name.text}` says nothing",
               "it needs `match`, `about`, an effect such as `warn`, and `message`")  # fmt: skip
        return WrittenPattern(name, (), (), None, None, None, None, read_outcome(name, None, report), (), sound=False)
    before = len(report.found)
    keys = keys_of(node, PATTERN_KEYS, report, "a pattern rule")
    match = tuple(_matches(name, keys.get("match"), "match", report))
    absent = tuple(_matches(name, keys["absent"], "absent", report)) if "absent" in keys else ()
    within = _length(keys["within"], report) if "within" in keys else None
    after, about = _after(keys.get("after"), report), _about(name, keys.get("about"), report)
    outcome = read_outcome(name, keys, report)
    sound = len(report.found) == before and not report.full
    examples = tuple(_examples(keys.get("examples"), report))
    where = keys["where"][1] if "where" in keys else None
    return WrittenPattern(name, match, absent, where, within, after, about, outcome, examples, sound)


def _matches(name: Name, entry: Entry | None, key: str, report: Report) -> Iterator[WrittenMatch]:
    if entry is None or is_empty(entry[1]) or (isinstance(entry[1], MapNode) and not entry[1].entries):
        message = f"the rule `{name.text}` has no `{key}`" if entry is None else f"`{key}` names no fact"
        report(name.span if entry is None else entry[0].span, "pattern/match", message, _MATCH_FORM)
        return
    found = list(named(entry, key, NAME, report))
    if len(found) > MOST_MATCHES:
        report(found[MOST_MATCHES][0].span, "pattern/match",
               f"`{key}` names {len(found)} facts; {MOST_MATCHES} are allowed", "make two rules of it")  # fmt: skip
        return
    for each, node in found:
        if isinstance(node, MapNode):
            yield _match(each, node, key, report)
        else:
            report(each.span, "pattern/match", f"`{each.text}` does not say what it is", _MATCH_FORM)


def _match(name: Name, node: MapNode, key: str, report: Report) -> WrittenMatch:
    allowed = MATCH_KEYS if key == "match" else ABSENT_KEYS
    keys = keys_of(node, allowed, report, "a match" if key == "match" else "an absent fact")
    type_ = text_of(keys["is"][1]) if "is" in keys else None
    if type_ is None:
        report(keys["is"][0].span if "is" in keys else name.span, "pattern/match",
               f"`{name.text}` does not say what it is", _MATCH_FORM)  # fmt: skip
    at_least, counted_at = 1, None
    if "at_least" in keys:
        at, value = keys["at_least"]
        counted_at = value.span
        at_least = value.value if isinstance(value, Scalar) and type(value.value) is int else 0
        if not LEAST_COUNTED <= at_least <= MOST_COUNTED:
            report(at.span, "pattern/count", f"`at_least` takes a whole number from {LEAST_COUNTED} to {MOST_COUNTED}",
                   "leave it out where one fact is enough")  # fmt: skip
            at_least = 0
    return WrittenMatch(
        name=name,
        fact_type=None if type_ is None else Name(type_, keys["is"][1].span),
        when=keys["when"][1] if "when" in keys else None,
        joined=_joined(keys["joined"], report) if "joined" in keys else (),
        where=keys["where"][1] if "where" in keys else None,
        at_least=at_least,
        counted_at=counted_at,
    )


def _joined(entry: Entry, report: Report) -> tuple[Scalar, ...] | None:
    """The texts of `joined`: one, or a list of them; None after a report."""
    items = entry[1].items if isinstance(entry[1], SeqNode) else (entry[1],)
    found = tuple(item for item in items if isinstance(item, Scalar) and text_of(item) is not None)
    if len(found) == len(items):
        return found
    report(entry[0].span, "pattern/joined", "`joined` takes an equality, or a list of them",
           "write it as in `joined: card_id == report.card_id`")  # fmt: skip
    return None


def _after(entry: Entry | None, report: Report) -> WrittenLength | Scalar | None:
    """A length of time, or the text that names a fact."""
    if entry is not None and isinstance(entry[1], Scalar) and _DOTTED.fullmatch(entry[1].text):
        return entry[1]
    return None if entry is None else _length(entry, report)


def _about(name: Name, entry: Entry | None, report: Report) -> Scalar | None:
    if entry is not None and isinstance(entry[1], Scalar) and text_of(entry[1]) is not None:
        return entry[1]
    message = f"the rule `{name.text}` does not say what it is about"
    report(name.span if entry is None else entry[0].span, "pattern/about", message, "add `about:` and a match's name")
    return None


def _examples(entry: Entry | None, report: Report) -> Iterator[WrittenPatternExample]:
    form = "write `- {given: [{is: CardEvent, ...}], fires: true}`"
    for node, keys in examples_in(entry, PATTERN_EXAMPLE_KEYS, form, report):
        fires = fires_of(node, keys.get("fires"), report)
        if fires is None:
            report(keys["fires"][0].span, "example/fires", "a pattern rule fires or does not: it is never unknown",
                   "write `true` or `false`")  # fmt: skip
        given = keys["given"][1] if "given" in keys else None
        if given is not None and not (
            isinstance(given, SeqNode) and all(isinstance(each, MapNode) for each in given.items)
        ):
            report(keys["given"][0].span, "example/given", "`given` takes a list of facts",
                   "write each as in `{is: CardEvent, kind: ...}`")  # fmt: skip
            continue
        items = [each for each in given.items if isinstance(each, MapNode)] if isinstance(given, SeqNode) else []
        now = keys["now"][1] if "now" in keys else None
        if now is not None and not isinstance(now, Scalar):
            report(keys["now"][0].span, "example/value", "`now` takes a date and time",
                   "write it as `2026-01-31T09:30:00`")  # fmt: skip
        elif isinstance(fires, bool):
            yield WrittenPatternExample(
                given=tuple({key.text: (key, value) for key, value in each.entries} for each in items),
                places=tuple(first_of(each.span) for each in items),
                fires=fires,
                now=now if isinstance(now, Scalar) else None,
                span=first_of(node.span),
            )
