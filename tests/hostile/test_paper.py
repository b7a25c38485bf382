"""docs/security.md names only files that exist."""

import re

from tests.architecture.source import ROOT, assert_none

NAMED = re.compile(r"`([\w./]+/[\w./]+\.(?:py|md)|\.ci/\w+)`")


def test_every_file_named_in_the_paper_exists():
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    found = NAMED.findall(text)
    assert len(found) > 40
    assert_none({name for name in found if not (ROOT / name).exists()})
