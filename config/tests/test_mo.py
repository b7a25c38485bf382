"""Catalogues compiled here read like those of msgfmt."""

import gettext
import io
import shutil
import subprocess

import pytest

from config import mo

CATALOGUE = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

#: a.py:1
msgid "提交点单"
msgstr "Place the order"

#, python-format
msgid "%(count)s 张点单"
msgid_plural "%(count)s 张点单们"
msgstr[0] "%(count)s order"
msgstr[1] "%(count)s orders"

msgctxt "月份"
msgid "一"
msgstr "Jan"

#, fuzzy
msgid "猜的"
msgstr "Guessed"

msgid ""
"长的"
"句子\\n"
msgstr ""
"A long \\"sentence\\"\\n"

msgid "未译"
msgstr ""

#~ msgid "旧"
#~ msgstr "Old"
"""


def test_reads_back():
    catalogue = gettext.GNUTranslations(io.BytesIO(mo.compiled(CATALOGUE)))
    assert catalogue.gettext("提交点单") == "Place the order"
    assert catalogue.ngettext("%(count)s 张点单", "%(count)s 张点单们", 3) == "%(count)s orders"
    assert catalogue.pgettext("月份", "一") == "Jan"
    assert catalogue.gettext("猜的") == "猜的"
    assert catalogue.gettext("长的句子\n") == 'A long "sentence"\n'
    assert catalogue.gettext("未译") == "未译"
    assert catalogue.gettext("旧") == "旧"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="no gettext here")
def test_same_entries_as_msgfmt(tmp_path):
    (tmp_path / "a.po").write_text(CATALOGUE)
    subprocess.run(["msgfmt", "-o", tmp_path / "a.mo", tmp_path / "a.po"], check=True)
    theirs = gettext.GNUTranslations(io.BytesIO((tmp_path / "a.mo").read_bytes()))._catalog
    assert gettext.GNUTranslations(io.BytesIO(mo.compiled(CATALOGUE)))._catalog == theirs


def test_compiles_only_what_is_newer(tmp_path):
    folder = tmp_path / "locale" / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(CATALOGUE)
    assert mo.compile_all(tmp_path) == 1
    assert mo.compile_all(tmp_path) == 0
    assert [path.name for path in sorted(folder.iterdir())] == ["django.mo", "django.po"]
