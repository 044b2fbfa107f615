"""Loading: sources, packs that name one another, parameters that the caller sets, and every mistake at once."""

import datetime as dt
import enum
import itertools
import os

import attrs
import pytest

import dxrules
from dxrules import BUNDLED, Account, Card, DxRulesError, RulebookError, Text
from dxrules.language.sources import bundled_folder, rule_files


@attrs.frozen
class Box:
    open: bool | None = None
    count: int | None = None
    made: dt.date | None = None


class Mode(enum.StrEnum):
    STRICT = "strict"


def rule(when, name="A", more=""):
    return f'  {name}:\n    when: {when}\n    warn:\n    message: {{en: "x", zh: "y"}}\n{more}'


def pack(*rules, name="p", facts="Card", head=""):
    return f"rulebook: {name}\nfacts: {facts}\n{head}rules:\n{''.join(rules)}"


def mistakes(*sources, **options):
    with pytest.raises(RulebookError) as caught:
        dxrules.load(*(Text(each) if isinstance(each, str) and "\n" in each else each for each in sources), **options)
    return [(each.path, each.line, each.column, each.code) for each in caught.value.diagnostics]


def codes(*sources, **options):
    return [code for *_, code in mistakes(*sources, **options)]


def load(*texts, **options):
    return dxrules.load(*map(Text, texts), **options)


# Sources


def test_a_file_a_folder_and_a_text(tmp_path):
    (tmp_path / "b.yaml").write_text(pack(rule("lost", "B"), name="b"))
    (tmp_path / "a.yml").write_text(pack(rule("lost"), name="a"))
    (tmp_path / "notes.txt").write_text("not ours")
    (tmp_path / "a.cases.yaml").write_text("not ours either")
    (tmp_path / ".hidden.yaml").write_text("nor this")
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "c.yaml").write_text(pack(rule("lost", "C"), name="c"))
    rulebook = dxrules.load(tmp_path, Text(pack(rule("lost", "D"), name="d")))
    assert sorted(each.name for each in rulebook.rules) == ["A", "B", "C", "D"]
    assert [each.name for each in dxrules.load(str(tmp_path / "b.yaml")).rules] == ["B"]


def test_a_file_given_twice_is_read_once(tmp_path):
    (tmp_path / "a.yaml").write_text(pack(rule("lost")))
    (tmp_path / "link.yaml").symlink_to(tmp_path / "a.yaml")
    file = tmp_path / "a.yaml"
    rulebook = dxrules.load(file, tmp_path, str(file), tmp_path / ".." / tmp_path.name / "a.yaml")
    assert [each.name for each in rulebook.rules] == ["A"]


def test_the_bundled_packs_and_more():
    rulebook = dxrules.load(BUNDLED, Text(pack(rule("lost", "MINE"), head="disable: [SUSPEND_IMMEDIATELY]\n")))
    names = {each.name for each in rulebook.rules}
    assert "MINE" in names
    assert "SUSPEND_IMMEDIATELY" not in names
    assert dxrules.load(bundled_folder()).digest == dxrules.load(BUNDLED).digest


def test_a_byte_order_mark_and_other_line_ends(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + pack(rule("lsot")).replace("\n", "\r\n").encode())
    assert mistakes(file) == [(str(file), 5, 11, "name/unknown")]
    assert mistakes(Text("\ufeff" + pack(rule("lsot")).replace("\n", "\r"))) == [("<text>", 5, 11, "name/unknown")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (None, "file/unreadable"),
        (b"", "yaml/empty"),
        (b"a: \xff", "yaml/encoding"),
        ("rulebook: 甲".encode("gbk"), "yaml/encoding"),
        ("rulebook: p".encode("utf-16"), "yaml/encoding"),
        (b"rulebook: p\0", "yaml/character"),
        (b"#" * (32 * 1024 * 1024 + 1), "yaml/too-large"),
    ],
    ids=["missing", "empty", "bytes", "gbk", "utf-16", "nul", "large"],
)
def test_files_that_are_no_rule_files(data, code, tmp_path):
    file = tmp_path / "a.yaml"
    if data is not None:
        file.write_bytes(data)
    assert code in codes(file)
    assert mistakes(file)[0][0] == str(file)


@pytest.mark.skipif(os.name != "posix", reason="such files are of Unix")
@pytest.mark.parametrize(("path", "code"), [("/dev/null", "yaml/empty"), ("/dev/zero", "yaml/too-large"),
                                            ("a\0b", "file/unreadable"), ("a" * 5_000, "file/unreadable"),
                                            ("/dev/null/x", "file/unreadable")])  # fmt: skip
def test_odd_paths(path, code):
    assert codes(path) == [code]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_text(pack(rule("lost")))
    file.chmod(0)
    assert codes(file) == ["file/unreadable"]


def test_a_text_given_for_a_path():
    with pytest.raises(RulebookError) as caught:
        dxrules.load(pack(*(rule("lost", f"R{number}") for number in range(100))))
    assert str(caught.value).splitlines()[2:] == [
        "rulebook: p…:1:1: file/unreadable: it cannot be read: file name too long",
        "  help: a source is a file, a folder, or `dxrules.Text(...)` for a text itself",
    ]


def test_a_loop_of_links(tmp_path):
    (tmp_path / "a.yaml").symlink_to(tmp_path / "b.yaml")
    (tmp_path / "b.yaml").symlink_to(tmp_path / "a.yaml")
    assert codes(tmp_path / "a.yaml") == ["file/unreadable"]
    assert codes(tmp_path) == ["file/none"]


def test_an_empty_folder(tmp_path):
    assert mistakes(tmp_path) == [(str(tmp_path), 1, 1, "file/none")]


@pytest.mark.parametrize("source", [None, 5, b"a.yaml", ["a.yaml"], "", Card])
def test_what_is_no_source(source):
    with pytest.raises(DxRulesError, match="a rule source is a path"):
        dxrules.load(source)


def test_no_source():
    with pytest.raises(DxRulesError, match="no rules to load"):
        dxrules.load()


# All mistakes come together, in the order of the sources and by place


def test_every_mistake_of_every_source(tmp_path):
    (tmp_path / "b.yaml").write_text(pack(rule("lsot", "B", "    severty: x\n"), name="b"))
    (tmp_path / "a.yaml").write_bytes(b"\xff")
    missing = tmp_path / "missing.yaml"
    texts = [Text(pack(rule("mised", "C"), name="c")), Text(pack(rule("mised", "D"), name="d"))]
    assert mistakes(texts[0], missing, tmp_path, texts[1]) == [
        ("<text>", 5, 11, "name/unknown"),
        (str(missing), 1, 1, "file/unreadable"),
        (str(tmp_path / "a.yaml"), 1, 1, "yaml/encoding"),
        (str(tmp_path / "b.yaml"), 5, 11, "name/unknown"),
        (str(tmp_path / "b.yaml"), 8, 5, "key/unknown"),
        ("<text 2>", 5, 11, "name/unknown"),
    ]


def test_texts_of_one_name_are_told_apart():
    texts = [Text(pack(rule("lsot", name), name=name.lower()), "mine.yaml") for name in "ABC"]
    assert [path for path, *_ in mistakes(*texts)] == ["mine.yaml", "mine.yaml 2", "mine.yaml 3"]


def test_one_kind_of_mistake_does_not_hide_another():
    example = "    examples: [{given: {lost: true}, fires: false}]\n"
    text = pack(
        rule("lsot", "A", "    overrides: [NOPE]\n    examples: [{given: {lsot: true}, fires: true}]\n"),
        rule("lost", "B", example),
        rule("lost", "B-2", example),
        head="parameters: {a: }\ndefine: {b: lsot}\ngates: {cancel: [promptly]}\ndisable: [NOPE]\n",
    )
    assert codes(text) == [
        "parameter/value", "name/unknown", "gate/operation", "pack/disable", "name/unknown", "rule/overrides",
        "example/fact", "example/contradiction", "key/name", "example/contradiction",
    ]  # fmt: skip


@pytest.mark.parametrize("broken", ['  gone: "a" and b\n', "  gone: lost\n\tx\n", "  gone: [lost\n"])
def test_a_broken_pack_causes_no_further_complaints(broken):
    """What its definitions and rules are called can be seen all the same."""
    one = pack(rule("lost", "OLD"), name="one", head=f"define:\n{broken}")
    two = pack(rule("gone and lsot", "B", "    overrides: [OLD]\n"), name="two", head="disable: [OLD]\n")
    for texts in itertools.permutations((one, two)):
        found = [code for code in codes(*texts) if not code.startswith("yaml/")]
        assert found == ["name/unknown"]  # of `lsot` only


def test_broken_names_cause_no_further_complaints():
    head = "parameters: {days: [1]}\ndefine: {a: lsot, b: a and lost, c: c}\n"
    text = pack(rule("arrears_fen > days and a and b and c"), head=head)
    assert codes(text) == ["parameter/value", "name/unknown", "define/cycle"]
    assert codes(text.replace("Card", "Crad")) == ["pack/facts", "parameter/value", "name/unknown", "define/cycle"]


# Packs together


def test_definitions_of_other_packs_and_in_any_order():
    one = pack(rule("far", "A"), name="one", head="define: {far: near and open, count_2: count * 2}\n", facts="Box")
    two = pack(rule("count_2 > 5", "B"), name="two", head="define: {near: count_2 < 9}\n", facts="Box")
    for texts in itertools.permutations((one, two)):
        rulebook = load(*texts, facts=[Box])
        decide = dxrules.compile(rulebook, "reference").evaluate
        assert decide(Box(open=True, count=3)).codes == ("A", "B")
        assert decide(Box(open=True, count=5)).codes == ("B",)
        assert [each.rule for each in decide(Box(open=True)).undetermined] == ["A", "B"]


def test_the_order_of_files_makes_no_difference():
    files = list(rule_files([dxrules.BUNDLED]))
    assert dxrules.load(*reversed(files)).digest == dxrules.load(*files).digest


def test_a_definition_is_no_part_of_a_dotted_name():
    head = 'define: {stage: request.stage == "draft", len: len(request.materials) > 0}\n'
    assert len(load(pack(rule("stage and len"), head=head)).rules) == 1


def test_definitions_belong_to_their_fact_type():
    card = pack(rule("big"), head="define: {big: arrears_fen > 5}\n")
    account = pack(rule("big"), name="q", facts="Account", head="define: {big: live_cards > 5}\n")
    rulebook = load(card, account)
    assert [(each.name, each.fact_type.name) for each in rulebook.rules] == [("A", "Card"), ("A", "Account")]
    assert codes(card, account.replace("define: {big: live_cards > 5}\n", "")) == ["name/unknown"]


def test_rings_across_packs():
    texts = [pack(rule("lost", f"R{n}"), name=f"p{n}", head=f"define: {{d{n}: d{(n + 1) % 3}}}\n") for n in range(3)]
    for each in itertools.permutations(texts):
        assert codes(*each) == ["define/cycle"]
    texts = [pack(rule("lost", f"R{n}", f"    overrides: [R{(n + 1) % 3}]\n"), name=f"p{n}") for n in range(3)]
    for each in itertools.permutations(texts):
        assert codes(*each) == ["rule/override-cycle"]


def test_a_long_chain_is_no_ring_and_no_recursion():
    overrides = [rule("lost", f"R{n}", f"    overrides: [R{n + 1}]\n") for n in range(3_000)]
    assert len(load(pack(*overrides, rule("lost", "R3000"))).rules) == 3_001
    defined = "".join(f"  d{n}: d{n + 1}\n" for n in range(3_000))
    assert codes(pack(rule("d0"), head=f"define:\n{defined}  d3000: lost\n")) == ["condition/too-large"]


@pytest.mark.parametrize(
    ("one", "two", "code"),
    [
        ({"name": "p"}, {"name": "p"}, "pack/duplicate"),
        ({"head": "define: {d: lost}\n"}, {"head": "define: {d: lost}\n"}, "define/duplicate"),
        ({"head": "parameters: {d: 5}\n"}, {"head": "define: {d: lost}\n"}, "define/duplicate"),
        ({"head": "define: {d: lost}\n"}, {"head": "parameters: {d: 5}\n"}, "define/duplicate"),
        ({"head": "parameters: {d: 5}\n"}, {"head": "parameters: {d: 5}\n"}, "parameter/duplicate"),
        ({"head": "parameters: {d: 5}\n"}, {"head": "parameters: {d: 5}\n", "facts": "Account"}, "parameter/duplicate"),
        ({"head": "parameters: {live_cards: 5}\n"}, {}, "parameter/fact"),
        ({"head": "define: {lost: misused}\n"}, {}, "define/fact"),
        ({"head": "define: {request: misused}\n"}, {}, "define/fact"),
        ({"head": "define: {B: lost}\n"}, {}, "rule/duplicate"),
    ],
)  # fmt: skip
def test_names_that_are_taken(one, two, code):
    texts = [pack(rule("True", name), **{"name": name.lower(), **more}) for name, more in (("A", one), ("B", two))]
    assert codes(*texts) == [code]
    assert codes(*reversed(texts)) == [code]


def test_rules_of_one_name():
    texts = [pack(rule("lost"), name=name) for name in "ab"]
    assert codes(*texts) == ["rule/duplicate"]
    assert codes(pack(rule("True"), name="a"), pack(rule("True"), name="b", facts="Account"), facts=[Card]) == [
        "pack/facts"
    ]


def test_gates_name_operations_that_some_rule_blocks():
    blocking = pack(rule("lost").replace("warn:", "block: cancel"), name="a")
    gate = "gates: {cancel: [promptly]}\n"
    assert load(blocking, pack(rule("True"), name="b", facts="Account", head=gate)).gates["Account"]["cancel"]
    assert codes(pack(rule("lost"), head=gate)) == ["gate/operation"]
    rulebook = load(blocking, pack(rule("lost", "B"), name="b", head=gate), pack(
        rule("lost", "C"), name="c", head="gates: {cancel: [before_submit]}\n"))  # fmt: skip
    assert rulebook.gates["Card"] == {"cancel": frozenset({"promptly", "before_submit"})}


def test_switching_off():
    other = pack(rule("lost", "B").replace("warn:", "block: cancel"), name="q")
    rulebook = load(pack(rule("lost"), head="disable: [B]\n"), other)
    assert [each.name for each in rulebook.rules] == ["A"]
    assert rulebook.operations == frozenset()
    assert codes(pack(rule("True"), head="disable: [B]\n", facts="Account"), other) == ["pack/disable"]


# Parameters


DAYS = pack(rule("arrears_fen > days"), head="parameters: {days: 90}\n")


@pytest.mark.parametrize(
    ("value", "values"),
    [
        (60, ((dt.date.min, 60),)),
        (2.5, ((dt.date.min, 2.5),)),
        ({"2026-01-01": 60}, ((dt.date(2026, 1, 1), 60),)),
        ({dt.date(2027, 1, 1): 2, dt.date(2026, 1, 1): 1}, ((dt.date(2026, 1, 1), 1), (dt.date(2027, 1, 1), 2))),
    ],
)
def test_parameters_that_the_caller_sets(value, values):
    rulebook = load(DAYS, parameters={"days": value})
    assert rulebook.parameters["days"].values == values
    assert rulebook.digest != load(DAYS).digest


def test_a_parameter_set_to_what_it_is_changes_nothing():
    assert load(DAYS, parameters={"days": 90}).digest == load(DAYS).digest


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"dyas": 60}, "no rule file has a parameter `dyas`; did you mean `days`?"),
        ({"days": "60"}, "the parameter `days` takes a number, not '60'"),
        ({"days": True}, "the parameter `days` takes a number, not True"),
        ({"days": None}, "the parameter `days` takes a number, not None"),
        ({"days": float("nan")}, "the parameter `days` takes a number, not nan"),
        ({"days": 2**63}, "the parameter `days` takes a number, not 9223372036854775808"),
        ({"days": {}}, "the parameter `days` has no value"),
        ({"days": {"soon": 5}}, "the values of the parameter `days` are given by date, not 'soon'"),
        ({"days": {dt.datetime(2026, 1, 1): 5}}, "the values of the parameter `days` are given by date, not datetime"),
        ({"days": {"2026-01-01": "x"}}, "the parameter `days` takes a number, not 'x'"),
    ],
)  # fmt: skip
def test_parameters_that_cannot_be(parameters, message):
    with pytest.raises(DxRulesError) as caught:
        load(DAYS, parameters=parameters)
    assert str(caught.value).startswith(message)
    assert not isinstance(caught.value, RulebookError)


def test_mistakes_in_files_come_before_parameters():
    text = DAYS.replace("> days", "> dyas").replace("days: 90", "days: [90]")
    assert codes(text, parameters={"days": "x", "y": 1}) == ["parameter/value", "name/unknown"]
    assert codes('rulebook: "p" q\n', parameters={"days": 5}) == ["yaml/quotes"]


def test_texts_beside_enums_and_dates():
    text = pack(rule("status == state"), head="parameters: {state: active}\n")
    assert load(text, parameters={"state": "recycled"}).parameters["state"].values == ((dt.date.min, "recycled"),)
    assert codes(text, parameters={"state": "recyled"}) == ["type/member"]
    value = load(pack(rule("account_id == mode"), head="parameters: {mode: x}\n"), parameters={"mode": Mode.STRICT})
    assert type(value.parameters["mode"].values[0][1]) is str
    text = pack(rule("made < start"), head="parameters: {start: 2026-01-01}\n", facts="Box")
    assert load(text, facts=[Box], parameters={"start": {"2026-01-01": "2026-02-01"}})
    assert codes(text, facts=[Box], parameters={"start": "soon"}) == ["type/date"]


def test_dated_parameters():
    text = pack(rule("count > days"), facts="Box", head="parameters: {days: {2024-01-01: 90, 2026-01-01: 60}}\n")
    decide = dxrules.compile(load(text, facts=[Box]), "reference").evaluate
    assert decide(Box(count=70), dt.date(2025, 12, 31)).codes == ()
    assert decide(Box(count=70), dt.date(2026, 1, 1)).codes == ("A",)
    assert decide(Box(count=70), dt.date(2023, 12, 31)).undetermined[0].missing == ("parameter:days",)


# Classes


def test_classes_that_cannot_be_facts():
    with pytest.raises(DxRulesError, match="`int` is not an attrs class"):
        load(DAYS, facts=[int])
    with pytest.raises(DxRulesError, match="two fact types are called `Card`"):
        load(DAYS, facts=[Card, attrs.make_class("Card", [])])
    with pytest.raises(DxRulesError, match=r"write `facts=\(Card,\)`"):
        load(DAYS, facts=Card)
    assert load(DAYS, facts=[Card, Card, Account])
    assert codes(DAYS, facts=[]) == ["pack/facts"]
    assert codes(DAYS, facts=[Account]) == ["pack/facts"]


# Size


def synthetic(count):
    """As many rules as in a large rulebook, about two hundred characters each."""
    rules = "".join(
        f'  RULE_{n}:\n    when: arrears_fen > {n} and d{n % 50} and status in ("active", "recycled")\n'
        f'    require: arrears\n    priority: {n % 7}\n    message: {{en: "pay {{arrears_fen:yuan}}", zh: "请结清"}}\n'
        for n in range(count)
    )
    return pack(rules, head="define:\n" + "".join(f"  d{n}: last_used_days > {n}\n" for n in range(50)))


def test_a_large_rulebook_costs_no_more_a_rule():
    """Counted in calls, which no other load of the machine changes."""
    import cProfile

    def calls(count):
        profile = cProfile.Profile()
        text = synthetic(count)
        profile.runcall(load, text)
        return sum(each.callcount for each in profile.getstats())

    calls(100)
    assert calls(2_000) < 4.4 * calls(500)


@pytest.mark.long
def test_ten_thousand_rules_in_twenty_seconds():
    import time

    text = synthetic(10_000)
    assert len(text) > 1_900_000
    start = time.perf_counter()
    assert len(load(text).rules) == 10_000
    assert time.perf_counter() - start < 20


def test_those_who_decide_cards_only_need_no_events():
    """The bundled pattern rules are left out where their facts are not asked for; files of one's own never are."""
    rulebook = dxrules.load(dxrules.BUNDLED, facts=(dxrules.Card, dxrules.Account))
    assert len(rulebook.rules) == len(dxrules.default_rulebook().rules)
    assert rulebook.patterns == ()
    assert dxrules.load(dxrules.BUNDLED).patterns != ()
    text = (bundled_folder() / "watch.yaml").read_text(encoding="utf-8").replace("rulebook: watch", "rulebook: mine")
    with pytest.raises(RulebookError, match="`CardEvent` is not a known fact type"):
        dxrules.load(dxrules.BUNDLED, Text(text), facts=(dxrules.Card, dxrules.Account))
