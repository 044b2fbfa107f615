"""The schemas for editors: every bundled file fits, and what does not fit is told."""

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dxrules
from dxrules import Account, Card
from dxrules.authoring.jsonschema import cases_schema, facts_schema, rules_schema
from dxrules.language.nodes import Mapping, Scalar
from dxrules.language.reader import decode, read
from dxrules.schema import describe
from dxrules.source import Source
from generate.rulebooks import case_of, recipes
from generate.worlds import world
from profiles import examples
from session.rulebooks import rulebook as patterns_of

ROOT = Path(__file__).parent.parent.parent
GOLDEN = ROOT / "tests" / "golden"
RULES = jsonschema.Draft7Validator(rules_schema())
CASES = jsonschema.Draft7Validator(cases_schema())


def data(node):
    """A node as an editor sees it, by the core schema of YAML 1.2."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Mapping):
        return {key.text: data(value) for key, value in node.entries}
    return [data(each) for each in node.items]


def content(path):
    """What is in a file; None where it is not YAML."""
    source, _ = decode(str(path), path.read_bytes())
    node = read(source)[0] if source is not None else None
    return None if node is None else data(node)


def test_the_schemas_are_schemas():
    for schema in (rules_schema(), cases_schema(), facts_schema(describe(Card)), facts_schema(describe(Account))):
        jsonschema.Draft7Validator.check_schema(schema)
        assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize("path", sorted((ROOT / "rules").glob("*.yaml")), ids=lambda path: path.name)
def test_every_bundled_file_fits(path):
    validator = CASES if path.name.endswith(".cases.yaml") else RULES
    assert [error.message for error in validator.iter_errors(content(path))] == []


@settings(max_examples=examples(ci=60, long=2_000))
@given(recipes())
def test_random_rulebooks_fit(recipe):
    for text in case_of(recipe).texts:
        source, _ = decode("a.yaml", text.encode())
        assert [error.message for error in RULES.iter_errors(data(read(source)[0]))] == []


@settings(max_examples=examples(ci=30, long=1_000))
@given(st.integers(0, 2**32))
def test_random_pattern_rulebooks_fit(seed):
    for text in patterns_of(seed)[1]:
        assert [error.message for error in RULES.iter_errors(data(read(Source("a.yaml", text))[0]))] == []


# The form of a file is what a schema sees: these mistakes, of those that `dxrules check` finds.
SEEN = {
    *("example.fires", "example.form", "example.given", "gate.deadline", "key.name"),
    *("key.not-a-list", "key.not-a-mapping", "key.not-a-mapping.rules", "key.not-a-text", "key.unknown"),
    *("message.language", "message.text", "pack.no-facts", "pack.no-rulebook", "pack.not-a-mapping"),
    *("parameter.date", "parameter.number", "parameter.value", "rule.date", "rule.deadline", "rule.empty"),
    *("rule.no-effect", "rule.no-message", "rule.no-when", "rule.priority", "rule.severity", "rule.target"),
    *("rule.two-effects", "rule.valid", "condition.empty", "condition.form"),
    *("condition.form.colon", "name.unknown.long-line", "pack.name"),
    *("example.given.pattern", "pattern.about", "pattern.count", "pattern.duration", "pattern.facts"),
    *("pattern.joined", "pattern.match", "pattern.where", "rollup.form", "target.name"),
    *("yaml.colon.in-braces", "yaml.indent.wide", "yaml.indent.wide-throughout"),
}


def verdicts():
    for path in sorted((GOLDEN / "diagnostics").glob("*.yaml")):
        found = content(path)
        if found is not None:
            yield path.stem, not RULES.is_valid(found)


PATTERNS = """\
rulebook: mine
facts: {card: Card, event: CardEvent}
keep: 30 days
rules:
  A:
    match:
      report: {is: CardEvent, when: kind == "loss_reported"}
      calls: {is: CardEvent, joined: card_id == report.card_id, at_least: 3, where: calls.at > report.at}
    within: 7 days
    after: 24 hours
    about: report.card_id
    absent:
      found: {is: CardEvent, joined: [card_id == report.card_id]}
    warn:
    message: {en: "a", zh: "b"}
    examples:
      - {given: [{is: event, at: 2026-01-05 09:00}], now: 2026-01-06, fires: false}
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", True),
        ("after: 24 hours", "after: report.promised_by", True),
        ("keep: 30 days\n", "parameters: {a: 1}\ndisable: [B]\n", True),
        ("facts: {card: Card, event: CardEvent}", "facts: Card", False),
        ("keep: 30 days", "keep: 30", False),
        ("keep: 30 days", "define: {a: lost}", False),
        ("within: 7 days", "within: a week", False),
        ("after: 24 hours", "after: soon", False),
        ("after: 24 hours", "afterwards: 24 hours", False),
        ("after: 24 hours", "overrides: [B]", False),
        ("at_least: 3", "at_least: three", False),
        ("at_least: 3", "at_least: 1", False),
        ("at_least: 3, ", "", False),
        ("is: CardEvent, when", "when", False),
        ("is: CardEvent, when", "are: CardEvent, when", False),
        (", joined: [card_id == report.card_id]", "", False),
        ("    about: report.card_id\n", "", False),
        ("match:", "matches:", False),
        ("    warn:\n", "", False),
        ("    warn:\n", "    warn:\n    inform:\n", False),
        ("is: event, at", "at", False),
        ("fires: false", "fires: unknown", False),
        ("event: CardEvent", "event: 3", False),
    ],
)
def test_pattern_rules(old, new, expected):
    """What the schema refuses here, loading refuses too."""
    assert old in PATTERNS
    text = PATTERNS.replace(old, new, 1) if old else PATTERNS
    assert RULES.is_valid(data(read(Source("a.yaml", text))[0])) is expected
    if not expected:
        with pytest.raises(dxrules.RulebookError):
            dxrules.load(dxrules.Text(text))


def test_each_broken_file_has_its_verdict():
    found = dict(verdicts())
    assert {name for name, refused in found.items() if refused} == SEEN
    assert len(found) > 80


@pytest.mark.parametrize(
    ("name", "expected"),
    [("mistakes", False), ("no-day", True), ("required", True), ("none", False), ("list", False)],
)
def test_each_broken_cases_file_has_its_verdict(name, expected):
    assert CASES.is_valid(content(GOLDEN / "cases" / f"{name}.cases.yaml")) is expected


CARD = {"card_id": "c-1", "status": "active", "lost": None, "request": {"stage": "draft"}, "usage.devices_30d": 3}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, True),
        ({"lost": True}, True),
        ({"lost": 1}, False),
        ({"lots": True}, False),
        ({"status": "actve"}, False),
        ({"arrears_fen": -1}, False),
        ({"arrears_fen": 1.5}, False),
        ({"bound_services": ["broadband", "broadband"]}, False),
        ({"request": None}, True),
        ({"request": {"stage": "draught"}}, False),
        ({"usage.devices_30d": "3"}, False),
        ({"card_id": None}, False),
    ],
)
def test_facts(change, expected):
    """What the schema of facts takes, `structure` takes, and the other way round."""
    given = CARD | change
    assert jsonschema.Draft7Validator(facts_schema(describe(Card))).is_valid(given) is expected
    try:
        dxrules.structure(given, Card)
        taken = True
    except dxrules.FactError:
        taken = False
    assert taken is expected


def test_random_classes_have_schemas():
    for index in range(0, 400, 20):
        for fact_type in world(index).fact_types:
            jsonschema.Draft7Validator.check_schema(facts_schema(fact_type))
