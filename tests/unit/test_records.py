"""Records in files: every one of them, with its line, or what is wrong with it."""

import io
import json

import pytest

from dxrules.cli.exits import UsageError
from dxrules.cli.records import read_records


def records(tmp_path, name, text, encoding="utf-8-sig", form=None):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return [(each.number, each.line, each.data, each.error) for each in read_records(str(path), form, encoding)]


def refused(tmp_path, name, text):
    with pytest.raises(UsageError) as caught:
        records(tmp_path, name, text)
    path = f"{tmp_path / name}: "
    assert str(caught.value).startswith(path)
    return str(caught.value).removeprefix(path)


def test_json(tmp_path):
    assert records(tmp_path, "a.json", '\n {"a": 1}\n') == [(1, 2, {"a": 1}, None)]
    text = '[\n  {"a": 1},\n\n  {"a":\n 2}, {"b": [3]}\n]\n'
    assert records(tmp_path, "a.json", text) == [
        (1, 2, {"a": 1}, None), (2, 4, {"a": 2}, None), (3, 5, {"b": [3]}, None),
    ]  # fmt: skip
    assert records(tmp_path, "a.json", "[]") == []
    assert records(tmp_path, "a.json", "\ufeff[1]") == [(1, 1, 1, None)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "line 1, column 1: this is not JSON: expecting value"),
        ('{"a": }', "line 1, column 7: this is not JSON: expecting value"),
        ('[\n {"a": 1}\n {"b": 2}]', "line 3: this is not JSON: a comma or `]` is due here"),
        ('[{"a": 1},]', "line 1: this is not JSON: nothing follows the comma"),
        ('[{"a": 1}', "line 1: this is not JSON: a comma or `]` is due here"),
        ('[{"a": 1}\n,', "line 2, column 2: this is not JSON"),
        ('[{"a": 1}] {}', "line 1: this is not JSON: something follows the list"),
        ('{"a": 1}\n{"a": 2}', "line 2, column 1: this is not JSON: extra data"),
    ],
)
def test_what_is_not_json(tmp_path, text, told):
    assert refused(tmp_path, "a.json", text).startswith(told)


def test_json_lines(tmp_path):
    deep = "[" * 100_000
    text = f'{{"a": 1}}\r\n\n{{"a": 1, "a": 2}}\nno\n{deep}\n{{"a": {"9" * 5_000}}}\n{{"a": 2}}'
    found = records(tmp_path, "a.jsonl", text)
    assert [(number, line) for number, line, _, _ in found] == [(1, 1), (2, 3), (3, 4), (4, 5), (5, 6), (6, 7)]
    assert [data for _, _, data, _ in found] == [{"a": 1}, None, None, None, None, {"a": 2}]
    assert found[1][3] == "the key `a` stands here twice: keep one of the two"
    assert found[2][3] == "this is not JSON: expecting value at column 1"
    assert found[3][3] in ("the data are nested too deeply", "this is not JSON: expecting value at column 100001")
    assert found[4][3] == "a number has too many digits"


def test_csv(tmp_path):
    text = 'a, b\n1,2\n\n"x\ny",3\n4\n5,6,7\n'
    assert records(tmp_path, "a.csv", text) == [
        (1, 2, {"a": "1", "b": "2"}, None),
        (2, 4, {"a": "x\ny", "b": "3"}, None),
        (3, 6, None, "there are 1 cells and 2 columns"),
        (4, 7, None, "there are 3 cells and 2 columns"),
    ]
    assert records(tmp_path, "a.csv", "") == []
    assert records(tmp_path, "a.csv", 'a\n"x"y\n1\n')[0][3].startswith("this is not CSV")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a,b,a\n", "line 1: 2 columns are called `a`"),
        ("a,,b\n", "line 1: column 2 has no name"),
        ('a,"b"c\n', "line 1: this is not CSV"),
    ],
)
def test_columns_that_cannot_be_told_apart(tmp_path, text, told):
    assert refused(tmp_path, "a.csv", text).startswith(told)


def test_bytes_that_are_no_text(tmp_path):
    text = "名称\n甲\n".encode("gbk")
    assert refused(tmp_path, "a.csv", text).startswith("line 1: the byte 0xc3 is no text in this encoding: add `--enc")
    assert records(tmp_path, "a.csv", text, encoding="gbk") == [(1, 2, {"名称": "甲"}, None)]
    found = records(tmp_path, "a.jsonl", b'{"a": "\xff"}\n{"a": "\\udcff"}\n')
    assert "the byte 0xff is no text" in found[0][3]
    assert found[1][2] == {"a": "\udcff"}  # written as an escape, it is what it is
    with pytest.raises(UsageError, match="there is no encoding `no-such`"):
        records(tmp_path, "a.csv", "a\n", encoding="no-such")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1}\n{"a": 2}\n', [{"a": 1}, {"a": 2}]),
        ('{"a": 1}', [{"a": 1}]),
        ('{\n"a": 1}', [{"a": 1}]),
        ('\n[{"a": 1},\n{"a": 2}]', [{"a": 1}, {"a": 2}]),
        ("a\n1\n", [{"a": "1"}]),
        ("", []),
    ],
)
def test_standard_input_is_told_by_how_it_begins(monkeypatch, text, expected):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert [each.data for each in read_records("-", None, "utf-8-sig")] == expected


def test_the_format_that_is_named_counts_more_than_the_name(tmp_path):
    assert records(tmp_path, "a.txt", '{"a": 1}\n', form="jsonl")[0][2] == {"a": 1}
    assert records(tmp_path, "a.ndjson", json.dumps({"a": 1}))[0][2] == {"a": 1}
