"""Chinese words for searching and sorting: folding, cutting, initials, pinyin order.

The three libraries behind it are loaded at the first use, once per process, and kept small: jieba without its
rare words and without its cache file (it would be written, readable by all, into the temporary directory),
pypinyin without its table of phrases. The readings that matter (长治 is Chángzhì, 长子 is Zhǎngzǐ) are ours,
in `readings.csv`. Measured: about 50 MB and 0.5 s for all three, against 130 MB as they come.
"""

import csv
import importlib
import logging
import os
import re
import threading
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Protocol, cast

READINGS = Path(__file__).with_name("readings.csv")

# jieba's dictionary gives 3 to most words it met only by name; below this they only cost memory.
RAREST_KEPT = 4
LONGEST_KEPT = 5
# Likely enough that a learned word is never cut apart, small enough not to shift the others.
LEARNED_FREQUENCY = 2_000
# A sentence has no initials anybody would type; a name has.
LONGEST_NAME = 20

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_BLANKS = re.compile(r"\s+")
_lock = threading.RLock()
_learned: set[str] = set()


class _Cutter(Protocol):
    FREQ: dict[str, int]
    total: int
    initialized: bool

    def add_word(self, word: str, freq: int | None = None, tag: str | None = None) -> None: ...
    def lcut_for_search(self, sentence: str, HMM: bool = True) -> list[str]: ...  # noqa: N803 - jieba's name


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


def fold(text: str) -> str:
    """One spelling for what means the same: half-width, simplified, lower case, single blanks."""
    text = unicodedata.normalize("NFKC", text.replace("\x00", ""))  # a sign that PostgreSQL cannot compare
    if _HAN.search(text):
        text = _simplifier().convert(text)
    return _BLANKS.sub(" ", text).strip().lower()


def tokens(text: str) -> list[str]:
    """The words of a text in their order, long words also in their parts; no punctuation.

    Names the dictionary does not know fall into single characters, the same way on both sides, so that
    a search for 虒亭 finds 虒亭镇 without anybody having taught the word.
    """
    cut = _cutter().lcut_for_search(fold(text), HMM=False)
    return [word for word in cut if any(sign.isalnum() for sign in word)]


def search_text(*parts: str) -> str:
    """What goes into a `simple` tsvector column: the tokens of all parts, and the initials of the names."""
    found: dict[str, None] = {}
    for part in parts:
        found.update(dict.fromkeys(tokens(part)))
        if len(part) <= LONGEST_NAME and (letters := initials(part)):
            found[letters] = None
    return " ".join(found)


def initials(text: str) -> str:
    """First letters of the pinyin: 虒亭镇 gives stz. Latin letters and digits stay, signs go."""
    return "".join(reading[0] for reading in readings(text) if reading.isalnum())


def sort_key(text: str) -> str:
    """Sorts as a Chinese dictionary does: by syllable, then tone, then the characters themselves."""
    return f"{' '.join(readings(text))}\t{text}"


def readings(text: str) -> list[str]:
    """The pinyin of each character with its tone as a digit; other signs stand for themselves."""
    text = fold(text)
    own, longest = _own_readings()
    found: list[str] = []
    start = 0
    while start < len(text):
        for end in range(min(len(text), start + longest), start, -1):
            if known := own.get(text[start:end]):
                found.extend(known)
                start = end
                break
        else:
            found.append(_reading(text[start]))
            start += 1
    return found


def learn(names: Iterable[str]) -> None:
    """Keep these words whole from now on, such as the names of places and services.

    Learn before the search column is filled: a word learned between filling and asking is cut
    differently on the two sides.
    """
    with _lock:
        fresh = {fold(name) for name in names} - _learned - {""}
        _learned.update(fresh)
        for cutter in _loaded_cutter:
            for name in sorted(fresh):
                cutter.add_word(name, LEARNED_FREQUENCY)


_loaded_cutter: list[_Cutter] = []


def _cutter() -> _Cutter:
    with _lock:
        if not _loaded_cutter:
            _loaded_cutter.append(_load_cutter())
        return _loaded_cutter[0]


def _load_cutter() -> _Cutter:
    """jieba with our own reading of its dictionary.

    Because the frequencies are set and `initialized` is true, jieba never looks for its cache file
    nor writes one.
    """
    jieba = importlib.import_module("jieba")
    voice = logging.getLogger("jieba")
    voice.handlers.clear()
    voice.setLevel(logging.WARNING)

    cutter = cast(_Cutter, jieba.Tokenizer())
    cutter.FREQ, cutter.total = _frequencies(Path(str(jieba.__file__)).with_name("dict.txt"))
    cutter.initialized = True
    for name in sorted(_learned | set(_own_words())):
        cutter.add_word(name, LEARNED_FREQUENCY)
    return cutter


def _frequencies(dictionary: Path) -> tuple[dict[str, int], int]:
    """Word to frequency, with every beginning of a word present, as jieba's search needs it."""
    known: dict[str, int] = {}
    total = 0
    with dictionary.open(encoding="utf-8") as lines:
        for line in lines:
            word, count, _kind = line.split(" ")
            frequency = int(count)
            if len(word) > 1 and (frequency < RAREST_KEPT or len(word) > LONGEST_KEPT):
                continue
            known[word] = frequency
            total += frequency
            for end in range(1, len(word)):
                known.setdefault(word[:end], 0)
    return known, total


@cache
def _simplifier() -> _Converter:
    return cast(_Converter, importlib.import_module("opencc").OpenCC("t2s"))


@cache
def _own_readings() -> tuple[dict[str, list[str]], int]:
    """Our readings by word, and the length of the longest word."""
    with READINGS.open(encoding="utf-8", newline="") as lines:
        known = {row["word"]: row["reading"].split() for row in csv.DictReader(lines)}
    return known, max(map(len, known))


def _own_words() -> list[str]:
    return [word for word in _own_readings()[0] if len(word) > 1]


@lru_cache(maxsize=8_192)
def _reading(sign: str) -> str:
    if not _HAN.match(sign):
        return sign
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    pypinyin = importlib.import_module("pypinyin")
    return str(pypinyin.lazy_pinyin(sign, style=pypinyin.Style.TONE3)[0])
