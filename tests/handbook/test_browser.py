"""The handbook in a real Chromium: type a card, read the decision."""

import datetime as dt
import json
from random import Random

import pytest

import dxrules
from generate.cards import random_fact
from handbook.chromium import LANGS, PAGES, codes, messages, show_case, unfold, waiting
from handbook.javascript import case_of
from profiles import examples

DAY = dt.date(2026, 1, 15)


def by_kind(decision):
    """The outcomes as the page lists them: kind by kind."""
    groups = (decision.blocks, decision.required_actions, decision.suggested_actions, decision.warnings, decision.notes)
    return [each for group in groups for each in group]


@LANGS
def test_type_a_card_and_read_the_decision(opened, bundled_folder, lang):
    page = opened(bundled_folder / PAGES[lang])
    page.fill("#as-of", DAY.isoformat())
    form = page.locator("#form")
    form.get_by_label({"en": "what the holder asks for", "zh": "办理意向"}[lang], exact=True).select_option(
        label={"en": "cancel", "zh": "注销"}[lang]
    )
    form.get_by_label({"en": "billed and unpaid, late fees included", "zh": "欠费（含滞纳金）"}[lang]).fill("3520")
    form.get_by_role("group", name={"en": "the card is lost", "zh": "卡片已丢失"}[lang]).get_by_label(
        {"en": "yes", "zh": "是"}[lang]
    ).check()
    card = dxrules.Card(card_id="c", intent="cancel", arrears_fen=3520, lost=True)
    decision = dxrules.evaluate(card, as_of=DAY)
    assert codes(page) == [each.code for each in by_kind(decision)]
    assert messages(page) == [each.message(lang) for each in by_kind(decision)]
    assert waiting(page) == [each.rule for each in decision.undetermined]
    verdict = page.inner_text(".verdict[data-operation=cancel]")
    assert verdict == {"en": "cancel: blocked", "zh": "注销：禁止"}[lang]
    summary = page.inner_text("#summary")
    assert {"en": "as of 2026-01-15", "zh": "截至 2026年1月15日"}[lang] in summary
    why = page.locator("#decision .outcome[data-code=ARREARS_UNPAID] .why")
    said = " ".join(why.inner_text().split())
    for part in {"en": ("billed and unpaid, late fees included: 35.20 yuan", "true all of these:"),
                 "zh": ("欠费（含滞纳金）：35.20 元", "成立 以下全部成立：")}[lang]:  # fmt: skip
        assert part in said
    # what is asked leads to its field
    button = page.locator("#decision [data-ask]").first
    name = button.get_attribute("data-ask")
    button.click()
    assert page.evaluate("document.activeElement.closest('[data-fact]').dataset.fact") == name


@LANGS
def test_random_cards_are_decided_in_the_form_as_in_python(opened, bundled_folder, lang):
    rng = Random(7)
    page = opened(bundled_folder / PAGES[lang])
    rulebook = dxrules.default_rulebook()
    for place in range(examples(ci=30, long=1_000)):
        fact = random_fact(rng, rng.choice((dxrules.Card, dxrules.Account)))
        case = case_of(rulebook, fact, DAY + dt.timedelta(days=place))
        show_case(page, case)
        decision = dxrules.evaluate(fact, as_of=DAY)
        assert codes(page) == [each.code for each in by_kind(decision)], fact
        assert messages(page) == [each.message(lang) for each in by_kind(decision)]
        assert waiting(page) == [each.rule for each in decision.undetermined]
        # what was filled in is what was meant, but for keys of persons, which stay out of it
        data = json.loads(page.locator("#decision > details.written:last-child pre").text_content())
        personal = {"card_id", "account_id", "request.request_id"}
        inside = {name for name in case["card"] if "." in name and case["card"][name.split(".", maxsplit=1)[0]] is None}
        kept = {name for name, value in case["card"].items() if value is not None} - personal - inside
        found = data[type(fact).__name__]
        assert {name: sorted(found[name]) if isinstance(found[name], list) else found[name] for name in found} == {
            name: case["card"][name] for name in kept
        } | {name: value for name, value in found.items() if name in inside}


def test_every_example_on_the_page_can_be_tried(opened, bundled_folder):
    """Each example fills in the form, and its rule does there what the example says."""
    page = opened(bundled_folder / "index.html")
    wrong = page.evaluate("""() => {
      const wrong = [];
      for (const button of document.querySelectorAll("button[data-case]")) {
        const name = button.closest("article").dataset.name;
        const said = [...button.closest("tr").querySelector(".truth").classList].find((each) => each.startsWith("t-"));
        button.click();
        const has = (where) => document.querySelector(`#decision ${where}[data-code="${name}"]`) !== null;
        const found = has(".outcome") ? "t-true" : has(".waiting li") ? "t-unknown" : "t-false";
        if (found !== said) wrong.push([name, said, found, button.dataset.case]);
      }
      return wrong;
    }""")
    assert wrong == []


@LANGS
def test_a_case_goes_along_into_the_other_language(opened, bundled_folder, lang):
    page = opened(bundled_folder / PAGES[lang])
    show_case(page, {"type": "Card", "as_of": "2026-03-01", "card": {"card_id": "secret", "intent": "cancel"}})
    before = codes(page)
    page.click("a.language")
    page.wait_for_url(lambda url: PAGES["zh" if lang == "en" else "en"] in url)
    assert codes(page) == before
    assert page.input_value("#as-of") == "2026-03-01"
    assert "secret" not in page.url


@pytest.mark.parametrize(
    "address", ["#case=%", "#case={", "#case=null", '#case={"type":"Card"}', '#case={"type":"toString","card":{}}']
)
def test_an_address_that_is_no_case_is_left_alone(opened, bundled_folder, address):
    page = opened(bundled_folder / "index.html", address=address)
    assert "0 outcomes" in page.inner_text("#summary") or codes(page)


DATED = """
rulebook: dated
facts: Card
parameters: {limit: {2025-01-01: 10, 2026-01-01: 5}}
rules:
  TOO_IDLE: {when: last_used_days > limit, block: cancel, message: {en: "over {limit}", zh: "超过{limit}"}}
  LATER:
    {when: lost, inform: , message: {en: x, zh: x}, valid: {from: 2026-01-01, until: 2027-01-01}, overrides: [TOO_IDLE]}
"""


def test_the_day_of_the_decision_is_shown_and_can_be_set(opened, tmp_path):
    page = opened(dxrules.write_handbook(dxrules.load(dxrules.Text(DATED)), tmp_path))
    today = page.evaluate("new Date().toLocaleDateString('sv')")
    assert page.input_value("#as-of") == today
    page.fill("[data-fact=last_used_days] input", "7")
    page.check("[data-fact=lost] input[value=true]")
    seen = {}
    for day in ("2024-06-01", "2025-06-01", "2026-06-01", "2027-06-01"):
        page.fill("#as-of", day)
        assert f"as of {day}" in page.inner_text("#summary")
        seen[day] = (codes(page), waiting(page))
    assert seen["2024-06-01"] == ([], ["TOO_IDLE"])
    assert seen["2025-06-01"] == ([], [])
    assert seen["2026-06-01"] == (["LATER"], ["TOO_IDLE"])  # the list of what is silenced
    assert seen["2027-06-01"] == (["TOO_IDLE"], [])
    assert messages(page) == ["over 5"]
    page.fill("#as-of", "")
    assert codes(page) == []
    assert page.is_visible("#as-of-error")


@LANGS
def test_what_cannot_be_is_marked_and_nothing_is_decided(opened, bundled_folder, lang):
    page = opened(bundled_folder / PAGES[lang])
    field = page.locator("[data-fact=arrears_fen] input")
    for text in ("abc", "1.5", "-1", "9007199254740992", "1e3"):
        field.fill(text)
        assert field.get_attribute("aria-invalid") == "true"
        assert page.locator("[data-fact=arrears_fen] .error").inner_text()
        assert codes(page) == []
        assert not page.locator("#decision").inner_text()
    for text in ("0", "9007199254740991", "", "３５２０"):
        field.fill(text)
        assert field.get_attribute("aria-invalid") is None
        assert page.locator("#decision").inner_text()
    assert "CREDIT_RECORD_RISK" in codes(page)
    page.click("button[type=reset]")
    assert field.input_value() == ""
    assert "CREDIT_RECORD_RISK" in waiting(page)


def test_the_keyboard_is_enough(opened, bundled_folder):
    page = opened(bundled_folder / "index.html")
    focused = (
        "[document.activeElement.tagName, document.activeElement.id || document.activeElement.getAttribute('href')]"
    )

    def tab_to(selector, most=60):
        for _ in range(most):
            page.keyboard.press("Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert outline == "solid", "where the focus is must be seen"
                return
        raise AssertionError(f"no way to {selector}: at {page.evaluate(focused)}")

    page.keyboard.press("Tab")
    assert page.evaluate(focused) == ["A", "#main"]
    assert page.evaluate("document.activeElement.getBoundingClientRect().width") > 40, "the skip link shows itself"
    page.keyboard.press("Enter")
    tab_to("#query")
    page.keyboard.type("arrears unpaid")
    tab_to("#results a")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#rule-Card-ARREARS_UNPAID"
    page.evaluate("document.getElementById('as-of').focus()")
    tab_to("[data-fact=lost] input")
    page.keyboard.press("ArrowRight")
    assert page.is_checked("[data-fact=lost] input[value=true]")
    assert "SUSPEND_IMMEDIATELY" in codes(page)
    tab_to("[data-fact=arrears_fen] input")
    page.keyboard.type("1")
    assert "CREDIT_RECORD_RISK" in codes(page)
    tab_to("[data-fact=request] > .choices input")
    page.keyboard.press("ArrowRight")
    tab_to("[data-fact='request.stage'] select")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.selectedIndex") == 1


def test_without_script_the_rules_can_still_be_read(opened, bundled_folder):
    page = opened(bundled_folder / "index.html", script=False)
    assert not page.is_visible("#form")
    assert page.is_visible("noscript p >> nth=0")
    assert page.is_visible("#rule-Card-ARREARS_UNPAID")
    assert page.is_visible("#rule-Card-ARREARS_UNPAID .condition")


# Search


@LANGS
def test_search_by_words_fact_outcome_and_deadline(opened, bundled_folder, lang):
    page = opened(bundled_folder / PAGES[lang])
    rulebook = dxrules.default_rulebook()
    rules = (*rulebook.rules, *rulebook.patterns)

    def found():
        return sorted(page.eval_on_selector_all("#results li > a", "all => all.map(each => each.textContent)"))

    def named(wanted):
        return sorted(rule.name for rule in rules if wanted(rule))

    assert found() == []
    assert "72" in page.inner_text("#found")
    page.select_option("#by-deadline", "within_24h")
    assert found() == named(lambda rule: rule.deadline == "within_24h")
    page.select_option("#by-deadline", "")
    page.select_option("#by-outcome", "block cancel")
    assert found() == named(lambda rule: (rule.kind, rule.target) == ("block", "cancel"))
    page.select_option("#by-outcome", "")
    page.select_option("#by-fact", "Card:arrears_fen")
    assert found() == named(lambda rule: ("Card", "arrears_fen") in facts_read(rule))
    page.fill("#query", "PORT_out")
    assert found() == ["PORT_OUT_NOT_READY"]
    page.select_option("#by-fact", "")
    page.fill("#query", {"en": "settled outstanding", "zh": "结清"}[lang])
    assert "ARREARS_UNPAID" in found()
    page.fill("#query", "no such words anywhere")
    assert found() == []
    assert page.inner_text("#found").startswith("0")


@LANGS
def test_search_finds_pattern_rules_by_the_facts_of_events(opened, bundled_folder, lang):
    page = opened(bundled_folder / PAGES[lang])
    patterns = dxrules.default_rulebook().patterns
    for fact in ("CardEvent:amount_fen", "CardEvent:at", "Card:account_id", "CardEvent:contact_id"):
        page.select_option("#by-fact", fact)
        wanted = {rule.name for rule in patterns if tuple(fact.split(":")) in facts_read(rule)}
        assert wanted
        assert set(page.locator("#results li > a").all_inner_texts()) == wanted
    page.select_option("#by-fact", "")
    page.fill("#query", {"en": "called person refused", "zh": "被叫拒绝"}[lang])
    assert page.locator("#results li > a").all_inner_texts() == ["CALL_AFTER_REFUSAL"]
    page.click("#results li > a")
    assert page.evaluate("location.hash") == "#rule-Card-CALL_AFTER_REFUSAL"
    assert page.locator("#rule-Card-CALL_AFTER_REFUSAL:target").count() == 1


@LANGS
def test_the_form_says_that_it_leaves_pattern_rules_out(opened, bundled_folder, lang):
    page = opened(bundled_folder / PAGES[lang])
    note = page.locator("section:has(> #try) .note")
    assert note.is_visible()
    assert {"en": "leaves out 10 pattern rules", "zh": "不包含 10 条模式规则"}[lang] in note.inner_text()
    assert note.locator("a").get_attribute("href") == "#patterns"
    assert page.locator("article:has(.timeline) button").count() == 0, "their examples cannot be tried"


def facts_read(rule):
    from dxrules.handbook.kinds import reads_of

    return {each.key for each in reads_of(rule)}


# Hostile rules


@LANGS
@pytest.mark.parametrize("width", [360, 1440])
def test_no_text_of_a_rule_becomes_script(opened, hostile_folder, lang, width):
    page = opened(hostile_folder / PAGES[lang], width=width)
    page.eval_on_selector_all(".panel details", "all => all.forEach((each) => { each.open = true; })")
    page.fill("[data-fact=text] input:not([type=checkbox])", "<img src=x onerror=window.hit=1>")
    page.fill("[data-fact=__proto__] input", "12")
    page.select_option("[data-fact=constructor] select", "0")
    page.check("[data-fact=toString] input[type=checkbox] >> nth=0")
    page.fill("#query", "script")
    unfold(page)
    assert len(codes(page)) == len(set(codes(page))) == 12
    for button in page.locator("button[data-case]").all()[:3]:
        button.click()
    for node in page.locator("#decision a, svg a").all()[:20]:
        node.hover(force=True)
    assert page.evaluate("window.hit") is None
    assert page.evaluate("({}).text") is None
    assert (
        page.evaluate("document.querySelectorAll('img, iframe, [onerror], [onload], [onclick], [onmouseover]').length")
        == 0
    )
    page.click("a.language")
    page.wait_for_url(lambda url: PAGES["zh" if lang == "en" else "en"] in url)
    assert len(codes(page)) == 12
    assert page.evaluate("window.hit") is None
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_policy_stops_what_is_put_into_a_page(chromium, hostile_folder):
    """Even markup that came past us would not run."""
    page = chromium.new_page()
    page.goto((hostile_folder / "index.html").as_uri())
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=window.hit=1><style>*{color:red}</style>')"
    )
    page.evaluate("""() => {
      const script = document.createElement("script");
      script.textContent = "window.hit = 1";
      document.body.append(script);
    }""")
    page.wait_for_timeout(100)
    assert page.evaluate("window.hit") is None
    page.close()
