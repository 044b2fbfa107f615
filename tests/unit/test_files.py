"""Files: every row is decided or rejected, each with its line, and files appear whole or not at all."""

import csv
import json
from random import Random

import polars as pl
import pytest

import dxrules
from dxrules import Card, EngineError, FactWarning, evaluate, evaluate_file, structure_text
from dxrules.files import csvblocks

pytestmark = pytest.mark.filterwarnings("ignore::dxrules.FactWarning")
COLUMNS = ("card_id", "status", "arrears_fen", "lost", "intent", "request.stage", "bound_services", "note")


def rows_of(count, seed=1):
    rng = Random(seed)
    return [
        {
            "card_id": f"c-{number}",
            "status": rng.choice(["active", "cancelled", "", " active "]),
            "arrears_fen": rng.choice(["0", "3520", "", "-0", " 7"]),
            "lost": rng.choice(["true", "FALSE", ""]),
            "intent": rng.choice(["cancel", "none"]),
            "request.stage": rng.choice(["draft", ""]),
            "bound_services": rng.choice(["broadband|family_plan", "|", "", "broadband | value_added"]),
            "note": rng.choice(["plain", 'with "quotes", and commas', "two\nlines", "", "注"]),
        }
        for number in range(count)
    ]


def write_csv(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def expected_of(row):
    known = {name: cell for name, cell in row.items() if name != "note"}
    return ",".join(evaluate(structure_text(known, Card)).codes)


def test_csv_cells_are_read_as_structure_text_reads_them(tmp_path):
    rows = rows_of(500)
    write_csv(tmp_path / "cards.csv", rows)
    report = evaluate_file(tmp_path / "cards.csv", out=tmp_path / "out.csv")
    assert (report.rows, report.decided, report.rejected) == (500, 500, 0)
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert [row["dx_codes"] for row in found] == [expected_of(row) for row in rows]
    assert [row["note"] for row in found] == [row["note"] for row in rows]


def test_every_form_gives_the_same_codes(tmp_path):
    cards = [structure_text({k: v for k, v in row.items() if k != "note"}, Card) for row in rows_of(200)]
    write_csv(tmp_path / "cards.csv", rows_of(200))
    lines = [
        {"card_id": c.card_id, "status": c.status, "arrears_fen": c.arrears_fen, "lost": c.lost, "intent": c.intent,
         "request": c.request and {"stage": c.request.stage},
         "bound_services": c.bound_services if c.bound_services is None else sorted(c.bound_services)}
        for c in cards
    ]  # fmt: skip
    (tmp_path / "cards.jsonl").write_text("".join(json.dumps(each) + "\n" for each in lines), encoding="utf-8")
    schema = {"request": pl.Struct({"stage": pl.String}), "bound_services": pl.List(pl.String)}
    pl.DataFrame(lines, schema_overrides=schema).write_parquet(tmp_path / "cards.parquet", row_group_size=64)
    wanted = [",".join(evaluate(card).codes) for card in cards]
    for source in ("csv", "jsonl", "parquet"):
        for out in ("csv", "jsonl", "parquet"):
            target = tmp_path / f"{source}.out.{out}"
            report = evaluate_file(tmp_path / f"cards.{source}", out=target)
            assert report.decided == 200
            read = {"csv": pl.read_csv, "jsonl": pl.read_ndjson, "parquet": pl.read_parquet}[out]
            codes = read(target)["dx_codes"].fill_null("").to_list()
            assert codes == wanted, f"{source} to {out}"


@pytest.mark.parametrize("seed", range(3))
def test_one_percent_of_broken_rows_of_a_csv_file_are_rejected_with_their_lines_and_no_others(
    tmp_path, seed, monkeypatch
):
    monkeypatch.setattr(csvblocks, "_BLOCK", 1 << 14)  # several blocks
    rng = Random(seed)
    rows = rows_of(2_000, seed)
    lines, wanted, good, line = [",".join(COLUMNS)], {}, [], 2
    for row in rows:
        cells = [row[name] for name in COLUMNS]
        how = rng.choice(["enum", "number", "short", "long", "bytes"]) if rng.random() < 0.01 else None
        if how == "enum":
            cells[1] = "actve"
        elif how == "number":
            cells[2] = "12a"
        elif how == "short":
            cells = cells[:-1]
        elif how == "long":
            cells = [*cells, "x"]
        text = ",".join('"' + cell.replace('"', '""') + '"' if set(cell) & set('",\n') else cell for cell in cells)
        lines.append(text + ("\udcff" if how == "bytes" else ""))
        if how is None:
            good.append(row["card_id"])
        else:
            wanted[line] = how
        line += 1 + text.count("\n")
    data = "\n".join(lines).encode("utf-8", errors="surrogateescape") + rng.choice([b"", b"\n"])
    (tmp_path / "cards.csv").write_bytes(data)
    report = evaluate_file(tmp_path / "cards.csv", out=tmp_path / "out.parquet", add=["codes"])
    assert (report.rows, report.decided, report.rejected) == (2_000, len(good), len(wanted))
    assert pl.read_parquet(tmp_path / "out.parquet")["card_id"].to_list() == good
    rejects = [json.loads(each) for each in report.rejects.read_text(encoding="utf-8").splitlines()]
    words = {"enum": "status: found 'actve'", "number": "arrears_fen: found '12a'", "short": "the line has 7 cells",
             "long": "the line has 9 cells", "bytes": "not UTF-8"}  # fmt: skip
    assert [each["line"] for each in rejects] == list(wanted)
    for each in rejects:
        assert words[wanted[each["line"]]] in each["reason"]


def test_broken_lines_of_json_are_rejected_with_their_lines_and_no_others(tmp_path):
    rng = Random(5)
    broken = [b'{"card_id": "c", "status": "actve"}', b'{"card_id": "c", "arrears_fen": "12"}', b'{"card_id": "c"',
              b"[1]", b'{"card_id": "\xff"}', b"[" * 100_000, b'{"lost": true}',
              b'{"card_id": "c", "stray": 1}']  # fmt: skip
    lines, wanted = [], []
    for number in range(1, 1001):
        bad = rng.random() < 0.02
        lines.append(
            rng.choice(broken) if bad else json.dumps({"card_id": str(number), "lost": number % 2 == 0}).encode()
        )
        wanted += [number] * bad
    (tmp_path / "cards.jsonl").write_bytes(b"\n".join(lines))
    report = evaluate_file(tmp_path / "cards.jsonl", out=tmp_path / "out.jsonl")
    assert (report.rows, report.rejected) == (1_000, len(wanted))
    rejects = [json.loads(each) for each in report.rejects.read_text(encoding="utf-8").splitlines()]
    assert [each["line"] for each in rejects] == wanted
    found = [json.loads(each) for each in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [int(each["card_id"]) for each in found] == [n for n in range(1, 1001) if n not in set(wanted)]


def test_several_files_and_broken_rows_of_parquet(tmp_path):
    for name, status in (("a", ["active", "actve"]), ("b", ["cancelled", None])):
        pl.DataFrame({"card_id": [f"{name}1", f"{name}2"], "status": status}).write_parquet(
            tmp_path / f"{name}.parquet"
        )
    paths = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    report = evaluate_file(paths, out=tmp_path / "out.parquet")
    assert (report.rows, report.decided, report.rejected) == (4, 3, 1)
    assert pl.read_parquet(tmp_path / "out.parquet")["card_id"].to_list() == ["a1", "b1", "b2"]
    (reject,) = [json.loads(each) for each in report.rejects.read_text(encoding="utf-8").splitlines()]
    assert (reject["file"], reject["line"]) == (str(paths[0]), 2)


def test_files_appear_whole_or_not_at_all(tmp_path, monkeypatch):
    write_csv(tmp_path / "cards.csv", rows_of(50))
    (tmp_path / "out.csv").write_text("what was there", encoding="utf-8")

    def broken(*_):
        raise OSError("no space left")

    from dxrules.files import tables

    monkeypatch.setattr(tables._Csv, "write", broken)
    with pytest.raises(OSError, match="no space left"):
        evaluate_file(tmp_path / "cards.csv", out=tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "what was there"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["cards.csv", "out.csv"]


def test_files_without_rows_give_files_without_rows(tmp_path):
    (tmp_path / "cards.csv").write_text("card_id,status\n", encoding="utf-8")
    report = evaluate_file(tmp_path / "cards.csv", out=tmp_path / "out.csv")
    assert report.rows == 0
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").startswith("card_id,status,dx_codes")
    assert report.rejects.read_text(encoding="utf-8") == ""


def test_a_missing_column_is_said_once(tmp_path, monkeypatch):
    monkeypatch.setattr(csvblocks, "_BLOCK", 1 << 10)
    write_csv(tmp_path / "cards.csv", rows_of(200))
    with pytest.warns(FactWarning) as caught:
        evaluate_file(tmp_path / "cards.csv", out=tmp_path / "out.csv")
    assert len(caught) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("card_id,card_id\n", "the column `card_id` is there twice"),
        ("card_id,\n", "a column has no name"),
        ("status\nactive\n", "no column `card_id`"),
    ],
)
def test_a_bad_header_is_an_error(tmp_path, text, message):
    (tmp_path / "cards.csv").write_text(text, encoding="utf-8")
    with pytest.raises(EngineError, match=message):
        evaluate_file(tmp_path / "cards.csv", out=tmp_path / "out.csv")
    assert [each.name for each in tmp_path.iterdir()] == ["cards.csv"]


def test_files_that_cannot_be_meant_are_refused(tmp_path):
    write_csv(tmp_path / "cards.csv", rows_of(1))
    (tmp_path / "cards.parquet").write_text("no Parquet", encoding="utf-8")
    out = tmp_path / "out.csv"
    with pytest.raises(EngineError, match="there is no such file"):
        evaluate_file(tmp_path / "none.csv", out=out)
    with pytest.raises(EngineError, match="what form is this"):
        evaluate_file(tmp_path / "cards.txt", out=out)
    with pytest.raises(EngineError, match="different forms"):
        evaluate_file([tmp_path / "cards.csv", tmp_path / "cards.parquet"], out=out)
    with pytest.raises(EngineError, match="no Parquet file"):
        evaluate_file(tmp_path / "cards.parquet", out=out)
    with pytest.raises(EngineError, match="must be different files"):
        evaluate_file(tmp_path / "cards.csv", out=tmp_path / "cards.csv")
    with pytest.raises(EngineError, match="no file to read"):
        evaluate_file([], out=out)


def test_the_folder_of_the_results_must_be_there(tmp_path):
    (tmp_path / "cards.csv").write_text("card_id\nc\n")
    for options in ({"out": tmp_path / "no" / "a.csv"}, {"out": tmp_path / "a.csv", "rejects": tmp_path / "no" / "r"}):
        with pytest.raises(EngineError, match="there is no such folder to write to"):
            dxrules.evaluate_file(tmp_path / "cards.csv", **options)


def test_a_quote_that_is_never_closed_swallows_no_large_file(tmp_path, monkeypatch):
    monkeypatch.setattr(csvblocks, "_BLOCK", 1 << 10)
    monkeypatch.setattr(csvblocks, "_LONGEST", 1 << 12)
    text = 'card_id,note\nc-1,fine\nc-2,"never closed\n' + "c-3,fine\n" * 2_000
    (tmp_path / "cards.csv").write_text(text, encoding="utf-8")
    with pytest.raises(EngineError, match="is a quote not closed"):
        evaluate_file(tmp_path / "cards.csv", out=tmp_path / "out.csv")


def test_the_public_report_is_plain_data(tmp_path):
    write_csv(tmp_path / "cards.csv", rows_of(3))
    report = evaluate_file(str(tmp_path / "cards.csv"), out=str(tmp_path / "out.jsonl"), rejects=tmp_path / "bad.jsonl")
    assert isinstance(report, dxrules.FileReport)
    assert report.rejects == tmp_path / "bad.jsonl"
