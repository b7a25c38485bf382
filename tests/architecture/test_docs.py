"""Documents that can be generated are fresh; documents that cannot are complete."""

import re

import pytest
from django.core.management import CommandError, call_command

from civic.portal.papers import papers
from tests.architecture.source import ROOT, assert_none

DOCS = ROOT / "docs"
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")


def packages(name):
    """Names in a requirements file, without versions, extras and options."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return {re.split(r"[\[<>=~! ;]", line)[0] for line in lines if line.strip() and line[0] not in "#-"}


def test_generated_documents_are_fresh():
    call_command("docs", check=True)


def test_a_stale_document_is_named(settings, tmp_path):
    settings.BASE = tmp_path
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    with pytest.raises(CommandError, match=r"stale: docs/map\.md, docs/states\.md"):
        call_command("docs", check=True)
    call_command("docs", verbosity=0)
    call_command("docs", check=True)
    assert {path.name for path in (tmp_path / "docs").iterdir()} == set(papers())


def test_every_dependency_has_a_reason():
    told = set(
        re.findall(r"^- \*\*(.+?)\*\* — ", (DOCS / "dependencies.md").read_text(encoding="utf-8"), re.M)
    )
    needed = packages("requirements.in") | packages("requirements-dev.in")
    assert_none(needed ^ told)


def test_every_app_says_what_it_owns():
    text = (DOCS / "map.md").read_text(encoding="utf-8")
    assert_none(re.findall(r"^## (\w+)\n\n\n", text, re.M))


def test_decisions_are_numbered_without_a_gap():
    numbers = sorted(path.name[:4] for path in (DOCS / "decisions").glob("0*.md"))
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


def test_links_between_documents_lead_somewhere():
    pages = [*DOCS.rglob("*.md"), ROOT / "CONTRIBUTING.md"]
    assert_none(
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    )
