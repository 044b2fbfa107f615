"""Check the relative links of the Markdown files: that each file is there, and each heading.

`make docs` holds the links between pages of docs/; this holds README, CONTRIBUTING and the rest as well.
Links to other sites are not followed.
"""

import re
import sys
import unicodedata
from functools import cache
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("docs", "examples", "benchmarks", "rules", "tests")

FENCE = re.compile(r"^ *(```+|~~~+).*?^ *\1 *$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(\s*<?([^()\s>]+(?:\([^()]*\)[^()\s>]*)*)>?(?:\s+\"[^\"]*\")?\s*\)")
REFERENCE = re.compile(r"^ {0,3}\[[^\]^]+\]:\s*<?(\S+?)>?(?:\s|$)", re.MULTILINE)
HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.+?)\s*#*\s*$", re.MULTILINE)
ANCHOR = re.compile(r"""(?:\{#|<a\s+(?:id|name)=["'])([^"'}\s]+)""")
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def main() -> None:
    """Print each broken link as path:line; fail if there is one."""
    pages = [*ROOT.glob("*.md"), *(page for folder in FOLDERS for page in (ROOT / folder).rglob("*.md"))]
    broken = [line for page in sorted(pages) for line in broken_links(page)]
    print(*broken, f"links: {len(pages)} pages, {len(broken)} broken", sep="\n")
    sys.exit(bool(broken))


def broken_links(page: Path) -> list[str]:
    """The page's broken links, as lines to print."""
    text = prose(page)
    found = []
    for match in [*LINK.finditer(text), *REFERENCE.finditer(text)]:
        problem = check(page, match.group(1))
        if problem:
            line = text.count("\n", 0, match.start(1)) + 1
            found.append(f"{page.relative_to(ROOT)}:{line}: {match.group(1)}: {problem}")
    return found


def check(page: Path, link: str) -> str | None:
    """What is wrong with one link, or None."""
    if ELSEWHERE.match(link) or link.startswith("//"):
        return None
    path, _, anchor = unquote(link).partition("#")
    if path.startswith("/"):
        return "is absolute; make it relative"
    target = (page.parent / path).resolve() if path else page
    if not target.is_relative_to(ROOT):
        return "leaves the repository"
    if not target.exists():
        return "no such file"
    if anchor and target.suffix == ".md" and anchor not in anchors(target):
        return "no such heading"
    return None


@cache
def anchors(page: Path) -> frozenset[str]:
    """The names that a link to this page can end in, made as GitHub and as the built pages make them."""
    text = prose(page, keep_code=True)
    headings = [re.sub(r"\s*\{#.*\}$", "", heading) for heading in HEADING.findall(text)]
    return frozenset(ANCHOR.findall(text)) | {slug(h) for h in headings} | {page_slug(h) for h in headings}


def slug(heading: str) -> str:
    """A heading's name on GitHub: lower case, words joined by hyphens, punctuation dropped."""
    plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    kept = (c for c in plain if c in " -_" or unicodedata.category(c)[0] in "LNM")
    return "".join(kept).replace(" ", "-")


def page_slug(heading: str) -> str:
    """A heading's name in the built pages, which join runs of spaces and hyphens."""
    return re.sub(r"-+", "-", slug(heading)).strip("-")


@cache
def prose(page: Path, *, keep_code: bool = False) -> str:
    """The page without its code, each character left out being replaced, so that lines and columns stay."""
    blank = re.compile(r"[^\n]")
    text = FENCE.sub(lambda m: blank.sub(" ", m.group()), page.read_text(encoding="utf-8"))
    return text if keep_code else CODE.sub(lambda m: blank.sub("x", m.group()), text)


if __name__ == "__main__":
    main()
