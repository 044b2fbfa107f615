"""A page that is wrong is found out."""

import pytest

from docs.running import Run

CLASS = """\
```python
import attrs

@attrs.frozen
class Loan:
    owed: int | None = None
```
"""
TABLE = "\n<!-- conditions: Loan -->\n\n| condition | facts | result |\n|---|---|---|\n"
PACK = """\
```yaml
rulebook: a
facts: Loan
rules:
  ONE:
    when: {}
    warn:
    message: {{en: a, zh: a}}
```
"""


def failures(tmp_path, text):
    page = tmp_path / "page.md"
    page.write_text(CLASS + text, encoding="utf-8")
    run = Run(page, tmp_path)
    run.run()
    return run.failures


@pytest.mark.parametrize(
    "text",
    [
        "```python\nprint(1)\n```\n\n```text\n1\n```\n",
        "```python\n>>> Loan(5).owed\n5\n```\n",
        PACK.format("owed > 5"),
        "<!-- diagnostics: name/unknown -->\n\n" + PACK.format("owd > 5"),
        "<!-- skip: not so -->\n\n```python\n1 / 0\n```\n",
        TABLE + "| `owed > 5` | `owed: 6` | true |\n| `owed > 5` | | unknown: owed |\n| `owd` | | `name/unknown` |\n",
        "| code | | refused | instead |\n|---|---|---|---|\n",
    ],
)
def test_what_is_so(tmp_path, text):
    assert failures(tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("```python\nprint(1)\n```\n\n```text\n2\n```\n", 13, "what is shown is not what comes out"),
        ("```python\n1 / 0\n```\n", 9, "ZeroDivisionError"),
        ("```python\n>>> Loan(5).owed\n6\n```\n", 9, "Expected:\n    6"),
        (PACK.format("owd > 5"), 9, "name/unknown"),
        ("<!-- diagnostics: type/order -->\n\n" + PACK.format("owed > 5"), 11, "expected type/order"),
        ("<!-- diagnostics: type/order -->\n\n" + PACK.format("owd > 5"), 11, "name/unknown"),
        ("<!-- skip -->\n\n```python\n1 / 0\n```\n", 11, "`skip` has no reason"),
        (TABLE + "| `owed > 5` | `owed: 6` | false |\n", 13, "is true on `compiled`, not false"),
        (TABLE + "| `owed > 5` | | false |\n", 13, "is unknown: owed on `compiled`, not false"),
        (TABLE + "| `owed > 5` | | `type/order` |\n", 13, "does not give type/order alone"),
        (TABLE.replace("Loan", "Laon") + "| `owed > 5` | | false |\n", 11, "must name one of"),
    ],
)
def test_what_is_not_so(tmp_path, text, line, words):
    found = failures(tmp_path, text)
    assert found[0].startswith(f"page.md:{line}: ")
    assert words in found[0]
