"""What the handbook of 2,000 rules costs: to build, to open, and to search, a keystroke at a time, in Chromium.

python -m benchmarks.handbook [rules]
"""

import random
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import dxrules
from benchmarks.synthetic import Subscriber, conjunctive

RULES = 2_000
BUILD_LIMIT, KEY_LIMIT = 30.0, 100.0  # seconds; milliseconds
EFFECTS = ("block", "require", "suggest", "warn", "inform")
OPERATIONS = ("cancel", "port_out", "replace", "suspend")
DEADLINES = ("none", "immediately", "within_24h", "promptly", "before_submit", "before_cancellation", "before_recycle")
ROUNDS = 5
TYPED = "review of region 用户 R01999 complaints"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def large_rulebook(count: int = RULES, seed: int = 5) -> str:
    """Rules as a large office might have them: many targets and sources, messages with values, an example each."""
    rng = random.Random(seed)
    family = conjunctive(count)
    lines = ["rulebook: large", "facts: Subscriber", "parameters: {limit: 90, ceiling: 5000}", "define:"]
    lines += ["  idle: calls == 0 and minutes == 0", "  large: balance_fen > ceiling and age_days > limit", "rules:"]
    for code, condition in zip(family.codes, family.conditions, strict=True):
        kind = rng.choice(EFFECTS)
        target = rng.choice(OPERATIONS) if kind == "block" else f"task_{rng.randrange(60)}"
        sources = ", ".join(f"K{rng.randrange(200):03}" for _ in range(3))
        lines += [
            f"  {code}:",
            "    when:",
            f"      - {condition.text!r}",
            f"      - {rng.choice(('idle or large', 'not idle', 'large or lost', 'calls >= 3'))}",
            f"    {kind}: {target}",
            f"    severity: {rng.choice(('low', 'medium', 'high', 'critical'))}",
            f"    deadline: {rng.choice(DEADLINES)}",
            f"    priority: {rng.randrange(1000)}",
            "    message:",
            f'      en: "Review of {code}: {{balance_fen:yuan}} at stake in {{region}} ({{complaints}} complaints)."',
            f'      zh: "复核 {code}：地区{{region}}的用户涉及{{balance_fen:yuan}}（投诉{{complaints}}次）。"',
            f"    source: [{sources}]",
            "    examples: [{given: {}, fires: unknown}]",
        ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Print the figures; return 1 when one is over its limit."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else RULES
    rulebook = dxrules.load(dxrules.Text(large_rulebook(count)), facts=[Subscriber])
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        index = dxrules.write_handbook(rulebook, folder)
        built = time.perf_counter() - start
        print(f"{count:,} rules in two languages: built in {built:.2f} s", end="      ")
        print(f"at most {BUILD_LIMIT:.0f}: {_said(built <= BUILD_LIMIT)}")
        for page in sorted(Path(folder).iterdir()):
            print(f"{page.name:15} {page.stat().st_size / 1e6:6.1f} MB")
        program = next(filter(None, map(shutil.which, CHROMIUM)), None)
        if program is None:
            print("no Chromium here: opening and searching were not measured")
            return int(built > BUILD_LIMIT)
        slowest = _in_chromium(program, index)
    return int(built > BUILD_LIMIT or slowest > KEY_LIMIT)


def _in_chromium(program: str, index: Path) -> float:
    """The slowest keystroke of the best of some rounds: a busy machine only ever adds."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(120_000)
        start = time.perf_counter()
        page.goto(index.as_uri())
        page.wait_for_selector("#summary:not(:empty)")
        print(f"opened in {time.perf_counter() - start:.2f} s")
        page.evaluate(WATCH)
        rounds = [_typed(page) for _ in range(ROUNDS)]
        nothing = browser.new_page()
        nothing.set_content("<input id=query>")
        nothing.evaluate(WATCH)
        idle = min((_typed(nothing)[1] for _ in range(ROUNDS)), key=max)
        start = time.perf_counter()
        page.fill("[data-fact=balance_fen] input", "3520")
        print(f"a fact filled in: decided in {1e3 * (time.perf_counter() - start):.0f} ms")
        browser.close()
    spent, shown = min(rounds, key=lambda each: max(each[1]))
    print(f"{len(spent)} keystrokes: {statistics.median(spent):.1f} ms of work each, at most {max(spent):.1f} ms")
    print(f"till it is seen: {statistics.median(shown):.0f} ms; slowest {max(shown):.0f} ms", end="      ")
    print(f"at most {KEY_LIMIT:.0f}: {_said(max(shown) <= KEY_LIMIT)}")
    print(f"(beside it, a page that does nothing: {statistics.median(idle):.0f} ms; slowest {max(idle):.0f} ms)")
    return max(shown)


# From the event to the frame that shows its effect, by the Event Timing API in steps of 8 ms, those below 16 left out;
# and how much of it was ours, the layout included.
WATCH = """() => {
  window.seen = [];
  window.spent = [];
  new PerformanceObserver((list) => {
    for (const each of list.getEntries()) if (each.name === "input") window.seen.push(each.duration);
  }).observe({type: "event", durationThreshold: 16});
  const query = document.getElementById("query");
  query.addEventListener("input", () => { window.start = performance.now(); }, {capture: true});
  query.addEventListener("input", () => {
    void document.body.offsetHeight;
    window.spent.push(performance.now() - window.start);
  });
}"""


def _typed(page: Any) -> tuple[list[float], list[float]]:
    page.fill("#query", "")
    page.wait_for_timeout(500)
    page.evaluate("() => { window.seen = []; window.spent = []; }")
    page.focus("#query")
    for key in [*TYPED, *["Backspace"] * 8]:
        if key.isascii():
            page.keyboard.press("Space" if key == " " else key)
        else:
            page.keyboard.insert_text(key)
        page.wait_for_timeout(30)
    page.wait_for_timeout(200)
    spent, seen = page.evaluate("[window.spent, window.seen]")
    return spent, seen or [16.0]


def _said(passed: bool) -> str:
    return "yes" if passed else "NO"


if __name__ == "__main__":
    sys.exit(main())
