"""`civic translations`: gather the words of the interface, write 繁體 from 简体, say what English lacks."""

import shutil
import subprocess
import sys
from argparse import ArgumentParser
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import opencc
import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

LOCALES = ("en", "zh_Hant")
PLURALS = {"en": "nplurals=2; plural=(n != 1);", "zh_Hant": "nplurals=1; plural=0;"}
# Traditional glyphs of everyday print: what the converter's word lists get wrong or spell in two ways.
GLYPHS = {
    "臺": "台",  # 平台, 台賬
    "佈": "布",  # 發布, 公布
    "拉里": "拉裡",  # 下拉裡選
    "站里": "站裡",  # 站裡正在配單
    "案里": "案裡",  # 檔案裡
    "只准到": "只準到",  # exact, not allowed
    "周看": "週看",  # 按週看
    "並在一起": "併在一起",  # merged orders: 併, not the word for "and"
    "並過去": "併過去",
    "並進來": "併進來",
    "並單": "併單",
    "迴音": "回音",
}
IGNORED = ["tests/*", "*/tests/*", "migrations/*", "*/migrations/*"]


class Command(BaseCommand):
    help = "Update civic/locale; with --check, only say whether it is complete and fresh."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--check` changes nothing and fails when something is missing."""
        parser.add_argument("--check", action="store_true")

    def handle(self, *, check: bool, **_options: Any) -> None:
        """Work on a copy, then either compare it or put it in place."""
        home = Path(settings.LOCALE_PATHS[0])
        with TemporaryDirectory() as folder:
            fresh = Path(folder) / "locale"
            self._gather(home, fresh)
            self._convert(fresh / "zh_Hant" / "LC_MESSAGES" / "django.po")
            missing = _missing(fresh / "en" / "LC_MESSAGES" / "django.po")
            stale = [name for name in LOCALES if _words(home, name) != _words(fresh, name)]
            if not check:
                shutil.copytree(fresh, home, dirs_exist_ok=True)
        if missing:
            listed = "\n".join(f"  {text}" for text in missing[:40])
            self.stdout.write(f"{len(missing)} sentences have no English yet:\n{listed}")
        if check and (stale or missing):
            raise CommandError(
                "Translations are incomplete: run `civic translations`, then translate civic/locale/en."
            )
        self.stdout.write(f"{len(polib.pofile(str(home / 'en/LC_MESSAGES/django.po')))} sentences.")

    def _gather(self, home: Path, fresh: Path) -> None:
        """Extract every sentence of code and templates into `fresh`, keeping what is translated."""
        shutil.copytree(home, fresh) if home.exists() else fresh.mkdir()
        for name in LOCALES:
            (fresh / name / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
        work = fresh.parent / "civic"
        shutil.copytree(
            home.parent, work, ignore=shutil.ignore_patterns("locale", "tests", "migrations", "*.pyc")
        )
        (work / "locale").symlink_to(fresh)
        command = [
            sys.executable,
            "-m",
            "django",
            "makemessages",
            "--no-location",
            "--no-obsolete",
            "--no-wrap",
        ]
        for name in LOCALES:
            command += ["--locale", name]
        for pattern in IGNORED:
            command += ["--ignore", pattern]
        done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise CommandError(f"makemessages failed (is gettext installed?):\n{done.stderr}")
        for name in LOCALES:
            _tidy(fresh / name / "LC_MESSAGES" / "django.po", name)

    def _convert(self, path: Path) -> None:
        """Write every Traditional sentence from its source."""
        book = polib.pofile(str(path), wrapwidth=0)
        for entry in book:
            if entry.msgid_plural:
                entry.msgstr_plural = {0: traditional(entry.msgid_plural)}
            else:
                entry.msgstr = traditional(entry.msgid)
        book.save(str(path))


def traditional(text: str) -> str:
    """A Simplified sentence in Traditional characters, its words kept: 理发 → 理髮, 站里 → 站裡."""
    said: str = _converter().convert(text)
    for wrong, right in GLYPHS.items():
        said = said.replace(wrong, right)
    return said


@cache
def _converter() -> Any:
    """Built once: reading its word lists takes a third of a second."""
    return opencc.OpenCC("s2tw")


def _tidy(path: Path, name: str) -> None:
    """A header without dates and names, so that only sentences make a difference; no guessed translations."""
    book = polib.pofile(str(path), wrapwidth=0)
    for entry in book:
        if entry.fuzzy:
            entry.msgstr, entry.msgstr_plural = "", dict.fromkeys(entry.msgstr_plural, "")
            entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
        entry.previous_msgid = entry.previous_msgid_plural = entry.previous_msgctxt = None
    book.header = f"Civic, {name}. Written by `civic translations`."
    book.metadata_is_fuzzy = False
    book.metadata = {
        "Language": name,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[name],
    }
    book.save(str(path))


def _words(home: Path, name: str) -> set[tuple[str, ...]]:
    """What a catalogue says, without its order and its header."""
    path = home / name / "LC_MESSAGES" / "django.po"
    if not path.exists():
        return set()
    return {
        (entry.msgctxt or "", entry.msgid, entry.msgstr, *entry.msgstr_plural.values())
        for entry in polib.pofile(str(path))
    }


def _missing(path: Path) -> list[str]:
    """Source sentences without a finished translation."""
    return [entry.msgid for entry in polib.pofile(str(path)) if not entry.translated()]
