"""The examples of rules: how their facts are read, on which day they are judged, and by which rules."""

import datetime as dt
import enum
from typing import Literal

import attrs
import pytest

import dxrules
from dxrules import RulebookError, Text


class Colour(enum.StrEnum):
    RED = "red"
    UNKNOWN = "unknown"


@attrs.frozen
class Lid:
    seal: str
    height: int | None = None
    weight: int = 5


@attrs.frozen
class Box:
    key: str
    open: bool | None = None
    full: bool | None = None
    count: int | None = 3
    weight: float | None = None
    name: str | None = None
    code: Literal["1", "true", "red"] | None = None
    colour: Colour = Colour.UNKNOWN
    colours: frozenset[Colour] = attrs.field(factory=lambda: frozenset({Colour.RED}))
    made: dt.date | None = None
    sealed: dt.datetime | None = None
    lid: Lid | None = None
    base: Lid = Lid("wax", 7)
    other: Lid | None = attrs.field(factory=lambda: Lid("tape", None, 9))
    labels: list[str] | None = None


def rule(when, *examples, name="A", more=""):
    lines = "".join(f"      - {each}\n" for each in examples)
    return (
        f"  {name}:\n    when: {when!r}\n    warn:\n    message: {{en: x, zh: y}}\n{more}"
        f"{'    examples:' if examples else ''}\n{lines}"
    )


def judged(*rules, head="", **options):
    """For each mistake its code, message and help."""
    text = f"rulebook: p\nfacts: Box\n{head}rules:\n{''.join(rules)}"
    try:
        dxrules.load(Text(text), facts=[Box], **options)
    except RulebookError as error:
        return [(each.code, each.message, each.help) for each in error.diagnostics]
    return []


def truth(when, given, more="", head=""):
    """What an example finds that a rule does, by trying all three."""
    fit = [
        fires
        for fires in ("true", "false", "unknown")
        if not judged(rule(when, f"{{given: {given}, fires: {fires}}}", more=more), head=head)
    ]
    assert len(fit) == 1
    return fit[0]


@pytest.mark.parametrize(
    ("when", "given", "expected"),
    [
        ("open", "{}", "unknown"),
        ("open", "{open: true}", "true"),
        ("open", "{open: false}", "false"),
        ("open", "{open: null}", "unknown"),
        ("open", "{open: }", "unknown"),
        ("count == 3", "{}", "true"),  # the default of the class
        ("count == 3", "{count: null}", "unknown"),
        ("count == 3", "{count: 4}", "false"),
        ('colour == "unknown"', "{}", "true"),
        ('colour == "red"', "{colour: red}", "true"),
        ('"red" in colours', "{}", "true"),
        ('"red" in colours', "{colours: []}", "false"),
        ("len(colours) == 2", "{colours: [red, unknown]}", "true"),
        ("weight > 1", "{weight: 2}", "true"),
        ("weight > 1", "{weight: 1.5}", "true"),
        ("weight > 1", "{weight: .nan}", "unknown"),
        ('name == "5"', "{name: '5'}", "true"),
        ('name == "2026-01-31"', "{name: 2026-01-31}", "true"),
        ('code == "1"', "{code: '1'}", "true"),
        ('made < "2026-01-31"', "{made: 2026-01-30}", "true"),
        ('sealed < "2026-01-31T09:30"', "{sealed: 2026-01-31 09:29:59}", "true"),
        ("lid is None", "{}", "true"),
        ("lid is None", "{lid: {}}", "false"),
        ("lid is None", "{lid: null}", "true"),
        ("lid.height > 1", "{}", "unknown"),
        ("lid.height > 1", "{lid: {height: 2}}", "true"),
        ("lid.height > 1", "{lid.height: 2}", "true"),
        ("lid is None", "{lid.height: 2}", "false"),
        ("lid.weight == 5", "{lid: {}}", "true"),
        ("lid.height == 2 and lid.weight == 3", "{lid.height: 2, lid: {weight: 3}}", "true"),
        ('lid.seal == "x"', "{}", "unknown"),  # required, but the group around it is None
        ('lid.seal == "x"', "{lid.seal: x}", "true"),
        ("base.height == 7", "{}", "true"),  # the default of the group, not of its class
        ('base.seal == "wax"', "{}", "true"),
        ("base.height == 7", "{base: {}}", "unknown"),
        ("base.weight == 5", "{base: {height: 1}}", "true"),
        ("other.weight == 9", "{}", "true"),
        ("other.height is None", "{}", "true"),
        ("other.weight == 9", "{other: null}", "unknown"),
    ],
)
def test_facts_of_an_example(when, given, expected):
    assert truth(when, given) == expected


@pytest.mark.parametrize(
    ("given", "message", "help_"),
    [
        ("{opne: true}", "`opne` is not a fact of `Box`", "did you mean `open`?"),
        ("{lid: {hieght: 1}}", "`lid.hieght` is not a fact of `Box`", "did you mean `lid.height`?"),
        ("{lid.height: 1, lid: {height: 1}}", "`lid.height` is given twice", "give each fact once"),
        ("{lid: {height: 1}, lid.height: 1}", "`lid.height` is given twice", "give each fact once"),
        ("{lid: null, lid.height: 1}", "`lid.height` is given twice", "give each fact once"),
        ("{lid.height: 1, lid: null}", "`lid` is given twice", "give each fact once"),
        ("{open: 1}", "`open` takes true or false, or nothing when it is unknown", None),
        ("{open: 'true'}", "`open` takes true or false, or nothing when it is unknown", None),
        ("{open: [true]}", "`open` takes true or false", None),
        ("{count: 1.0}", "`count` takes a whole number", None),
        ("{count: true}", "`count` takes a whole number", None),
        ("{count: 9007199254740992}", "`count` takes a whole number within ±(2^53 - 1)", None),
        ("{weight: .inf}", "`weight` takes a finite number", None),
        ("{weight: '1'}", "`weight` takes a number", None),
        ("{name: 5}", "`name` takes text", "put quotes around it"),
        ("{name: true}", "`name` takes text", "put quotes around it"),
        ("{code: 1}", "`code` takes one of `1`, `true` or `red`", "put quotes around it"),
        ("{code: true}", "`code` takes one of `1`, `true` or `red`", "put quotes around it"),
        ("{code: 2}", "`code` takes one of `1`, `true` or `red`", None),
        ("{code: rde}", "`code` takes one of `1`, `true` or `red`", "did you mean `red`?"),
        ("{colour: null}", "`colour` takes one of `red` or `unknown`", "write `unknown`"),
        ("{key: }", "`key` takes text", "it is always known"),
        ("{base: null}", "`base` takes a group of facts", "it is always known"),
        ("{colours: red}", "`colours` takes a list, for a set of `red` or `unknown`", "write `[...]`"),
        ("{colours: [rde]}", "`colours` takes a set of `red` or `unknown`", "did you mean `red`?"),
        ("{colours: [red, red]}", "`colours` takes each member once", None),
        ("{colours: [red, [red]]}", "`colours` takes a set of `red` or `unknown`", None),
        ("{made: 2026-02-30}", "`made` takes a date", "write it as `2026-01-31`"),
        ("{made: 20260131}", "`made` takes a date", None),
        ("{sealed: 2026-01-31}", "`sealed` takes a date and time", "write it as `2026-01-31T09:30:00`"),
        ("{lid: true}", "`lid` takes a group of facts", None),
        ("{lid: [1]}", "`lid` takes a group of facts", None),
        ("{labels: [x]}", "`labels` takes nothing in examples", "rules cannot read the type `list[str]`"),
    ],
)  # fmt: skip
def test_facts_that_cannot_be(given, message, help_):
    found = judged(rule("open", f"{{given: {given}, fires: true}}"))
    assert [each[1:] for each in found] == [(message, help_)]
    assert found[0][0] in ("example/fact", "example/value")


def test_all_mistakes_of_an_example_come_together():
    given = "{opne: true, count: x, colours: [rde], lid: {hieght: 1}}"
    assert [code for code, *_ in judged(rule("opne", f"{{given: {given}, fires: true}}"))] == [
        "name/unknown", "example/fact", "example/value", "example/value", "example/fact",
    ]  # fmt: skip


# Facts that have no default


def test_a_rule_may_not_read_what_only_a_placeholder_stands_for():
    assert judged(rule('key == "x"', "{given: {}, fires: false}")) == [
        ("example/needs-fact", "the rule reads `key`, which has no default: the example must give it",
         "add `key: ...` under `given`"),
    ]  # fmt: skip
    assert judged(rule('open and key == "x"', "{given: {open: false}, fires: false}"))
    assert not judged(rule('key == "x"', "{given: {key: x}, fires: true}"))
    assert not judged(rule("open", "{given: {open: true}, fires: true}"))
    found = judged(rule('lid.seal == "x"', "{given: {lid: {height: 1}}, fires: unknown}"))
    assert [code for code, *_ in found] == ["example/needs-fact"]


def test_nor_may_one_that_overrides_it():
    above = rule('key == "x"', name="B", more="    overrides: [A]\n")
    found = judged(rule("open", "{given: {open: true}, fires: true}"), above)
    assert [code for code, *_ in found] == ["example/needs-fact"]


# The day


@pytest.mark.parametrize(
    ("valid", "as_of", "day"),
    [
        ("", "", dt.date(2000, 1, 1)),
        ("{from: 2024-09-12}", "", dt.date(2024, 9, 12)),
        ("{until: 2024-09-12}", "", dt.date(2000, 1, 1)),
        ("{from: 2024-09-12}", "2025-01-01", dt.date(2025, 1, 1)),
        ("", "1999-12-31", dt.date(1999, 12, 31)),
    ],
)
def test_the_day_of_an_example(valid, as_of, day):
    more = f"    valid: {valid}\n" if valid else ""
    example = f"{{given: {{made: {day}}}, fires: true{f', as_of: {as_of}' if as_of else ''}}}"
    assert not judged(rule("days_since(made) == 0", example, more=more))


def test_parameters_are_those_of_the_day():
    head = "parameters: {days: {2024-01-01: 1, 2026-01-01: 5}}\n"
    examples = [
        "{given: {count: 3}, fires: unknown}",
        "{given: {count: 3}, fires: true, as_of: 2024-01-01}",
        "{given: {count: 3}, fires: false, as_of: 2026-01-01}",
    ]
    assert not judged(rule("count > days", *examples), head=head)
    assert judged(rule("count > days", "{given: {count: 3}, fires: true}"), head=head) == [
        ("example/contradiction", "with these facts `A` is undetermined; the example says `fires: true`",
         "it waits for `parameter:days`"),
    ]  # fmt: skip


def test_out_of_force_a_rule_does_not_fire():
    more = "    valid: {from: 2024-01-01, until: 2025-01-01}\n"
    given = "{given: {open: true}, "
    assert not judged(
        rule("open", given + "fires: true}", given + "fires: true, as_of: 2024-12-31}",
             given + "fires: false, as_of: 2025-01-01}", given + "fires: false, as_of: 2023-12-31}", more=more)
    )  # fmt: skip
    for fires in ("true", "unknown"):
        assert judged(rule("open", given + f"fires: {fires}, as_of: 2025-01-01}}", more=more)) == [
            ("example/outside", "`A` is not in force on 2025-01-01", "give the example an `as_of` on which it is"),
        ]  # fmt: skip


# Overrides


SILENCED = "a rule that overrides it silences it"


def test_an_example_is_judged_by_the_effective_truth():
    above = rule("full", name="B", more="    overrides: [A]\n")
    example = "{{given: {{open: true, full: {}}}, fires: {}}}".format
    assert not judged(
        rule("open", example("true", "false"), example("false", "true"), example("null", "unknown")), above
    )
    assert judged(rule("open", example("true", "true")), above) == [
        ("example/contradiction", "with these facts `A` does not fire; the example says `fires: true`", SILENCED),
    ]  # fmt: skip
    assert judged(rule("open", example("null", "true")), above)[0][2] == "it waits for `full`"


def test_overrides_reach_through_others():
    second = rule("full", name="B", more="    overrides: [A]\n")
    third = rule("count > 1", name="C", more="    overrides: [B]\n")
    given = "open: true, full: true"
    examples = [f"{{given: {{{given}, count: 2}}, fires: true}}", f"{{given: {{{given}, count: 1}}, fires: false}}"]
    assert not judged(rule("open", *examples), second, third)


def test_an_overrider_out_of_force_does_not_silence():
    above = rule("full", name="B", more="    overrides: [A]\n    valid: {from: 2024-01-01}\n")
    given = "{given: {open: true, full: true}, "
    assert not judged(rule("open", given + "fires: true}", given + "fires: false, as_of: 2024-01-01}"), above)


def test_rules_of_other_packs_and_the_parameters_of_the_caller_do_not_count():
    mine = rule("count > limit", "{given: {count: 3}, fires: true}")
    other = rule("True", name="B", more="    overrides: [A]\n")
    one = f"rulebook: p\nfacts: Box\nparameters: {{limit: 2}}\nrules:\n{mine}"
    two = f"rulebook: q\nfacts: Box\nrules:\n{other}disable: [A]\n"
    rulebook = dxrules.load(Text(one), Text(two), facts=[Box], parameters={"limit": 5})
    assert [each.name for each in rulebook.rules] == ["B"]


def test_examples_that_hang_on_a_broken_rule_are_left_alone():
    broken = rule("opne", name="B", more="    overrides: [A]\n")
    found = judged(rule("open", "{given: {open: true}, fires: false}"), broken)
    assert [code for code, *_ in found] == ["name/unknown"]
    ring = [rule("open", "{given: {open: true}, fires: false}", name=name, more=f"    overrides: [{over}]\n")
            for name, over in ("AB", "BA")]  # fmt: skip
    assert [code for code, *_ in judged(*ring)] == ["rule/override-cycle"]


def test_every_other_example_is_judged():
    broken = rule("opne", name="B")
    found = judged(rule("open", "{given: {open: true}, fires: false}"), broken)
    assert [code for code, *_ in found] == ["example/contradiction", "name/unknown"]


def test_the_words_of_a_contradiction():
    assert [each[1:] for each in judged(
        rule("open and count > 5", "{given: {open: true, count: 6}, fires: false}", "{given: {count: 1}, fires: true}",
             "{given: {count: 6}, fires: false}", "{given: {count: null}, fires: false}")
    )] == [
        ("with these facts `A` fires; the example says `fires: false`", None),
        ("with these facts `A` does not fire; the example says `fires: true`", None),
        ("with these facts `A` is undetermined; the example says `fires: false`", "it waits for `open`"),
        ("with these facts `A` is undetermined; the example says `fires: false`", "it waits for `open` and `count`"),
    ]  # fmt: skip


def test_examples_are_kept_in_the_rulebook():
    text = f"rulebook: p\nfacts: Box\nrules:\n{rule('open', '{given: {open: true, lid: {height: 1}}, fires: true}')}"
    example = dxrules.load(Text(text), facts=[Box]).rules[0].examples[0]
    assert dict(example.given) == {"open": True, "lid": True, "lid.height": 1}
    assert (example.fires, example.as_of) == (True, dt.date(2000, 1, 1))


@pytest.mark.parametrize("name", [each.name for each in dxrules.default_rulebook().rules])
def test_every_bundled_rule_has_an_example_that_fires_and_one_that_does_not(name):
    fires = {example.fires for example in dxrules.default_rulebook().rule(name).examples}
    assert {True, False} <= fires
