"""From nodes to a pack as written: which keys it has and what stands under them, before any name is resolved."""

from __future__ import annotations

import datetime as dt
import keyword
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import cast

from dxrules.language.entries import date_in, date_of, entries_of, is_empty, names_in, start_of, text_of
from dxrules.language.nodes import Mapping as MapNode
from dxrules.language.nodes import Node, Scalar
from dxrules.language.nodes import Sequence as SeqNode
from dxrules.language.scan import cut
from dxrules.language.written import Name, Report, WrittenExample, WrittenPack, WrittenParameter, WrittenRule
from dxrules.rulebook import DEADLINES, KINDS, LANGS, SEVERITIES, Deadline, Kind, Lang, Severity
from dxrules.source import Span
from dxrules.suggest import did_you_mean, listed, nearest
from dxrules.values import Plain

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_NO_COMMENT = re.compile(r"[ \t]+#[^\s#]")  # such as ` #5`, which is hardly meant as one
_NAME = re.compile(r"[^\W\d]\w*")
PACK_KEYS = ("rulebook", "facts", "parameters", "define", "gates", "disable", "rules")
RULE_KEYS = (
    "when", *KINDS, "severity", "deadline", "priority", "message", "source", "valid", "overrides", "examples",
)  # fmt: skip
EXAMPLE_KEYS = ("given", "fires", "as_of")
VALID_KEYS = ("from", "until")
_BELOW_RULES = dict.fromkeys(RULE_KEYS, "it belongs to a rule: indent it below the rule's name")
MAX_PRIORITY = 1_000_000_000


def read_pack(node: Node, report: Report) -> WrittenPack | None:
    """A pack as written, or None when it is not even a mapping; every mistake is reported."""
    if not isinstance(node, MapNode):
        report(start_of(node.span), "pack/not-a-mapping", "a rule file is a mapping of keys to values",
               "begin with `rulebook: a_name`")  # fmt: skip
        return None
    keys = entries_of(node, PACK_KEYS, report, "a rule file", _BELOW_RULES)
    name = _required_name(keys, "rulebook", node, report)
    facts = _required_name(keys, "facts", node, report)
    parameters = tuple(_parameters(keys.get("parameters"), report))
    definitions = tuple(_named(keys.get("define"), "define", _NAME, report))
    gates = tuple(_gates(keys.get("gates"), report))
    disable = tuple(names_in(keys.get("disable"), "disable", report))
    rules = tuple(_rule(rule, body, report) for rule, body in _named(keys.get("rules"), "rules", _CODE, report))
    return WrittenPack(name, facts, parameters, definitions, gates, disable, rules)


def _required_name(keys: Mapping[str, tuple[Scalar, Node]], key: str, node: MapNode, report: Report) -> Name | None:
    if key not in keys:
        code, example = ("pack/no-rulebook", "rulebook: cancellation")
        if key == "facts":
            code, example = ("pack/no-facts", "facts: Card")
        report(start_of(node.span), code, f"the file has no `{key}`", f"add a line such as `{example}`")
        return None
    value = keys[key][1]
    text = text_of(value)
    if text is None or not all(part.isidentifier() for part in re.split(r"[-. ]", text)):
        report(start_of(value.span), "pack/name", f"`{key}` takes a name", "a name holds letters, digits and `_`")
        return None
    return Name(text, value.span)


def _named(
    entry: tuple[Scalar, Node] | None, key: str, form: re.Pattern[str], report: Report
) -> Iterator[tuple[Name, Node]]:
    """The entries of a mapping from names to something."""
    if entry is None or is_empty(entry[1]):
        return
    node = entry[1]
    if not isinstance(node, MapNode):
        report(start_of(node.span), "key/not-a-mapping", f"`{key}` takes names with something under each",
               f"write `{key}:`, then `  a_name: ...` on lines of their own")  # fmt: skip
        return
    for name, value in node.entries:
        sound = form.fullmatch(name.text) is not None
        if not sound:
            help_text = "a name starts with a letter and holds letters, digits and `_`"
            report(name.span, "key/name", f"`{cut(name.text)}` is not a name", help_text)
        elif form is _NAME and (keyword.iskeyword(name.text) or not _plain(name.text)):
            sound = False
            message = f"`{cut(name.text)}` is not a name that conditions can use"
            report(name.span, "key/name", message, "choose another name")
        if sound or form is _CODE:  # a rule is read on, for the mistakes in it
            yield Name(name.text, name.span), value


def _plain(name: str) -> bool:
    """Whether Python's parser takes a name as it is written: it reads full-width letters as plain ones."""
    return name.isidentifier() and unicodedata.normalize("NFKC", name) == name


def _parameters(entry: tuple[Scalar, Node] | None, report: Report) -> Iterator[WrittenParameter]:
    for name, node in _named(entry, "parameters", _NAME, report):
        if isinstance(node, MapNode):
            values = tuple(_dated(name, node, report))
        else:
            value = _parameter_value(name, node, report)
            values = () if value is None else ((dt.date.min, value),)
        kinds = {float if type(value) is int else type(value) for _, value in values}
        if len(kinds) > 1:
            message = f"the values of `{name.text}` are of different types"
            report(name.span, "parameter/types", message, "make them all numbers, all texts, or all true and false")
            values = ()
        yield WrittenParameter(name, values)


def _dated(name: Name, node: MapNode, report: Report) -> Iterator[tuple[dt.date, Plain]]:
    found: dict[dt.date, Plain] = {}
    for key, item in node.entries:
        date = date_of(key.text)
        value = _parameter_value(name, item, report)
        if date is None:
            report(key.span, "parameter/date", f"`{cut(key.text)}` is not a date", "write it as `2026-01-31`")
        elif value is not None:
            found[date] = value
    if not node.entries:
        report(name.span, "parameter/value", f"the parameter `{name.text}` has no value",
               "write one, or values by date: `{2026-01-01: 60}`")  # fmt: skip
    yield from sorted(found.items(), key=lambda pair: pair[0])


def _parameter_value(name: Name, node: Node, report: Report) -> Plain:
    """The value of a parameter, or None after a report."""
    if isinstance(node, Scalar) and isinstance(node.value, (bool, str)):
        return node.value
    if isinstance(node, Scalar) and isinstance(node.value, (int, float)):
        if -(2**63) < node.value < 2**63:  # also keeps infinities and NaN out
            return node.value
        report(node.span, "parameter/number", f"`{cut(node.text)}` is not a number that rules can take",
               "it must lie within ±(2^63 - 1)")  # fmt: skip
        return None
    what = "has no value" if is_empty(node) else "takes a number, a text, true or false"
    place = name.span if is_empty(node) else start_of(node.span)
    report(place, "parameter/value", f"the parameter `{name.text}` {what}",
           "write one, or values by date: `{2026-01-01: 60}`")  # fmt: skip
    return None


def _gates(entry: tuple[Scalar, Node] | None, report: Report) -> Iterator[tuple[Name, tuple[Deadline, ...]]]:
    for name, node in _named(entry, "gates", _NAME, report):
        deadlines: list[Deadline] = []
        for each in names_in((cast("Scalar", node), node), name.text, report):
            if each.text in DEADLINES:
                deadlines.append(each.text)
            else:
                message = f"`{cut(each.text)}` is not a deadline"
                report(each.span, "gate/deadline", message, did_you_mean(each.text, DEADLINES))
        yield name, tuple(deadlines)


def _rule(name: Name, node: Node, report: Report) -> WrittenRule:
    entries: dict[str, tuple[Scalar, Node]] = {}
    if isinstance(node, MapNode):
        entries = entries_of(node, RULE_KEYS, report, "a rule")
    else:
        report(name.span, "rule/empty", f"the rule `{name.text}` says nothing",
               "it needs `when`, an effect such as `warn`, and `message`")  # fmt: skip
    sound = isinstance(node, MapNode)
    kind, target, target_span = _effect(name, entries, report) if sound else (None, None, None)
    if sound and "when" not in entries:
        report(
            name.span, "rule/no-when", f"the rule `{name.text}` has no `when`", "add the condition on which it fires"
        )
    valid_from, valid_until = _valid(entries.get("valid"), report)
    return WrittenRule(
        name=name,
        when=entries["when"][1] if "when" in entries else None,
        kind=kind,
        target=target,
        target_span=target_span,
        severity=cast("Severity", _choice(entries.get("severity"), "rule/severity", SEVERITIES, "medium", report)),
        deadline=cast("Deadline", _choice(entries.get("deadline"), "rule/deadline", DEADLINES, "none", report)),
        priority=_priority(entries.get("priority"), report),
        message=_messages(name, entries.get("message"), report) if sound else {},
        source=tuple(each.text for each in names_in(entries.get("source"), "source", report)),
        valid_from=valid_from,
        valid_until=valid_until,
        overrides=tuple(names_in(entries.get("overrides"), "overrides", report)),
        examples=tuple(_examples(entries.get("examples"), report)),
    )


def _effect(
    name: Name, entries: Mapping[str, tuple[Scalar, Node]], report: Report
) -> tuple[Kind | None, str | None, Span | None]:
    given = [key for key in entries if key in KINDS]
    if not given:
        report(name.span, "rule/no-effect", f"the rule `{name.text}` has no effect", f"add one of {listed(KINDS)}")
        return None, None, None
    for extra in given[1:]:
        message = f"the rule `{name.text}` has two effects, `{given[0]}` and `{extra}`"
        report(entries[extra][0].span, "rule/two-effects", message, "make two rules of it")
    kind = given[0]
    node = entries[kind][1]
    text = text_of(node)
    if text is None and not is_empty(node):
        help_text = "put quotes around it" if isinstance(node, Scalar) else f"write it as in `{kind}: a_name`"
        report(start_of(node.span), "rule/target", f"`{kind}` takes a name or nothing", help_text)
        return None, None, None
    if kind == "block" and (text is None or not _NAME.fullmatch(text)):
        place = entries[kind][0].span if text is None else node.span
        report(place, "rule/target", "`block` takes the name of the operation that it blocks",
               "write it as in `block: cancel`")  # fmt: skip
        return None, None, None
    return kind, text, node.span


def _choice(
    entry: tuple[Scalar, Node] | None, code: str, allowed: tuple[str, ...], default: str, report: Report
) -> str:
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


def _priority(entry: tuple[Scalar, Node] | None, report: Report) -> int:
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


def _messages(name: Name, entry: tuple[Scalar, Node] | None, report: Report) -> dict[Lang, Scalar]:
    example = '`message: {en: "...", zh: "..."}`'
    if entry is None:
        report(name.span, "rule/no-message", f"the rule `{name.text}` has no `message`", f"add {example}")
        return {}
    if not isinstance(entry[1], MapNode):
        report(
            start_of(entry[1].span), "key/not-a-mapping", "`message` takes a text for each language", f"write {example}"
        )
        return {}
    keys = entries_of(entry[1], LANGS, report, "a message")
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
                report(start_of(Span(node.source, node.end + 1, len(node.source.text))), "message/text",
                       "YAML takes this for a comment, and the message ends before it",
                       "put quotes around the message, or a space after `#`")  # fmt: skip
        elif key is not None and node is not None:
            help_text = "a message that begins with `{` or `[` needs quotes around it"
            if isinstance(node, Scalar):
                help_text = "write what people read, in quotes"
            report(key.span, "message/text", f"the message takes a text for `{lang}`", help_text)
    return found


def _valid(entry: tuple[Scalar, Node] | None, report: Report) -> tuple[dt.date, dt.date | None]:
    if entry is None:
        return dt.date.min, None
    if not isinstance(entry[1], MapNode):
        report(start_of(entry[1].span), "rule/valid", "`valid` takes `from` and `until`",
               "write `valid: {from: 2026-01-01, until: 2027-01-01}`")  # fmt: skip
        return dt.date.min, None
    keys = entries_of(entry[1], VALID_KEYS, report, "`valid`")
    dates = {key: date_in(node, key, report) for key, (_, node) in keys.items()}
    start, end = dates.get("from") or dt.date.min, dates.get("until")
    if end is not None and end <= start:
        report(keys["until"][1].span, "rule/valid", f"`until` must come after `from`, which is {start}",
               "`until` is the first day on which the rule no longer holds")  # fmt: skip
    return start, end


def _examples(entry: tuple[Scalar, Node] | None, report: Report) -> Iterator[WrittenExample]:
    if entry is None or is_empty(entry[1]):
        return
    form = "write `- {given: {...}, fires: true}`"
    if not isinstance(entry[1], SeqNode):
        report(start_of(entry[1].span), "key/not-a-list", "`examples` takes a list", form)
        return
    for node in entry[1].items:
        if not isinstance(node, MapNode):
            report(start_of(node.span), "example/form", "an example has `given` and `fires`", form)
            continue
        keys = entries_of(node, EXAMPLE_KEYS, report, "an example")
        fires = _fires(node, keys.get("fires"), report)
        given: dict[str, tuple[Scalar, Node]] = {}
        if "given" in keys and isinstance(keys["given"][1], MapNode):
            given = {key.text: (key, value) for key, value in keys["given"][1].entries}
        elif "given" in keys and not is_empty(keys["given"][1]):
            report(keys["given"][0].span, "example/given", "`given` takes facts and their values",
                   "write `given: {a_fact: a_value}`")  # fmt: skip
            continue
        as_of = date_in(keys["as_of"][1], "as_of", report) if "as_of" in keys else None
        if fires is not Ellipsis:
            yield WrittenExample(given, cast("bool | None", fires), as_of, start_of(node.span))


def _fires(node: MapNode, entry: tuple[Scalar, Node] | None, report: Report) -> object:
    """True, False, None for unknown; Ellipsis after a report."""
    if entry is None:
        report(start_of(node.span), "example/fires", "the example does not say whether the rule fires",
               "add `fires: true`, `false` or `unknown`")  # fmt: skip
        return Ellipsis
    value = entry[1].value if isinstance(entry[1], Scalar) else None
    if isinstance(value, bool):
        return value
    if value == "unknown":
        return None
    report(entry[0].span, "example/fires", "`fires` takes true, false or unknown")
    return Ellipsis
