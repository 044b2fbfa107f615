"""Pattern rules in the handbook: said in words, drawn in the order of time, and as the rules have it."""

import datetime as dt
import xml.etree.ElementTree as ET

import attrs
import pytest

import dxrules
from dxrules.handbook.kinds import reads_of
from dxrules.handbook.patternwords import PatternSpeaker, length_text
from dxrules.handbook.timeline import timeline_of
from dxrules.handbook.timelinedrawing import Drawing
from dxrules.handbook.words import text_of
from dxrules.schema import note
from handbook.test_pages import Reader

LANGS = ("en", "zh")


@attrs.frozen
class Shop:
    shop: str = attrs.field(metadata=note("key of the shop", "店铺标识"))
    town: str | None = attrs.field(default=None, metadata=note("town", "城镇"))


@attrs.frozen
class Sale:
    sale: str = attrs.field(metadata=note("key of the sale", "销售标识"))
    at: dt.datetime = attrs.field(metadata=note("when it was", "时间"))
    shop: str | None = attrs.field(default=None, metadata=note("shop", "店铺"))
    buyer: str | None = attrs.field(default=None, metadata=note("buyer", "买家"))
    price: int | None = attrs.field(default=None, metadata=note("price", "价格", unit="fen"))
    paid_by: dt.datetime | None = attrs.field(default=None, metadata=note("day of payment", "付款时间"))


RULES = """
rulebook: sales
facts: {shop: Shop, sale: Sale}
keep: 20 days
parameters: {much: 900}
rules:
  PAIR:
    match:
      one: {is: sale, when: price > 100}
      two: {is: sale, joined: [shop == one.shop, buyer == one.buyer]}
      place: {is: shop, joined: town == one.buyer}
    where: [two.at >= one.at, two.price > one.price + much]
    within: 7 days
    about: place
    absent:
      back: {is: sale, when: price < 0, joined: shop == one.shop, where: one.at < back.at and back.at <= two.at}
    block: sell
    severity: high
    deadline: promptly
    message: {en: "{two.at} {two.price:yuan} {much}", zh: "{one.at}{two.buyer}"}
    valid: {from: 2025-01-01}
    source: ["https://example.org/law"]
  LATE:
    match: {one: {is: sale}}
    after: one.paid_by
    about: one.shop
    warn: payment
    message: {en: L, zh: L}
  MANY:
    match: {many: {is: sale, joined: shop, at_least: 3}}
    after: 36 hours
    about: many.shop
    inform:
    message: {en: M, zh: M}
  LOOSE:
    match: {one: {is: sale}, two: {is: sale, joined: shop == one.shop}}
    within: 1 hour
    after: 1 day
    about: one.shop
    suggest: rest
    message: {en: "O", zh: "O"}
"""
SAYS = {
    "PAIR": (
        [
            "① an event (Sale)", "  price: more than 1.00 yuan",
            "② an event (Sale)", "  shop: the same as ①", "  buyer: the same as ①",
            "③ a fact (Shop)", "  town: equal to the buyer of ①",
            "= ② happened no earlier than ①", "= ② price: more than ① price + much (9.00 yuan)",
            "= at most 7 days from the first event to the last",
            "④ an event (Sale)", "  price: less than 0.00 yuan", "  shop: the same as ①",
            "  ① happened before ④", "  ④ happened no later than ②",
            "as soon as all of this holds", "the Shop ③",
        ],
        [
            "① 事件（Sale）", "  价格：大于 1.00 元",
            "② 事件（Sale）", "  店铺：与 ① 相同", "  买家：与 ① 相同",
            "③ 事实（Shop）", "  城镇：等于 ① 的买家",
            "= ② 不早于 ① 发生", "= ② 的价格：大于 ① 的价格 + much（9.00 元）", "= 首末两个事件相隔不超过 7 天",
            "④ 事件（Sale）", "  价格：小于 0.00 元", "  店铺：与 ① 相同", "  ① 早于 ④ 发生", "  ④ 不晚于 ② 发生",
            "以上全部成立时立即触发", "③（Shop）",
        ],
    ),
    "LATE": (
        [
            "① an event (Sale)",
            "when this time comes, if all of this still holds then, and never where it is unknown: ① day of payment",
            "the Shop whose key ① gives (shop)",
        ],
        [
            "① 事件（Sale）", "以下时间到来时，若以上仍全部成立（该时间未知则不触发）：① 的付款时间",
            "① 的店铺所指的 Shop",
        ],
    ),
    "MANY": (
        [
            "① 3 events or more (Sale)", "  shop: the same for all",
            "36 hours after the last of the events, if all of this still holds then",
            "the Shop whose key ① gives (shop)",
        ],
        [
            "① 3 个或更多事件（Sale）", "  店铺：均相同",
            "最后一个事件发生 36 小时后，若以上仍全部成立", "① 的店铺所指的 Shop",
        ],
    ),
    "LOOSE": (
        [
            "① an event (Sale)", "② an event (Sale)", "  shop: the same as ①",
            "= at most 1 hour from the first event to the last",
            "24 hours after the last of the events, if all of this still holds then",
            "the Shop whose key ① gives (shop)",
        ],
        [
            "① 事件（Sale）", "② 事件（Sale）", "  店铺：与 ① 相同", "= 首末两个事件相隔不超过 1 小时",
            "最后一个事件发生 24 小时后，若以上仍全部成立", "① 的店铺所指的 Shop",
        ],
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def rulebook():
    return dxrules.load(dxrules.Text(RULES), facts=[Shop, Sale])


def speaker_of(rulebook, name, lang):
    rule = next(each for each in rulebook.patterns if each.name == name)
    return PatternSpeaker(rulebook.parameters, lang, rule)


def lines_of(speaker):
    """What a rule says, line by line."""

    def matches(those):
        for each in those:
            yield f"{speaker.marks[each.name]} {text_of(speaker.what(each))}"
            yield from (f"  {text_of(line.phrase)}" for line in speaker.lines(each))

    yield from matches(speaker.rule.match)
    yield from (f"= {text_of(line.phrase)}" for line in speaker.relations())
    yield from matches(speaker.rule.absent)
    yield text_of(speaker.due())
    yield text_of(speaker.about())


@pytest.mark.parametrize("name", SAYS)
@pytest.mark.parametrize("lang", LANGS)
def test_a_pattern_rule_in_words(rulebook, name, lang):
    assert list(lines_of(speaker_of(rulebook, name, lang))) == SAYS[name][LANGS.index(lang)]


@pytest.mark.parametrize(
    ("length", "en", "zh"),
    [
        (dt.timedelta(minutes=1), "1 minute", "1 分钟"),
        (dt.timedelta(minutes=90), "90 minutes", "90 分钟"),
        (dt.timedelta(hours=1), "1 hour", "1 小时"),
        (dt.timedelta(days=1), "24 hours", "24 小时"),
        (dt.timedelta(hours=36), "36 hours", "36 小时"),
        (dt.timedelta(days=2), "2 days", "2 天"),
    ],
)
def test_a_length_of_time_in_words(length, en, zh):
    assert (length_text(length, "en"), length_text(length, "zh")) == (en, zh)


def test_what_a_pattern_rule_reads(rulebook):
    read = {rule.name: {" ".join(each.key) for each in reads_of(rule)} for rule in rulebook.patterns}
    assert read == {
        "PAIR": {"Sale price", "Sale shop", "Sale buyer", "Sale at", "Shop town"},
        "LATE": {"Sale paid_by", "Sale shop"},
        "MANY": {"Sale shop", "Sale at"},
        "LOOSE": {"Sale shop", "Sale at"},
    }


# The picture of the order of events


def test_the_order_of_events(rulebook):
    pair, late, many, loose = (
        timeline_of(speaker_of(rulebook, name, "en").rule) for name in ("PAIR", "LATE", "MANY", "LOOSE")
    )
    assert [each.name for each in pair.events] == ["one", "two"]
    assert [each.name for each in pair.others] == ["place"]
    assert [(each.match.name, each.after, each.before) for each in pair.stretches] == [("back", 0, 1)]
    assert [each.ordered for each in (pair, late, many, loose)] == [True, True, True, False]


ORDER = """
rulebook: order
facts: {shop: Shop, sale: Sale}
keep: 20 days
rules:
  R:
    match:
      one: {is: sale}
      two: {is: sale, joined: shop == one.shop}
      three: {is: sale, joined: shop == one.shop}
    where: [WHERE]
    about: one.shop
    inform:
    message: {en: x, zh: x}
"""


@pytest.mark.parametrize(
    ("where", "order"),
    [
        ("three.at < two.at and two.at < one.at", ["three", "two", "one"]),
        ("one.at > three.at, one.at <= two.at", ["three", "one", "two"]),
        ("three.at < two.at < one.at", ["three", "two", "one"]),
        ("one.at < two.at, one.at < three.at", None),
        ("one.at < two.at or two.at < three.at", None),
        ("one.at != two.at, two.at < three.at", None),
    ],
)
def test_events_stand_in_the_order_that_the_rule_says(where, order):
    rulebook = dxrules.load(dxrules.Text(ORDER.replace("WHERE", where)), facts=[Shop, Sale])
    found = timeline_of(rulebook.patterns[0])
    assert found.ordered is (order is not None)
    assert [each.name for each in found.events] == (order or ["one", "two", "three"])


def test_where_there_is_no_order_there_is_no_picture():
    text = ORDER.replace("      two: {is: sale, joined: shop == one.shop}\n", "")
    text = text.replace("      three: {is: sale, joined: shop == one.shop}\n", "").replace("    where: [WHERE]\n", "")
    rulebook = dxrules.load(dxrules.Text(text), facts=[Shop, Sale])
    assert timeline_of(rulebook.patterns[0]) is None


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("book", ["own", "bundled"])
def test_the_picture_lies_within_its_frame_and_says_what_it_shows(rulebook, book, lang):
    known = rulebook if book == "own" else dxrules.default_rulebook()
    for rule in known.patterns:
        speaker = PatternSpeaker(known.parameters, lang, rule)
        root = ET.fromstring(Drawing(timeline_of(rule), speaker, "blocks").svg())
        assert root.get("role") == "img"
        said = root.get("aria-label")
        assert all(speaker.marks[each.name] in said for each in (*rule.match, *rule.absent))
        width, height = float(root.get("width")), float(root.get("height"))
        circles = list(root.iter("{http://www.w3.org/2000/svg}circle"))
        assert len(circles) == sum(3 if each.counted else 1 for each in (*rule.match, *rule.absent))
        for circle in circles:
            assert 10 <= float(circle.get("cx")) <= width - 10
            assert 10 <= float(circle.get("cy")) <= height - 10
        for text in root.iter("{http://www.w3.org/2000/svg}text"):
            assert 10 <= float(text.get("y")) <= height


def test_the_picture_in_words(rulebook):
    speaker = speaker_of(rulebook, "PAIR", "en")
    assert Drawing(timeline_of(speaker.rule), speaker, "blocks sell").said() == (
        "The order in time of PAIR: ① Sale; then ② Sale; within 7 days; ③ Shop; must not be: ④ Sale; "
        "at once: blocks sell"
    )


# The page


@pytest.mark.parametrize("lang", LANGS)
def test_the_entry_of_a_pattern_rule(lang, tmp_path, rulebook):
    text = dxrules.write_handbook(rulebook, tmp_path, langs=[lang]).read_text("utf-8")
    page = Reader(text)
    articles = {attrs["data-name"]: (attrs, said) for attrs, said in page.all("article")}
    assert set(articles) == set(SAYS)
    attributes, said = articles["PAIR"]
    assert attributes["id"] == "rule-Shop-PAIR"
    assert attributes["data-outcome"] == "block sell"
    assert attributes["data-deadline"] == "promptly"
    assert set(attributes["data-facts"].split()) >= {"Sale:at", "Shop:town"}
    for part in {
        "en": ["[time of ②]", "[② price]", "[much (900)]", "over time", "for 20 days from when it happens",
               "from 2025-01-01", "https://example.org/law", "where: two.at >= one.at", "absent back: price < 0"],
        "zh": ["[① 的时间]", "[② 的买家]", "时序", "自发生起 20 天", "自 2025年1月1日 起", "不存在 back: price < 0"],
    }[lang]:  # fmt: skip
        assert part in said
    parameters = next(said for attrs, said in page.all("tr") if "much" in said)
    assert "PAIR" in parameters
    assert {"en": "4 pattern rules", "zh": "4 条模式规则"}[lang] in page.all("header")[0][1]


def test_a_rulebook_without_pattern_rules_says_nothing_of_them(tmp_path):
    rules = "rulebook: mine\nfacts: Card\nrules:\n  A: {when: lost, inform: , message: {en: x, zh: x}}\n"
    text = dxrules.write_handbook(dxrules.load(dxrules.Text(rules)), tmp_path).read_text("utf-8")
    body = Reader(text).all("body")[0][1]
    assert "pattern" not in body.partition('"use strict"')[0].lower()
    assert 'id="patterns"' not in text
