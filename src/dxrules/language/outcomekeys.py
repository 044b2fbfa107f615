"""The keys with which a rule says its outcome: effect, message, severity and the rest, whatever it fires on."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import cast

from dxrules.language.entries import NAME, Entry, date_of, first_of, is_empty, keys_of, names_in, text_of
from dxrules.language.nodes import Mapping as MapNode
from dxrules.language.nodes import Scalar
from dxrules.language.scan import cut
from dxrules.language.written import Name, Report, WrittenOutcome
from dxrules.rulebook import DEADLINES, KINDS, LANGS, SEVERITIES, Deadline, Kind, Lang, Severity
from dxrules.source import Span
from dxrules.suggest import listed, nearest

VALID_KEYS = ("from", "until")
OUTCOME_KEYS = (*KINDS, "severity", "deadline", "priority", "message", "source", "valid")
MAX_PRIORITY = 1_000_000_000
_NO_COMMENT = re.compile(r"[ \t]+#[^\s#]")  # such as ` #5`, which is hardly meant as one


def read_outcome(name: Name, entries: Mapping[str, Entry] | None, report: Report) -> WrittenOutcome:
    """The outcome of a rule as written; of one that is not even a mapping (None), nothing but the defaults."""
    sound = entries is not None
    entries = entries or {}
    kind, target = _effect(name, entries, report) if sound else (None, None)
    valid_from, valid_until = _valid(entries.get("valid"), report)
    return WrittenOutcome(
        kind=kind,
        target=target,
        severity=cast("Severity", _choice(entries.get("severity"), "rule/severity", SEVERITIES, "medium", report)),
        deadline=cast("Deadline", _choice(entries.get("deadline"), "rule/deadline", DEADLINES, "none", report)),
        priority=_priority(entries.get("priority"), report),
        message=_messages(name, entries.get("message"), report) if sound else {},
        source=tuple(each.text for each in names_in(entries.get("source"), "source", report)),
        valid_from=valid_from,
        valid_until=valid_until,
    )


def _effect(name: Name, entries: Mapping[str, Entry], report: Report) -> tuple[Kind | None, str | None]:
    given = [key for key in entries if key in KINDS]
    if not given:
        report(name.span, "rule/no-effect", f"the rule `{name.text}` has no effect", f"add one of {listed(KINDS)}")
        return None, None
    for extra in given[1:]:
        message = f"the rule `{name.text}` has two effects, `{given[0]}` and `{extra}`"
        report(entries[extra][0].span, "rule/two-effects", message, "make two rules of it")
    kind = given[0]
    node = entries[kind][1]
    text = text_of(node)
    if text is None and not is_empty(node):
        help_text = "put quotes around it" if isinstance(node, Scalar) else f"write it as in `{kind}: a_name`"
        report(first_of(node.span), "rule/target", f"`{kind}` takes a name or nothing", help_text)
        return None, None
    if kind == "block" and (text is None or not NAME.fullmatch(text)):
        place = entries[kind][0].span if text is None else node.span
        report(place, "rule/target", "`block` takes the name of the operation that it blocks",
               "write it as in `block: cancel`")  # fmt: skip
        return None, None
    return kind, text


def _choice(entry: Entry | None, code: str, allowed: tuple[str, ...], default: str, report: Report) -> str:
    if entry is None:
        return default
    key, node = entry[0].text, entry[1]
    text = node.text if isinstance(node, Scalar) else ""
    if text in allowed:
        return text
    if not text or is_empty(node):
        message = f"`{key}` takes one word" if text or not isinstance(node, Scalar) else f"`{key}` has no value"
        report(entry[0].span, code, message, f"it can be {listed(allowed)}")
    else:
        message, help_text = f"`{cut(text)}` is not a {key}", nearest(text, allowed)
        report(node.span, code, message,
               f"did you mean `{help_text}`?" if help_text else f"it can be {listed(allowed)}")  # fmt: skip
    return default


def _priority(entry: Entry | None, report: Report) -> int:
    if entry is None:
        return 0
    value = entry[1].value if isinstance(entry[1], Scalar) else None
    if type(value) is int and -MAX_PRIORITY <= value <= MAX_PRIORITY:
        return value
    help_text = "the highest comes first"
    if type(value) is int:
        help_text = f"it must lie within ±{MAX_PRIORITY:,}".replace(",", " ")
    report(entry[0].span, "rule/priority", "`priority` takes a whole number", help_text)
    return 0


def _messages(name: Name, entry: Entry | None, report: Report) -> dict[Lang, Scalar]:
    example = '`message: {en: "...", zh: "..."}`'
    if entry is None:
        report(name.span, "rule/no-message", f"the rule `{name.text}` has no `message`", f"add {example}")
        return {}
    if not isinstance(entry[1], MapNode):
        report(
            first_of(entry[1].span), "key/not-a-mapping", "`message` takes a text for each language", f"write {example}"
        )
        return {}
    keys = keys_of(entry[1], LANGS, report, "a message")
    absent = [lang for lang in LANGS if lang not in keys]
    if absent:
        words = " and no ".join({"en": "English", "zh": "Chinese"}[lang] for lang in absent)
        message = f"the message of `{name.text}` has no {words} text"
        report(entry[0].span, "message/language", message, "add " + " and ".join(f'`{lang}: "..."`' for lang in absent))
    found: dict[Lang, Scalar] = {}
    for lang in LANGS:
        key, node = keys.get(lang, (None, None))
        if isinstance(node, Scalar) and isinstance(node.value, str) and node.text.strip():
            found[lang] = node
            if node.cut_by_comment and _NO_COMMENT.match(node.source.text, node.end):
                report(first_of(Span(node.source, node.end + 1, len(node.source.text))), "message/text",
                       "YAML takes this for a comment, and the message ends before it",
                       "put quotes around the message, or a space after `#`")  # fmt: skip
        elif key is not None and node is not None:
            help_text = "a message that begins with `{` or `[` needs quotes around it"
            if isinstance(node, Scalar):
                help_text = "write what people read, in quotes"
            report(key.span, "message/text", f"the message takes a text for `{lang}`", help_text)
    return found


def _valid(entry: Entry | None, report: Report) -> tuple[dt.date, dt.date | None]:
    if entry is None:
        return dt.date.min, None
    if not isinstance(entry[1], MapNode):
        report(first_of(entry[1].span), "rule/valid", "`valid` takes `from` and `until`",
               "write `valid: {from: 2026-01-01, until: 2027-01-01}`")  # fmt: skip
        return dt.date.min, None
    keys = keys_of(entry[1], VALID_KEYS, report, "`valid`")
    dates = {key: date_of(node, key, report) for key, (_, node) in keys.items()}
    start, end = dates.get("from") or dt.date.min, dates.get("until")
    if end is not None and end <= start:
        report(keys["until"][1].span, "rule/valid", f"`until` must come after `from`, which is {start}",
               "`until` is the first day on which the rule no longer holds")  # fmt: skip
    return start, end
