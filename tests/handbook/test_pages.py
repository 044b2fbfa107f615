"""The pages of a handbook: complete, by themselves, and safe whatever the rules say."""

import base64
import csv
import hashlib
import html.parser
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import dxrules
from dxrules.handbook.kinds import owner_of, reads_of
from dxrules.handbook.sources import address, read_sources
from handbook import hostile

ROOT = Path(__file__).resolve().parent.parent.parent
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Reader(html.parser.HTMLParser):
    """The elements of a page, each with its attributes and its text; and whether it is well nested."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements = []
        self.open = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        assert len(attrs) == len(dict(attrs)), f"an attribute twice: {tag} {attrs}"
        self.elements.append((tag, dict(attrs), []))
        if tag not in VOID:
            self.open.append(self.elements[-1])

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        assert self.open or not data.strip()
        for _, _, text in self.open:
            text.append(data)

    def all(self, tag):
        return [(attrs, "".join(text)) for name, attrs, text in self.elements if name == tag]


@pytest.fixture(scope="module")
def bundled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("handbook")
    dxrules.write_handbook(dxrules.default_rulebook(), folder)
    return {"en": (folder / "index.html").read_text("utf-8"), "zh": (folder / "index.zh.html").read_text("utf-8")}


@pytest.fixture(scope="module")
def evil(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    dxrules.write_handbook(hostile.rulebook(), folder)
    return {"en": (folder / "index.html").read_text("utf-8"), "zh": (folder / "index.zh.html").read_text("utf-8")}


@pytest.fixture(scope="module", params=["bundled", "evil"])
def pages(request):
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_page_needs_nothing_else(pages, lang):
    page = Reader(pages[lang])
    tags = {tag for tag, _, _ in page.elements}
    assert not tags & {"img", "link", "iframe", "object", "embed", "base", "video", "audio", "source", "use", "image"}
    for tag, attrs, _ in page.elements:
        assert not {"src", "srcdoc", "srcset", "background", "action", "formaction", "poster", "xlink:href"} & set(
            attrs
        ), tag
    style = page.all("style")[0][1]
    assert "url(" not in style
    assert "@import" not in style


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_but_our_own_script_may_run(pages, lang):
    page = Reader(pages[lang])
    metas = page.all("meta")
    policies = [attrs["content"] for attrs, _ in metas if attrs.get("http-equiv") == "Content-Security-Policy"]
    (policy,) = policies
    data, script = page.all("script")
    assert data[0] == {"type": "application/json", "id": "data"}
    assert script[0] == {}
    (style,) = page.all("style")
    for text, directive in ((script[1], "script-src"), (style[1], "style-src")):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for tag, attrs, _ in page.elements:
        assert not [name for name in attrs if name.startswith("on") or name == "style"], tag
    head = [tag for tag, _, _ in page.elements[:4]]
    assert head == ["html", "head", "meta", "meta"], "the policy comes before everything that it is about"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_links_lead_into_the_page_or_out_to_the_web(pages, lang):
    page = Reader(pages[lang])
    ids = [attrs["id"] for _, attrs, _ in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    for attrs, _ in page.all("a"):
        target = attrs["href"]
        if target.startswith("#"):
            assert target[1:] in ids, target
        elif "hreflang" in attrs:
            assert target in ("index.html", "index.zh.html")
        else:
            assert re.match(r"https?://[a-z0-9]", target)
            assert set(attrs["rel"].split()) >= {"noopener", "noreferrer"}
    for _, attrs, _ in page.elements:
        for name in ("aria-labelledby", "aria-describedby", "for"):
            assert set(attrs.get(name, "").split()) <= set(ids)


def test_the_data_of_a_page_are_data(pages):
    for lang, text in pages.items():
        data = Reader(text).all("script")[0][1]
        assert not set("<>&\u2028\u2029") & set(data)
        found = json.loads(data)
        assert found["lang"] == lang
        assert set(found["rulebook"]) == {"parameters", "operations", "types"}


def test_the_script_is_the_same_whatever_the_rules_say(bundled, evil):
    for lang in ("en", "zh"):
        assert Reader(bundled[lang]).all("script")[1] == Reader(evil[lang]).all("script")[1]


def test_hostile_texts_are_there_as_texts(evil):
    for lang in ("en", "zh"):
        text = Reader(evil[lang]).all("main")[0][1]
        for each in hostile.TEXTS:
            assert each in text
        for each in hostile.SOURCES:
            assert each in text


def test_addresses_are_those_of_the_web_alone():
    assert [each for each in hostile.SOURCES if address(each)] == ["https://example.org/fine?a=1&b=2"]
    assert address("http://example.org:8080/a/b.html#c")
    for text in (
        "",
        "http://",
        "https:example.org",
        "ftp://example.org",
        "https://e.org/a b",
        "https://\u0430.org",
        "https://e\n",
    ):
        assert address(text) is None


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_everything_of_the_rulebook_is_on_the_page(bundled, lang):
    rulebook = dxrules.default_rulebook()
    page = Reader(bundled[lang])
    ids = {attrs["id"] for _, attrs, _ in page.elements if "id" in attrs}
    text = page.all("body")[0][1]
    for rule in (*rulebook.rules, *rulebook.patterns):
        assert f"rule-{owner_of(rule).name}-{rule.name}" in ids
        for part in rule.message[lang].parts:
            if isinstance(part, str):
                assert part in text
        for source in rule.source:
            assert f"source-{source}" in ids
    assert {f"pack-{rule.pack}" for rule in (*rulebook.rules, *rulebook.patterns)} <= ids
    for fact_type in rulebook.fact_types:
        assert {f"fact-{fact_type.name}-{name}" for name in fact_type.facts} <= ids
        assert {f"definition-{fact_type.name}-{name}" for name in rulebook.definitions[fact_type.name]} <= ids
    assert {f"parameter-{name}" for name in rulebook.parameters} <= ids
    cases = [attrs["data-case"] for attrs, _ in page.all("button") if "data-case" in attrs]
    assert len(cases) == sum(len(rule.examples) for rule in rulebook.rules)
    assert rulebook.digest in text
    assert str(ROOT) not in bundled[lang]


def test_the_same_rulebook_gives_the_same_bytes(bundled, tmp_path):
    rulebook = dxrules.load(dxrules.BUNDLED)
    index = dxrules.write_handbook(rulebook, tmp_path / "new" / "folder")
    assert index == tmp_path / "new" / "folder" / "index.html"
    assert index.read_text("utf-8") == bundled["en"]


def test_one_language_alone(tmp_path):
    index = dxrules.write_handbook(dxrules.default_rulebook(), tmp_path, langs=["zh"])
    assert [each.name for each in tmp_path.iterdir()] == ["index.html"]
    page = Reader(index.read_text("utf-8"))
    assert page.all("html")[0][0]["lang"] == "zh-Hans"
    assert not [attrs for attrs, _ in page.all("a") if "hreflang" in attrs]


@pytest.mark.parametrize("langs", [["fr"], []])
def test_other_languages_are_refused(tmp_path, langs):
    with pytest.raises(dxrules.DxRulesError, match="it can be `en` or `zh`"):
        dxrules.write_handbook(dxrules.default_rulebook(), tmp_path / "none", langs=langs)
    assert not (tmp_path / "none").exists()


def test_a_rulebook_without_rules_has_a_handbook_too(tmp_path):
    rulebook = dxrules.load(dxrules.Text("rulebook: empty\nfacts: Card"))
    Reader(dxrules.write_handbook(rulebook, tmp_path).read_text("utf-8"))


# Sources


def test_the_bundled_sources_are_all_described_in_both_languages():
    table = read_sources(ROOT / "rules" / "sources.csv")
    rulebook = dxrules.default_rulebook()
    cited = {source for rule in (*rulebook.rules, *rulebook.patterns) for source in rule.source}
    assert cited <= set(table)
    for citation in table.values():
        assert citation.texts["en"]
        assert citation.texts["zh"]


def test_the_page_on_the_sources_has_the_same_ones():
    page = (ROOT / "docs" / "rules-and-sources.md").read_text("utf-8")
    rows = {cells[1].strip(): cells for line in page.splitlines() if len(cells := line.split("|")) >= 5}
    for name, citation in read_sources(ROOT / "rules" / "sources.csv").items():
        assert name in rows, name
        if name.startswith("S"):
            assert [citation.texts["en"], citation.texts["zh"]] == [each.strip() for each in rows[name][2:4]]
        elif citation.url:
            assert citation.url in rows[name][2]


RULES = """
rulebook: mine
facts: Card
rules:
  A: {when: lost, inform: , message: {en: x, zh: x}, source: [K1, "https://example.org/a", other]}
"""


def test_a_table_beside_the_rules_says_what_the_sources_are(tmp_path):
    (tmp_path / "mine.yaml").write_text(RULES, encoding="utf-8")
    with (tmp_path / "sources.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(
            [["source", "en", "zh", "url"], ["K1", "the <law>", "法", "https://example.org/law"]]
        )
    page = dxrules.write_handbook(dxrules.load(tmp_path), tmp_path / "out").read_text("utf-8")
    links = {attrs["href"] for attrs, _ in Reader(page).all("a") if "external" in attrs.get("rel", "")}
    assert links == {"https://example.org/law", "https://example.org/a"}
    assert "the &lt;law&gt;" in page


def test_a_table_may_be_elsewhere(tmp_path):
    (tmp_path / "table.csv").write_text("source,en\nK1,the law\n", encoding="utf-8")
    rulebook = dxrules.load(dxrules.Text(RULES))
    assert "the law" in dxrules.write_handbook(rulebook, tmp_path, sources=tmp_path / "table.csv").read_text("utf-8")
    assert "the law" not in dxrules.write_handbook(rulebook, tmp_path).read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,en\nK1,x\n", ":1: the columns"),
        ("", ":1: the columns"),
        ("source,en,other\n", ":1: the columns"),
        ("source,en\nK1,x\nK1,y\n", ":3: a source has `K1` again"),
        ("source,en\n,x\n", ":2: a source has no name"),
        ("source,en\nK1,x,y\n", ":2: a source has too many columns"),
        ("source,url\nK1,javascript:x\n", ":2: `javascript:x` is no address"),
        (b"\xff\xfe", "cannot be read"),
        (None, "cannot be read"),
    ],
)
def test_a_broken_table_says_where(tmp_path, text, said):
    path = tmp_path / "table.csv"
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(dxrules.DxRulesError, match=re.escape(said)) as caught:
        dxrules.write_handbook(dxrules.load(dxrules.Text(RULES)), tmp_path / "out", sources=path)
    assert "table.csv" in str(caught.value)


# The picture

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("book", ["bundled", "hostile"])
def test_the_picture_joins_every_rule_to_what_it_reads_and_concludes(book, lang):
    rulebook = dxrules.default_rulebook() if book == "bundled" else hostile.rulebook()
    root = ET.fromstring(dxrules.graph(rulebook, lang=lang))
    found = {(path.get("data-from"), path.get("data-to")) for path in root.iter(f"{SVG}path")}
    wanted = set()
    for rule in (*rulebook.rules, *rulebook.patterns):
        key = f"rule {owner_of(rule).name} {rule.name}"
        wanted.add((key, f"outcome {rule.kind} {rule.target or ''}"))
    reads = {(start, end) for start, end in found if end.startswith("rule ")}
    assert {_clean(pair) for pair in wanted} == found - reads
    facts = {(fact_type, fact) for fact_type, names in rulebook.facts.items() for fact in names}
    facts |= {each.key for rule in rulebook.patterns for each in reads_of(rule)}
    assert {tuple(start.split(" ")[1:]) for start, _ in reads} == facts
    assert not {each.tag for each in root.iter()} - {
        f"{SVG}{tag}" for tag in ("svg", "g", "title", "style", "path", "rect", "text")
    }
    width, height = float(root.get("width")), float(root.get("height"))
    for rect in root.iter(f"{SVG}rect"):
        assert 0 <= float(rect.get("x")) <= width - float(rect.get("width"))
        assert 0 <= float(rect.get("y")) <= height - float(rect.get("height"))


def _clean(pair):
    """As XML hands attributes on: ends of lines are blanks."""
    return tuple(re.sub(r"[\n\r\t]", " ", each) for each in pair)


def test_the_picture_of_a_pack_and_without_rules():
    rulebook = dxrules.default_rulebook()
    text = dxrules.graph(rulebook, pack="batch")
    assert "BATCH_CANCEL" in text
    assert "ARREARS_UNPAID" not in text
    watched = dxrules.graph(rulebook, pack="watch")
    for part in ("CardEvent: what happened", "CALL_AFTER_LOSS", "requires suspend", 'class="rule require pattern"'):
        assert part in watched
    without = ET.fromstring(dxrules.graph(rulebook, rules=False))
    assert {path.get("data-to").split(" ")[0] for path in without.iter(f"{SVG}path")} == {"outcome"}


def test_the_picture_for_mermaid():
    text = dxrules.graph(hostile.rulebook(), "mermaid")
    nodes = re.findall(r'^  n\d+(?:\(\["|\["|\{\{")([^"]*)(?:"\]\)|"\]|"\}\})$', text, re.MULTILINE)
    edges = re.findall(r'^  n\d+ (?:-->|-- "\d+" -->) n\d+$', text, re.MULTILINE)
    assert 1 + len(nodes) + len(edges) == len(text.splitlines())
    assert not any(set(each) & set("<>\"'`{}[]()|") for each in nodes)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"form": "png"}, "it can be `svg` or `mermaid`"),
        ({"lang": "fr"}, "it can be `en` or `zh`"),
        ({"pack": "bach"}, "did you mean `batch`?"),
    ],
)
def test_another_picture_is_refused(arguments, said):
    with pytest.raises(dxrules.DxRulesError, match=re.escape(said)):
        dxrules.graph(dxrules.default_rulebook(), **arguments)
