"""Chromium, where the machine has one."""

import contextlib
import os
import shutil

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# No sandbox, which root may not have; no services of its own, which would look for a network that may not be there.
OPTIONS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def path():
    """The program; None where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextlib.contextmanager
def launched():
    """A running Chromium. Without one the test is skipped, and says so; where CI requires one, it fails."""
    program = path()
    if program is None:
        message = "no Chromium here: on Debian, `apt-get install chromium`; then these tests run"
        if os.environ.get("REQUIRE_CHROMIUM"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(OPTIONS))
        try:
            yield browser
        finally:
            browser.close()


# What the tests do with a page

PAGES = {"en": "index.html", "zh": "index.zh.html"}
LANGS = pytest.mark.parametrize("lang", ["en", "zh"])


def codes(page):
    return page.eval_on_selector_all("#decision .outcome", "all => all.map(each => each.dataset.code)")


def waiting(page):
    return page.eval_on_selector_all("#decision .waiting li[data-code]", "all => all.map(each => each.dataset.code)")


def messages(page):
    return page.eval_on_selector_all("#decision .outcome > .said", "all => all.map(each => each.textContent)")


def show_case(page, case):
    page.evaluate("case_ => { location.hash = '#case=' + encodeURIComponent(JSON.stringify(case_)); }", case)
    page.wait_for_function("wanted => document.querySelector('#as-of').value === wanted", arg=case["as_of"])


def unfold(page):
    """Everything that can be opened, opened."""
    page.evaluate("""() => {
      document.querySelectorAll("details").forEach((each) => { each.open = true; });
      document.querySelectorAll("[data-kind=group] > .choices input[value=true]").forEach((each) => each.click());
    }""")
