"""One Chromium for the tests of the handbook, and the handbooks that they open."""

import pytest

import dxrules
from handbook import hostile
from handbook.chromium import launched


@pytest.fixture(scope="session")
def chromium():
    with launched() as browser:
        yield browser


@pytest.fixture(scope="session")
def bundled_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bundled")
    dxrules.write_handbook(dxrules.default_rulebook(), folder)
    return folder


@pytest.fixture(scope="session")
def hostile_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    dxrules.write_handbook(hostile.rulebook(), folder)
    return folder


@pytest.fixture
def opened(chromium):
    """Opens a page from the file system; whatever it logs or asks of the network fails the test."""
    pages = []

    def open_(file, *, width=1440, height=900, scheme="light", script=True, address=""):
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, java_script_enabled=script
        )
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.trouble = []
        page.on("console", lambda message: page.trouble.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: page.trouble.append(str(error)))
        page.on("dialog", lambda dialog: page.trouble.append(f"dialog: {dialog.message}"))
        page.on(
            "request", lambda request: None if request.url.startswith("file:") else page.trouble.append(request.url)
        )
        page.goto(file.as_uri() + address)
        pages.append(page)
        return page

    yield open_
    for page in pages:
        trouble = page.trouble
        page.context.close()
        assert trouble == []
