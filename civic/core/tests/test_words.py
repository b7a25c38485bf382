"""Folding, cutting, initials and order of Chinese words."""

import csv
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from civic.core import words

ROOT = Path(__file__).parents[3]
PLACES = ROOT / "civic" / "places" / "data" / "places_changzhi.csv"


@pytest.fixture(scope="module", autouse=True)
def _loaded():
    words.search_text("理发")


def places(*levels):
    with PLACES.open(encoding="utf-8", newline="") as lines:
        return [row["name"] for row in csv.DictReader(lines) if row["level"] in levels]


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("長治市電飯鍋", "长治市电饭锅"),
        ("ＶＲ１２", "vr12"),
        ("  修 \u3000 锁\n", "修 锁"),
        ("Wi-Fi", "wi-fi"),
        ("", ""),
    ],
)
def test_fold_gives_one_spelling(typed, folded):
    assert words.fold(typed) == folded


def test_tokens_hold_words_and_their_parts_and_no_signs():
    assert words.tokens("师傅，電飯鍋咋不通电？") == ["师傅", "饭锅", "电饭锅", "咋", "不", "通电"]


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("虒亭镇", "stz"),
        ("长治市", "czs"),
        ("长子县", "zzx"),
        ("店上镇", "dsz"),
        ("翟店街道", "zdjd"),
        ("太行西街街道", "thxjjd"),
        ("种家岭村", "cjlc"),
        ("潞州区 3号楼", "lzq3hl"),
        ("VR红色体验", "vrhsty"),
        ("——", ""),
    ],
)
def test_initials(name, letters):
    assert words.initials(name) == letters


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("长治", "chang2 zhi4"),
        ("长子", "zhang3 zi3"),
        ("潞州", "lu4 zhou1"),
        ("沁县", "qin4 xian4"),
        ("壶关", "hu2 guan1"),
        ("黎城", "li2 cheng2"),
        ("虒亭", "si1 ting2"),
        ("大堡头", "da4 bao3 tou2"),
        ("音乐党课", "yin1 yue4 dang3 ke4"),
        ("邻里调解", "lin2 li3 tiao2 jie3"),
    ],
)
def test_readings_of_words_with_several(name, reading):
    assert " ".join(words.readings(name)) == reading


def test_every_place_has_initials_of_its_own_length():
    for name in places("city", "county", "township", "village"):
        assert len(words.initials(name)) == sum(sign.isalnum() for sign in name), name


def test_sort_key_follows_pinyin_then_tone_then_the_shorter():
    names = ["张店镇", "长治市", "长子县", "常青街道", "安乐村", "李明华", "李明", "1号院"]

    assert sorted(names, key=words.sort_key) == [
        "1号院", "安乐村", "常青街道", "长治市", "李明", "李明华", "张店镇", "长子县",
    ]  # fmt: skip


def test_search_text_is_found_by_the_tokens_of_what_people_type():
    column = words.search_text("虒亭镇新时代文明实践所", "理发 量血压").split()

    for typed in ("虒亭", "文明实践", "理发", "血压"):
        assert set(words.tokens(typed)) <= set(column), typed


def test_search_text_has_initials_of_names_but_not_of_sentences():
    column = words.search_text("虒亭镇", "请把需要的服务写下来，一两句话就可以，我们会尽快回复").split()

    assert "stz" in column
    assert len([word for word in column if word.isascii()]) == 1


def test_search_text_holds_each_word_once():
    column = words.search_text("理发", "理发").split()

    assert len(column) == len(set(column))


def test_every_place_is_found_by_its_name_and_by_its_stem():
    for name in places("county", "township"):
        column = set(words.search_text(name).split())
        assert set(words.tokens(name)) <= column
        assert words.initials(name) in column


def test_a_learned_word_is_kept_whole():
    words.learn(["哑铃峪坪", ""])
    words.learn(["哑铃峪坪"])

    assert "哑铃峪坪" in words.tokens("去哑铃峪坪怎么走")


@pytest.mark.slow
def test_the_first_use_says_nothing_writes_nothing_and_stays_small(tmp_path):
    """In a process of its own: what is learned before loading counts, jieba's cache file never appears."""
    script = (
        "from pathlib import Path\n"
        "size = lambda: int(Path('/proc/self/status').read_text().split('VmRSS:')[1].split()[0]) // 1024\n"
        "before = size()\n"
        "from civic.core import words\n"
        "words.learn(['哑铃峪坪'])\n"
        "assert '哑铃峪坪' in words.tokens('哑铃峪坪')\n"
        "words.initials('长治')\n"
        "print(size() - before)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []
    assert int(done.stdout) < 90, "megabytes"


def test_jieba_keeps_silent_here():
    words.tokens("理发")

    assert logging.getLogger("jieba").level >= logging.WARNING
    assert not logging.getLogger("jieba").handlers
    assert words._cutter().initialized
