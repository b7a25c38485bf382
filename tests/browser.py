"""One real browser for the whole run: a second driver in one process would not start."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium():
    """The browser; every test opens windows of its own in it and closes them."""
    # The browser's driver keeps an event loop in this thread; the queries of the tests are not run on it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "yes"
    if not CHROMIUM:
        pytest.fail("No Chromium on this machine: `make test` installs it.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()
