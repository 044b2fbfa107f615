"""What people call the targets of rules."""

import json

import dxrules
from dxrules.authoring.formatting import layout
from dxrules.source import Source
from dxrules.storage import from_data, to_data

PACK = """\
rulebook: p
facts: Card
targets:
  cancel: {en: cancel, zh: 注销}
  "see the manager": {en: a word with the manager, zh: 请示主管}
rules:
  A: {when: lost, block: cancel, message: {en: A, zh: A}}
  B: {when: lost, require: see the manager, message: {en: B, zh: B}}
  C: {when: lost, warn: theft, message: {en: C, zh: C}}
  D: {when: lost, inform: , message: {en: D, zh: D}}
"""
OTHER = """\
rulebook: q
facts: {card: Card}
targets: {cancel: {zh: 注销, en: cancel}}
"""
CARD = dxrules.Card(card_id="c", lost=True)


def loaded(*texts):
    return dxrules.load(*map(dxrules.Text, texts))


def test_targets_have_names_where_a_pack_gives_them():
    rulebook = loaded(PACK)
    assert rulebook.called("cancel", "zh") == "注销"
    assert rulebook.called("see the manager", "en") == "a word with the manager"
    assert rulebook.called("theft", "zh") == "theft"


def test_the_same_name_may_be_given_in_several_packs():
    assert loaded(PACK, OTHER).targets == loaded(PACK).targets == loaded(OTHER, PACK).targets


def test_names_are_no_part_of_the_meaning():
    bare = loaded(PACK.replace(PACK[PACK.index("targets") : PACK.index("rules:\n")], ""))
    rulebook = loaded(PACK)
    assert bare.digest == rulebook.digest
    assert dxrules.evaluate(CARD, rulebook=bare) == dxrules.evaluate(CARD, rulebook=rulebook)


def test_names_are_kept_with_the_rulebook():
    rulebook = loaded(PACK)
    found = from_data(json.loads(json.dumps(to_data(rulebook))), rulebook.fact_types)
    assert found.targets == rulebook.targets


def test_explanations_say_the_names():
    decision = dxrules.evaluate(CARD, rulebook=loaded(PACK))
    heads = [line for line in decision.explain().text("zh").splitlines() if line[:1] in "ABCD" and len(line) > 1]
    assert heads == [
        "A：禁止注销（严重度中）",
        "B：要求请示主管（严重度中）",
        "C：警示 theft（严重度中）",
        "D：告知（严重度中）",
    ]
    assert "B: requires a word with the manager (medium)" in decision.explain().text()
    assert decision.what_if(allow="cancel").text("zh").startswith("若要允许注销，")
    assert decision.why_not("A").text("zh").startswith("A：禁止注销")
    assert decision.why_not("A").to_dict()["target"] == "cancel"


def test_names_are_laid_out_one_a_line():
    text, mistakes = layout(Source("q.yaml", OTHER))
    assert mistakes == []
    assert text is not None
    assert "targets:\n  cancel: {zh: 注销, en: cancel}\n" in text


def test_every_target_of_the_bundled_rules_has_a_name():
    rulebook = dxrules.default_rulebook()
    used = {rule.target for rule in (*rulebook.rules, *rulebook.patterns) if rule.target}
    assert set(rulebook.targets) == used
    for names in rulebook.targets.values():
        assert any("\u4e00" <= char <= "\u9fff" for char in names["zh"])
