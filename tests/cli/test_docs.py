"""The commands that write the handbook and the picture, through real processes."""

import json
import xml.etree.ElementTree as ET

import dxrules as library
from commandline import dxrules


def test_docs_writes_both_languages(tmp_path):
    done = dxrules("docs", "-o", "out", cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert done.out == "out/index.html: 62 rules, 10 pattern rules; open it in a browser\n"
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == ["index.html", "index.zh.html"]
    assert 'lang="zh-Hans"' in (tmp_path / "out" / "index.zh.html").read_text("utf-8")


def test_docs_in_one_language_with_sources_and_json(tmp_path):
    (tmp_path / "table.csv").write_text("source,en\nS11,the first source\n", encoding="utf-8")
    done = dxrules("docs", "--only", "zh", "--sources", "table.csv", "--json", cwd=tmp_path)
    assert json.loads(done.out) == {
        "index": "handbook/index.html", "rules": 62, "patterns": 10, "digest": library.default_rulebook().digest,
    }  # fmt: skip
    text = (tmp_path / "handbook" / "index.html").read_text("utf-8")
    assert "the first source" in text
    assert "规则手册" in text


def test_docs_of_broken_rules_says_where(tmp_path):
    (tmp_path / "mine.yaml").write_text("rulebook: mine\nfacts: Card\nrules:\n  A: {when: lots}\n", encoding="utf-8")
    done = dxrules("docs", "mine.yaml", cwd=tmp_path)
    assert done.code == 2
    assert "mine.yaml:4" in done.err
    assert not (tmp_path / "handbook").exists()


def test_docs_where_it_cannot_write(tmp_path):
    (tmp_path / "taken").write_text("", encoding="utf-8")
    done = dxrules("docs", "-o", "taken/out", cwd=tmp_path)
    assert done.code == 2
    assert "Traceback" not in done.err


def test_graph(tmp_path):
    done = dxrules("graph", "--pack", "batch", "--lang", "zh", cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert "持卡人类型" in "".join(ET.fromstring(done.out).itertext())
    done = dxrules("graph", "--format", "mermaid", "--no-rules", "-o", "all.mmd", "--lang", "en", cwd=tmp_path)
    assert (done.code, done.out) == (0, "")
    text = (tmp_path / "all.mmd").read_text("utf-8")
    assert text.startswith("flowchart LR\n")
    assert "blocks cancel" in text
    assert "ARREARS_UNPAID" not in text


def test_graph_of_a_pack_that_is_not_there(tmp_path):
    done = dxrules("graph", "--pack", "bach", cwd=tmp_path)
    assert done.code == 2
    assert "did you mean `batch`?" in done.err
