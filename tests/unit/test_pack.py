"""A pack as written: its keys and what stands under them, before any name is resolved."""

import datetime as dt

import pytest

import dxrules
from dxrules.language.pack import read_pack
from dxrules.language.reader import read
from dxrules.language.written import MAX_DIAGNOSTICS, Report
from dxrules.source import Source, Span

RULE = '{when: lost, warn: , message: {en: "x", zh: "y"}}'


def written(text):
    """The pack and the codes that reading it reports, with the line and what is underlined."""
    source = Source("p.yaml", text)
    node, mistakes = read(source)
    assert mistakes == []
    report = Report()
    pack = read_pack(node, report)
    return pack, [(each.code, each.line, each.excerpt[each.caret :][: each.width]) for each in report.found]


def pack_of(more):
    return written(f"rulebook: p\nfacts: Card\n{more}")


def rule_of(more):
    """A rule with a few more lines."""
    lines = "".join(f"    {line}\n" for line in more.splitlines())
    pack, found = pack_of(f'rules:\n  A:\n    when: lost\n    message: {{en: "x", zh: "y"}}\n{lines}')
    return pack.rules[0], found


def test_a_whole_pack():
    pack, found = pack_of(f"""\
parameters: {{days: 90, limit: {{2026-01-01: 2.5, 2024-01-01: 1}}, state: active, strict: true}}
define:
  gone: status == "cancelled"
gates: {{cancel: [before_submit, promptly]}}
disable: [OLD]
rules:
  A: {RULE}
""")
    assert found == []
    assert (pack.name.text, pack.facts.text) == ("p", "Card")
    assert {each.name.text: each.values for each in pack.parameters} == {
        "days": ((dt.date.min, 90),),
        "limit": ((dt.date(2024, 1, 1), 1), (dt.date(2026, 1, 1), 2.5)),
        "state": ((dt.date.min, "active"),),
        "strict": ((dt.date.min, True),),
    }
    assert [(name.text, node.text) for name, node in pack.definitions] == [("gone", 'status == "cancelled"')]
    assert [(name.text, each) for name, each in pack.gates] == [("cancel", ("before_submit", "promptly"))]
    assert [each.text for each in pack.disable] == ["OLD"]
    assert [each.name.text for each in pack.rules] == ["A"]


def test_a_whole_rule():
    rule, found = rule_of("""\
block: cancel
severity: high
deadline: before_submit
priority: -5
source: [S1, S2]
valid: {from: 2024-09-12, until: 2025-01-01}
overrides: [B, C]
examples:
  - {given: {lost: true, request: {stage: draft}}, fires: true}
  - {fires: unknown, as_of: 2024-10-01}
""")
    assert found == []
    assert (rule.outcome.kind, rule.outcome.target, rule.outcome.severity, rule.outcome.deadline) == (
        "block",
        "cancel",
        "high",
        "before_submit",
    )
    assert (rule.outcome.priority, rule.outcome.source) == (-5, ("S1", "S2"))
    assert (rule.outcome.valid_from, rule.outcome.valid_until) == (dt.date(2024, 9, 12), dt.date(2025, 1, 1))
    assert [each.text for each in rule.overrides] == ["B", "C"]
    first, second = rule.examples
    assert (list(first.given), first.fires, first.as_of) == (["lost", "request"], True, None)
    assert (list(second.given), second.fires, second.as_of) == ([], None, dt.date(2024, 10, 1))


def test_defaults():
    rule, found = rule_of("warn:")
    assert found == []
    assert (
        rule.outcome.kind,
        rule.outcome.target,
        rule.outcome.severity,
        rule.outcome.deadline,
        rule.outcome.priority,
    ) == ("warn", None, "medium", "none", 0)
    assert (rule.outcome.source, rule.overrides, rule.examples) == ((), (), ())
    assert (rule.outcome.valid_from, rule.outcome.valid_until) == (dt.date.min, None)


@pytest.mark.parametrize("kind", ["require", "suggest", "warn", "inform"])
@pytest.mark.parametrize(("value", "target"), [("", None), ("~", None), ("cancel", "cancel"), ("'a thing'", "a thing")])
def test_targets(kind, value, target):
    rule, found = rule_of(f"{kind}: {value}")
    assert (rule.outcome.kind, rule.outcome.target, found) == (kind, target, [])


@pytest.mark.parametrize("empty", ["parameters", "define", "gates", "disable", "rules"])
@pytest.mark.parametrize("nothing", ["", "~", "null"])
def test_empty_parts(empty, nothing):
    assert pack_of(f"{empty}: {nothing}\n")[1] == []


@pytest.mark.parametrize(
    ("lines", "code", "place"),
    [
        ("block:", "rule/target", "block"),
        ("block: ''", "rule/target", "'"),
        ("block: two words", "rule/target", "two words"),
        ("block: 90", "rule/target", "9"),
        ("warn: true", "rule/target", "t"),
        ("warn: [a]", "rule/target", "["),
        ("", "rule/no-effect", "A"),
        ("warn:\nblock: cancel", "rule/two-effects", "block"),
        ("warn:\nseverity: hihg", "rule/severity", "hihg"),
        ("warn:\nseverity:", "rule/severity", "severity"),
        ("warn:\nseverity: {a: b}", "rule/severity", "severity"),
        ("warn:\ndeadline: within_24", "rule/deadline", "within_24"),
        ("warn:\npriority: 1.0", "rule/priority", "priority"),
        ("warn:\npriority: true", "rule/priority", "priority"),
        ("warn:\npriority: '5'", "rule/priority", "priority"),
        ("warn:\npriority: 1000000001", "rule/priority", "priority"),
        ("warn:\nsource: S1", "key/not-a-list", "S"),
        ("warn:\nsource: [1]", "key/not-a-text", "1"),
        ("warn:\nsource: ['']", "key/not-a-text", "'"),
        ("warn:\noverrides: {A: B}", "key/not-a-list", "{"),
        ("warn:\nvalid: 2026-01-01", "rule/valid", "2"),
        ("warn:\nvalid: {from: 2026-02-30}", "rule/date", "2026-02-30"),
        ("warn:\nvalid: {from: 2026-1-1}", "rule/date", "2026-1-1"),
        ("warn:\nvalid: {from: 2026-01-01T00:00:00}", "rule/date", "2026-01-01T00:00:00"),
        ("warn:\nvalid: {until: }", "rule/date", "}"),
        ("warn:\nvalid: {until: 2026-01-01, from: 2026-01-02}", "rule/valid", "2026-01-01"),
        ("warn:\nvalid: {form: 2026-01-01}", "key/unknown", "form"),
        ("warn:\nexamples: {}", "key/not-a-list", "{"),
        ("warn:\nexamples: [1]", "example/form", "1"),
        ("warn:\nexamples: [{given: {}}]", "example/fires", "{"),
        ("warn:\nexamples: [{fires: 1}]", "example/fires", "fires"),
        ("warn:\nexamples: [{fires: 'true'}]", "example/fires", "fires"),
        ("warn:\nexamples: [{fires: null}]", "example/fires", "fires"),
        ("warn:\nexamples: [{given: [], fires: true}]", "example/given", "given"),
        ("warn:\nexamples: [{as_of: now, fires: true}]", "rule/date", "now"),
        ("warn:\nexamples: [{give: {}, fires: true}]", "key/unknown", "give"),
        ("warn:\nfrequency: daily", "key/unknown", "frequency"),
    ],
)  # fmt: skip
def test_mistakes_in_a_rule(lines, code, place):
    assert [(found, text) for found, _, text in rule_of(lines)[1]] == [(code, place)]


@pytest.mark.parametrize(
    ("lines", "code", "place"),
    [
        ("parameters: [1]", "key/not-a-mapping", "["),
        ("parameters: {a-b: 1}", "key/name", "a-b"),
        ("parameters: {not: 1}", "key/name", "not"),
        ("parameters: {None: 1}", "key/name", "None"),
        ("parameters: {ｗ: 1}", "key/name", "ｗ"),
        ("parameters: {a: }", "parameter/value", "a"),
        ("parameters: {a: {}}", "parameter/value", "a"),
        ("parameters: {a: [1]}", "parameter/value", "["),
        ("parameters: {a: .nan}", "parameter/number", ".nan"),
        ("parameters: {a: 9223372036854775808}", "parameter/number", "9223372036854775808"),
        ("parameters: {a: {soon: 1}}", "parameter/date", "soon"),
        ("parameters: {a: {2026-01-01: 1, 2027-01-01: x}}", "parameter/types", "a"),
        ("parameters: {a: {2026-01-01: 1, 2027-01-01: true}}", "parameter/types", "a"),
        ("define: lost", "key/not-a-mapping", "l"),
        ("define: {a.b: lost}", "key/name", "a.b"),
        ("define: {or: lost}", "key/name", "or"),
        ("gates: {cancel: promptly}", "key/not-a-list", "p"),
        ("gates: {cancel: [soon]}", "gate/deadline", "soon"),
        ("disable: A", "key/not-a-list", "A"),
        ("disable: [1]", "key/not-a-text", "1"),
        ("rules: []", "key/not-a-mapping", "["),
        ("rules: {A-1: " + RULE + "}", "key/name", "A-1"),
        ("rules: {甲: " + RULE + "}", "key/name", "甲"),
        ("rules: {_A: " + RULE + "}", "key/name", "_A"),
        ("rules: {A: }", "rule/empty", "A"),
        ("rules: {A: lost}", "rule/empty", "A"),
        ("rules: {A: {warn: , message: {en: x, zh: y}}}", "rule/no-when", "A"),
        ("rules: {A: {when: lost, warn: }}", "rule/no-message", "A"),
        ("rules: {A: {when: lost, warn: , message: x}}", "key/not-a-mapping", "x"),
        ("rules: {A: {when: lost, warn: , message: {en: x}}}", "message/language", "message"),
        ("rules: {A: {when: lost, warn: , message: {}}}", "message/language", "message"),
        ("rules: {A: {when: lost, warn: , message: {en: x, zh: }}}", "message/text", "zh"),
        ("rules: {A: {when: lost, warn: , message: {en: x, zh: null}}}", "message/text", "zh"),
        ("rules: {A: {when: lost, warn: , message: {en: x, zh: 5}}}", "message/text", "zh"),
        ("rules: {A: {when: lost, warn: , message: {en: x, zh: ' '}}}", "message/text", "zh"),
        ("rules: {A: {when: lost, warn: , message: {en: x, zh: {a}}}}", "message/text", "zh"),
        ("rules: {A: {when: lost, warn: , message: {en: x, zh: y, fr: z}}}", "key/unknown", "fr"),
        ("ruels: {}", "key/unknown", "ruels"),
    ],
)  # fmt: skip
def test_mistakes_in_a_pack(lines, code, place):
    assert [(found, text) for found, _, text in pack_of(lines)[1]] == [(code, place)]


@pytest.mark.parametrize(
    ("text", "code"),
    [("5", "pack/not-a-mapping"), ("[a]", "pack/not-a-mapping"), ("facts: Card", "pack/no-rulebook"),
     ("rulebook: p", "pack/no-facts"), ("rulebook: 5\nfacts: Card", "pack/name"),
     ("rulebook: a/b\nfacts: Card", "pack/name"),
     ("rulebook: \nfacts: Card", "pack/name")],
)  # fmt: skip
def test_mistakes_in_the_head(text, code):
    assert [found for found, _, _ in written(text)[1]] == [code]


def test_a_nameless_pack_is_read_on():
    pack, found = written("rules:\n  A: {warn: 5}\n")
    assert (pack.name, pack.facts) == (None, None)
    assert [code for code, _, _ in found] == [
        "pack/no-rulebook", "pack/no-facts", "rule/no-when", "rule/target", "rule/no-message",
    ]  # fmt: skip


def test_a_rule_with_a_bad_name_is_read_on():
    assert [code for code, _, _ in pack_of("rules: {A-1: {when: lost}}")[1]] == [
        "key/name", "rule/no-effect", "rule/no-message",
    ]  # fmt: skip


def test_each_mistake_is_kept_once():
    report = Report()
    span = Span(Source("p.yaml", "lost"), 0, 4)
    for message in ("one", "two", "one"):
        report(span, "a/b", message)
    assert [each.message for each in report.found] == ["one", "two"]


def test_what_cannot_be_read_gets_no_second_report():
    report = Report()
    span = Span(Source("p.yaml", "lost"), 0, 4)
    report(span, "yaml/character", "not allowed")
    report(span, "condition/character", "not part of conditions")
    assert [each.code for each in report.found] == ["yaml/character"]


def test_there_is_an_end_of_it():
    report = Report()
    source = Source("p.yaml", "x" * 2 * MAX_DIAGNOSTICS)
    for place in range(2 * MAX_DIAGNOSTICS):
        report(Span(source, place, place + 1), "a/b", "one")
    assert (len(report.found), report.full) == (MAX_DIAGNOSTICS, True)


def test_a_priority_out_of_bounds_says_the_bounds():
    text = (
        "rulebook: r\nfacts: Card\nrules:\n  A: {when: lost, warn: , priority: 2000000000, message: {en: a, zh: a}}\n"
    )
    with pytest.raises(dxrules.RulebookError) as caught:
        dxrules.load(dxrules.Text(text))
    assert [each.help for each in caught.value.diagnostics] == ["it must lie within ±1 000 000 000"]
