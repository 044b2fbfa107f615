"""The schemas for editors: every bundled file fits, and what does not fit is told."""

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings

import dxrules
from dxrules import Account, Card
from dxrules.authoring.jsonschema import cases_schema, facts_schema, rules_schema
from dxrules.language.nodes import Mapping, Scalar
from dxrules.language.reader import decode, read
from dxrules.schema import describe
from generate.rulebooks import case_of, recipes
from generate.worlds import world
from profiles import examples

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


# The form of a file is what a schema sees: these mistakes, of those that `dxrules check` finds.
SEEN = {
    *("example.fires", "example.form", "example.given", "gate.deadline", "key.name"),
    *("key.not-a-list", "key.not-a-mapping", "key.not-a-mapping.rules", "key.not-a-text", "key.unknown"),
    *("message.language", "message.text", "pack.no-facts", "pack.no-rulebook", "pack.not-a-mapping"),
    *("parameter.date", "parameter.number", "parameter.value", "rule.date", "rule.deadline", "rule.empty"),
    *("rule.no-effect", "rule.no-message", "rule.no-when", "rule.priority", "rule.severity", "rule.target"),
    *("rule.two-effects", "rule.valid", "condition.empty", "condition.form"),
    *("condition.form.colon", "name.unknown.long-line", "pack.name"),
}


def verdicts():
    for path in sorted((GOLDEN / "diagnostics").glob("*.yaml")):
        found = content(path)
        if found is not None:
            yield path.stem, not RULES.is_valid(found)


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
