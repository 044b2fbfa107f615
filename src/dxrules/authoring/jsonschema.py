"""JSON Schemas (draft 7, which editors know best) of rule files, cases files, and facts.

Which keys there are, and which words they take, comes from the tables that the readers use; a key without a schema
here fails the tests. A schema is there for the editor: it sees the form of a file, and `dxrules check` the meaning.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dxrules.authoring.cases import CASE_KEYS, EXPECT_KEYS, FILE_KEYS, READY, VERDICTS
from dxrules.language.durations import FORM
from dxrules.language.outcomekeys import MAX_PRIORITY, VALID_KEYS
from dxrules.language.pack import EXAMPLE_KEYS, PACK_KEYS, RULE_KEYS
from dxrules.language.patternpack import (
    ABSENT_KEYS,
    LEAST_COUNTED,
    MATCH_KEYS,
    MOST_COUNTED,
    MOST_MATCHES,
    PATTERN_EXAMPLE_KEYS,
    PATTERN_KEYS,
    PATTERN_PACK_KEYS,
)
from dxrules.rulebook import DEADLINES, KINDS, LANGS, SEVERITIES
from dxrules.schema import MAX_INT, Fact, FactType, Type

Schema = dict[str, Any]

_DRAFT = "http://json-schema.org/draft-07/schema#"
_NAME = r"^[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*$"
_CODE = r"^[A-Za-z][A-Za-z0-9_]*$"
_DOTTED = rf"{_NAME[:-1]}(\.{_NAME[1:-1]})+$"
_DATE = r"^\d{4}-\d{2}-\d{2}$"
_LARGEST = 2**63 - 1


def rules_schema() -> Schema:
    """The schema of rule files, those of pattern rules among them: of these `facts` is a mapping."""
    return {
        "$schema": _DRAFT,
        "title": "dxrules: a rule file",
        "type": "object",
        "if": {"properties": {"facts": {"type": "object"}}, "required": ["facts"]},
        "then": _ref("patterns"),
        "else": _ref("rules"),
        "definitions": {
            "value": _value(),
            "condition": _condition(),
            "rules": _pack(),
            "rule": _rule(),
            "example": _example(),
            "patterns": _pattern_pack(),
            "pattern": _pattern(),
            "match": _match(MATCH_KEYS),
            "absent": _match(ABSENT_KEYS),
        },
    }


def _shared() -> dict[str, Schema]:
    """What packs of both kinds have."""
    names = _object({lang: {"type": "string", "minLength": 1} for lang in LANGS}, LANGS, required=LANGS)
    return {
        "rulebook": {"type": "string", "minLength": 1, "description": "the pack's name, unique"},
        "parameters": _nothing_or(_map(_NAME, {"anyOf": [_ref("value"), _map(_DATE, _ref("value"), least=1)]},
                                       "numbers, texts and truth values that rules read; or such by date")),
        "targets": _nothing_or(_map("^.+$", names, "what people call what rules are about, in each language")),
    }  # fmt: skip


def _pack() -> Schema:
    parts = {
        **_shared(),
        "facts": {"type": "string", "minLength": 1, "description": "the attrs class that the conditions read"},
        "define": _nothing_or(_map(_NAME, _ref("condition"), "conditions and values with a name")),
        "gates": _nothing_or(_map(_NAME, _nothing_or(_list({"enum": list(DEADLINES)})),
                                  "required actions with these deadlines stand in the way of the operation")),
        "disable": _names("rules of other packs that are switched off"),
        "rollup": _nothing_or(_map(_NAME, {"type": "string", "minLength": 1}, "what other facts add up to in these")),
        "fill": _nothing_or(_map(_NAME, {"type": "string", "minLength": 1},
                                 "facts of those that add up, unknown there and told from these")),
        "rules": _nothing_or(_map(_CODE, _ref("rule"), "the rules; the name of each is the code of its outcome")),
    }  # fmt: skip
    return _object(parts, PACK_KEYS, required=("rulebook", "facts"))


def _pattern_pack() -> Schema:
    parts = {
        **_shared(),
        "facts": _map(_NAME, {"type": "string", "minLength": 1}, "the fact types that rules match, by short names"),
        "keep": {**_length(), "description": "how long an event counts"},
        "disable": _names("pattern rules that are switched off"),
        "rules": _nothing_or(_map(_CODE, _ref("pattern"), "the rules; the name of each is the code of its outcome")),
    }
    return _object(parts, PATTERN_PACK_KEYS, required=("rulebook", "facts"))


def _rule() -> Schema:
    parts = {
        "when": {**_ref("condition"), "description": "the rule fires when this is true"},
        **_outcome(),
        "overrides": _names("rules that this one silences"),
        "examples": _nothing_or(_list(_ref("example"))),
    }
    rule = _object(parts, RULE_KEYS, required=("when", "message"))
    return {**rule, "oneOf": [{"required": [kind]} for kind in KINDS]}


def _pattern() -> Schema:
    match = _map(_NAME, _ref("match"), "the facts that the rule looks for, each with a name", least=1)
    absent = _map(_NAME, _ref("absent"), "facts that must not be there, each with a name", least=1)
    parts: dict[str, Schema] = {
        "match": {**match, "maxProperties": MOST_MATCHES},
        "where": {**_ref("condition"), "description": "compares the matched facts"},
        "within": {**_length(), "description": "the most time from the first to the last matched event"},
        "after": {"anyOf": [_length(), {"type": "string", "pattern": _DOTTED}],
                  "description": "how long after the last event it fires; or a matched fact that says when"},
        "about": {"type": "string", "minLength": 1,
                  "description": "whose decision the outcome joins: a match, or a key that one holds"},
        "absent": {**absent, "maxProperties": MOST_MATCHES},
        **_outcome(),
        "examples": _nothing_or(_list(_pattern_example())),
    }  # fmt: skip
    rule = _object(parts, PATTERN_KEYS, required=("match", "about", "message"))
    return {**rule, "oneOf": [{"required": [kind]} for kind in KINDS]}


def _match(keys: Sequence[str]) -> Schema:
    equality: Schema = {"type": "string", "minLength": 1}
    parts: dict[str, Schema] = {
        "is": {"type": "string", "minLength": 1, "description": "the fact type"},
        "when": {**_ref("condition"), "description": "what must be true of the fact alone"},
        "joined": {"anyOf": [equality, _list(equality)], "description": "equalities with facts of matches before it"},
        "where": {**_ref("condition"), "description": "compares the fact with those matched"},
        "at_least": {"type": "integer", "minimum": LEAST_COUNTED, "maximum": MOST_COUNTED,
                     "description": "how many such facts there must be"},
    }  # fmt: skip
    if "at_least" not in keys:
        return _object(parts, keys, required=("is", "joined"))
    return {**_object(parts, keys, required=("is",)), "dependencies": {"where": ["at_least"]}}


def _pattern_example() -> Schema:
    parts: dict[str, Schema] = {
        "given": {"type": "array", "items": {"type": "object", "required": ["is"]}, "description": "facts"},
        "now": {"type": "string", "description": "the time; else that of the last given event"},
        "fires": {"type": "boolean"},
    }
    return _object(parts, PATTERN_EXAMPLE_KEYS, required=("fires",))


def _length() -> Schema:
    return {"type": "string", "pattern": f"^{FORM.pattern}$"}


def _outcome() -> dict[str, Schema]:
    """The keys of an outcome."""
    effects = {
        "block": "forbids the operation",
        "require": "demands what must be done about this",
        "suggest": "advises what should be done about this",
        "warn": "warns about this",
        "inform": "informs about this",
    }
    parts: dict[str, Schema] = {
        **{kind: {"type": ["string", "null"], "description": effects[kind]} for kind in KINDS},
        "severity": {"enum": list(SEVERITIES), "description": "medium by default"},
        "deadline": {"enum": list(DEADLINES), "description": "none by default"},
        "priority": {"type": "integer", "minimum": -MAX_PRIORITY, "maximum": MAX_PRIORITY,
                     "description": "the highest comes first; 0 by default"},
        "message": _object({lang: {"type": "string", "minLength": 1} for lang in LANGS}, LANGS, required=LANGS),
        "source": _names("where the rule comes from"),
        "valid": _object({key: {"type": "string", "pattern": _DATE} for key in VALID_KEYS}, VALID_KEYS),
    }  # fmt: skip
    parts["block"] = {"type": "string", "pattern": _NAME, "description": effects["block"]}
    return parts


def _condition() -> Schema:
    conditions = {"type": "array", "items": _ref("condition"), "minItems": 1}
    forms = {"all": "all of these", "any": "at least one of these", "none": "none of these"}
    form = {
        "type": "object",
        "properties": {key: {**conditions, "description": said} for key, said in forms.items()},
        "additionalProperties": False,
        "minProperties": 1,
    }
    return {
        "description": "a condition; a list, of which all hold; or a mapping with `all`, `any`, `none`",
        "anyOf": [{"type": ["string", "boolean", "number"], "minLength": 1}, conditions, form],
    }


def _value() -> Schema:
    return {"anyOf": [{"type": ["boolean", "string"]}, {"type": "number", "minimum": -_LARGEST, "maximum": _LARGEST}]}


def _example() -> Schema:
    parts: dict[str, Schema] = {
        "given": {"type": ["object", "null"], "description": "facts and their values; null is unknown"},
        "fires": {"enum": [True, False, "unknown"]},
        "as_of": {"type": "string", "pattern": _DATE},
    }
    return _object(parts, EXAMPLE_KEYS, required=("fires",))


def cases_schema() -> Schema:
    """The schema of cases files."""
    given: Schema = {"type": ["object", "null"], "description": "facts and their values; null is unknown"}
    answers = {"type": ["object", "null"]}
    expect: dict[str, Schema] = {
        "codes": _names("exactly these outcomes, in order"),
        "fires": _names("these are among the outcomes"),
        "silent": _names("these rules neither fire nor are undetermined"),
        "undetermined": _names("these rules are undetermined"),
        "blocked": _names("exactly these operations are blocked"),
        "verdicts": {**answers, "additionalProperties": {"enum": list(VERDICTS)}},
        "ready": {
            **answers,
            "additionalProperties": {"enum": [True, False, *(key for key in READY if key == "unknown")]},
        },
    }
    day: Schema = {"type": "string", "pattern": _DATE, "description": "the day of the decision"}
    case: dict[str, Schema] = {
        "why": {"type": "string", "description": "for readers"},
        "facts": {"type": "string"},
        "as_of": day,
        "defaults": {"const": False, "description": "leave the defaults of the file out"},
        "given": given,
        "expect": {**_object(expect, EXPECT_KEYS), "minProperties": 1},
    }
    parts: dict[str, Schema] = {
        "facts": {"type": "string", "description": "the class of the facts"},
        "as_of": day,
        "parameters": _nothing_or(_map(_NAME, {"type": ["boolean", "string", "number"]},
                                       "the values that the cases are written for")),
        "defaults": {**given, "description": "facts of every case, unless it says otherwise"},
        "cases": {"type": "object", "additionalProperties": _object(case, CASE_KEYS, required=("expect",)),
                  "minProperties": 1},
    }  # fmt: skip
    return {"$schema": _DRAFT, "title": "dxrules: a cases file", **_object(parts, FILE_KEYS, required=("cases",))}


def facts_schema(fact_type: FactType) -> Schema:
    """The schema of one record of facts, as `dxrules eval` takes it from JSON.

    A group is an object, or its facts stand beside the others, with dotted names.
    """
    return {"$schema": _DRAFT, "title": fact_type.name, **_facts(fact_type, "")}


def _facts(fact_type: FactType, group: str) -> Schema:
    properties: dict[str, Schema] = {}
    required: list[str] = []
    for fact in fact_type.members_of(group):
        properties[fact.path[-1]] = _fact(fact_type, fact)
        if fact.required:
            required.append(fact.path[-1])
    if not group:
        inner = [each for each in fact_type.facts.values() if len(each.path) > 1]
        properties.update({each.name: _fact(fact_type, each) for each in inner})
        required = [name for name in required if fact_type.facts[name].type.kind != "group"]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _fact(fact_type: FactType, fact: Fact) -> Schema:
    found = _facts(fact_type, fact.name) if fact.type.kind == "group" else _type(fact.type)
    if fact.note is not None and fact.note.minimum is not None:
        found["minimum"] = fact.note.minimum
    if fact.optional and found:
        found = {"anyOf": [found, {"type": "null"}]}
    if fact.note is not None:
        unit = f" ({fact.note.unit})" if fact.note.unit else ""
        found["description"] = f"{fact.note.en}{unit} / {fact.note.zh}"
    return found


def _type(type_: Type) -> Schema:
    whole: Schema = {"type": "integer", "minimum": -MAX_INT, "maximum": MAX_INT}
    members = list(type_.members)
    of: dict[str, Schema] = {
        "bool": {"type": "boolean"},
        "int": whole,
        "float": {"type": "number"},
        "text": {"type": "string"},
        "enum": {"enum": members},
        "date": {"type": "string", "pattern": _DATE},
        "datetime": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?$"},
        "set": {"type": "array", "items": {"enum": members}, "uniqueItems": True},
        "unreadable": {},
    }
    return of[type_.kind]


def _object(parts: Mapping[str, Schema], keys: Sequence[str], required: Sequence[str] = ()) -> Schema:
    """A mapping with exactly these keys; each must have a schema among the parts."""
    properties = {key: parts[key] for key in keys}
    found: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**found, "required": list(required)} if required else found


def _map(names: str, values: Schema, description: str = "", *, least: int = 0) -> Schema:
    found: Schema = {"type": "object", "patternProperties": {names: values}, "additionalProperties": False}
    if least:
        found["minProperties"] = least
    return {**found, "description": description} if description else found


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _names(description: str) -> Schema:
    return {"type": ["array", "null"], "items": {"type": "string", "minLength": 1}, "description": description}


def _nothing_or(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}
