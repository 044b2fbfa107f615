"""How the handbook looks, and for whom: widths, contrast, and what axe-core finds."""

import re
from importlib import resources

import pytest

import dxrules
from handbook.chromium import LANGS, PAGES, show_case, unfold
from handbook.test_patterns import RULES as OVER_TIME
from handbook.test_patterns import Sale, Shop
from handbook.test_words import Loan

LOST = {"type": "Card", "as_of": "2026-01-15", "card": {"intent": "cancel", "arrears_fen": "3520", "lost": True}}


@LANGS
@pytest.mark.parametrize("width", [360, 1440])
def test_nothing_is_wider_than_the_page(opened, bundled_folder, lang, width):
    page = opened(bundled_folder / PAGES[lang], width=width)
    show_case(page, LOST)
    page.fill("#query", "a")
    unfold(page)
    page.evaluate(
        "() => document.querySelectorAll('.rule').forEach((each) => { each.style.contentVisibility = 'visible'; })"
    )
    wide = page.evaluate("""() => {
      const scrolls = (node) => node.closest(".scroll, pre, .decision") !== null;
      return [...document.querySelectorAll("body *")].filter((node) => !scrolls(node)
        && node.getBoundingClientRect().right > innerWidth + 1).map((node) => node.outerHTML.slice(0, 200));
    }""")
    assert wide == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


AXE = pytest.mark.parametrize(("lang", "scheme", "width"), [("en", "light", 1440), ("zh", "dark", 360)])


@AXE
def test_axe_finds_no_fault_in_the_bundled_handbook(opened, bundled_folder, lang, scheme, width):
    page = opened(bundled_folder / PAGES[lang], scheme=scheme, width=width)
    show_case(page, LOST)
    page.fill("#query", "card")
    # contrast takes the most time of all and is looked at below, on a page that shows everything once
    assert violations(page, but=["color-contrast"]) == []


@pytest.mark.long  # axe takes a minute for a page with everything open
@AXE
def test_axe_finds_no_fault_when_all_of_it_is_unfolded(opened, bundled_folder, lang, scheme, width):
    page = opened(bundled_folder / PAGES[lang], scheme=scheme, width=width)
    show_case(page, LOST)
    unfold(page)
    assert violations(page) == []


EVERYTHING = """
rulebook: loans
facts: Loan
parameters: {limit: {2025-01-01: 90, 2026-01-01: 60}}
define: {late: days > 9}
gates: {pay: [before_submit]}
rules:
  A:
    when: [late or overdue, owed > 0]
    block: pay
    message: {en: "{owed:yuan} since {since}", zh: "自{since}起{owed:yuan}"}
    source: [K1, "https://example.org/"]
    examples:
      - {given: {days: 10, owed: 1}, fires: true}
      - {given: {papers: {stage: draft}}, fires: unknown}
  B:
    when: days > limit and kind in ("house", "car")
    require: x
    deadline: before_submit
    severity: critical
    message: {en: B, zh: B}
  C: {when: rate > 1.5 or name == "Li", suggest: y, message: {en: C, zh: C}, valid: {from: 2025-01-01}, overrides: [B]}
  D: {when: '"deed" in held', warn: z, message: {en: D, zh: D}}
  E: {when: 'papers.stage == "draft"', inform: , message: {en: E, zh: E}}
"""


@pytest.mark.parametrize(
    ("lang", "scheme", "width"),
    [("en", "light", 360), ("en", "dark", 1440), ("zh", "light", 1440), ("zh", "dark", 360)],
)
def test_axe_finds_no_fault_in_anything_that_a_page_can_show(opened, tmp_path, lang, scheme, width):
    rulebook = dxrules.load(dxrules.Text(EVERYTHING), dxrules.Text(OVER_TIME), facts=[Loan, Shop, Sale])
    dxrules.write_handbook(rulebook, tmp_path)
    page = opened(tmp_path / PAGES[lang], scheme=scheme, width=width)
    card = {"days": "70", "owed": "3520", "rate": "2.5", "held": ["deed"], "kind": "house", "papers": True}
    show_case(page, {"type": "Loan", "as_of": "2026-01-15", "card": card})
    page.fill("#query", "a")
    unfold(page)
    faults = violations(page)
    page.fill("[data-fact=owed] input", "x")
    assert faults + violations(page, within="#form") == []


def violations(page, *, but=(), within=None):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    options = {"resultTypes": ["violations"], "rules": {each: {"enabled": False} for each in but}}
    found = axe.Axe().run(page, context=within, options=options).response["violations"]
    return [(each["id"], each["impact"], [node["html"][:200] for node in each["nodes"][:3]]) for each in found]


PAIRS = [
    ("ink", "ground"), ("ink", "paper"), ("muted", "ground"), ("muted", "paper"), ("accent", "ground"),
    ("accent", "paper"),
    ("accent", "accent-ground"), ("block", "paper"), ("block", "block-ground"), ("require", "require-ground"),
    ("suggest", "suggest-ground"), ("warn", "warn-ground"), ("inform", "inform-ground"), ("unknown", "unknown-ground"),
    *[("ink", f"{kind}-ground") for kind in ("block", "require", "suggest", "warn", "inform")],
]  # fmt: skip


def test_colours_stand_out_enough():
    """4.5 to 1 for text: Web Content Accessibility Guidelines 2.2, criterion 1.4.3."""
    style = resources.files("dxrules.handbook").joinpath("resources", "handbook.css").read_text("utf-8")
    light, dark = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    for block in (light, dark):
        colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
        for one, two in PAIRS:
            assert contrast(colours[one], colours[two]) >= 4.5, (one, two)
        for ground in ("ground", "paper"):
            assert contrast(colours["strong"], colours[ground]) >= 3.0, "the borders of fields, by criterion 1.4.11"
            assert contrast(colours["focus"], colours[ground]) >= 3.0


def contrast(one, two):
    bright, dim = sorted((luminance(one), luminance(two)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
