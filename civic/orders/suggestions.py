"""From a resident's own words to items of the menu, and to the numbers to call instead.

Pure: built from rows, knows neither Django nor the clock, gives the same answer for the same words.

Three readings of the words are added up. Everyday phrases somebody wrote down (`synonyms.csv`) count most,
where they stand in the words. Words are weighed by how rare they are among the items (BM25 over name,
phrases and description). Pairs of characters, and pairs of syllables without tone, catch what the
dictionary cuts differently and what was typed by its sound.
"""

import csv
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from civic.core import words as chinese

Row = Mapping[str, str]

DATA = Path(__file__).with_name("data")

# How far repetition inside one item helps, and how much a long item is held back.
SATURATION = 1.4
LENGTH_PENALTY = 0.35

NAME, PHRASE, DESCRIPTION = 3.0, 1.6, 0.8
WORDS, PAIRS, SOUNDS = 1.0, 0.35, 0.25
PHRASE_HIT = 2.2
FURTHER_HITS = 0.35
LEAST_SCORE = 2.0

# Words of asking and of politeness: in every sentence, about nothing.
_IDLE = """
我 你 您 他 她 俺 咱 我们 咱们 俺们 的 了 吗 呢 吧 啊 呀 嘞 哩 嘛 着 过 得 地 就
都 也 还 又 再 很 太 有 没 没有 不 是 在 到 去 来 给 把 被 让 叫 跟 和 与 对 从
向 为 想 要 能 会 可 可以 能不能 会不会 有没有 行不行 行 不行 咋 咋办 怎么 怎么办 怎样
啥 什么 甚 谁 哪 哪里 哪儿 这 那 这个 那个 这些 那些 个 一 一个 一下 一点 点 些 好
好几 几 多 少 请 请问 帮 帮忙 帮助 帮我 麻烦 谢谢 师傅 同志 家 家里 里 上 下 人 时候
现在 今天 明天 最近 老 总 老是 总是 需要 希望 志愿者 服务 知道 觉得 东西 问 问问 找 寻
弄 搞 办 做 看 看看 说 讲 讲讲 学 用 天 年 月 一直 实在
有人 没人 不会 该 往 个人 自己 咱们 我家 俺家 东西 让人 帮着 给看 想学 想让
"""
IDLE = frozenset(_IDLE.split())
_SIGNS = re.compile(r"[^0-9a-z\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One item offered. `why` is the piece of the resident's words that led to it."""

    slug: str
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Referral:
    """Where to turn instead. `urgent` means: show it before anything else, at once."""

    target: str
    sentence: str
    urgent: bool
    phrase: str


@dataclass(frozen=True, slots=True)
class _Warning:
    pattern: re.Pattern[str]
    unless: tuple[str, ...]
    referral: Referral


class Suggester:
    """Built once from the rows of `menu.csv`, `synonyms.csv` and `referrals.csv`; then only asked.

    Items need `slug`, `name`, `description`, `synonyms` (separated by `;`); synonyms `phrase` and `item`;
    referrals `phrase` (`~` stands for up to four characters), `target`, `urgent` (1 or 0), `unless`
    (`;`) and `sentence`.
    """

    def __init__(self, items: Iterable[Row], synonyms: Iterable[Row], referrals: Iterable[Row]) -> None:
        entries = {row["slug"]: row for row in items}
        phrases: dict[str, list[str]] = {
            slug: [row["name"], *filter(None, row["synonyms"].split(";"))] for slug, row in entries.items()
        }
        for row in synonyms:
            if row["item"] in phrases:
                phrases[row["item"]].append(row["phrase"])

        self._slugs = tuple(entries)
        self._phrases = _by_phrase(phrases, self._slugs)
        self._longest = max(map(len, self._phrases), default=0)
        fields = [_fields(entries[slug], phrases[slug]) for slug in self._slugs]
        self._indexes = [
            (_index(fields, cut), cut, weight)
            for cut, weight in ((_words, WORDS), (_pairs, PAIRS), (_sounds, SOUNDS))
        ]
        self._warnings = sorted(map(_warning, referrals), key=_urgency)

    def best(self, words: str, limit: int = 3) -> list[Suggestion]:
        """The most fitting items, best first; empty when nothing fits. Ties keep the menu's order."""
        text = _plain(words)
        scores: dict[int, float] = {}
        reasons: dict[int, tuple[float, str]] = {}
        self._add_phrases(text, scores, reasons)
        for index, cut, weight in self._indexes:
            for term in dict.fromkeys(cut(words)):
                for item, gain in index.get(term, ()):
                    scores[item] = scores.get(item, 0.0) + weight * gain
                    if cut is not _sounds and gain * weight > reasons.get(item, (0.0, ""))[0]:
                        reasons[item] = (gain * weight, term)

        ranked = sorted(scores, key=lambda item: (-scores[item], item))
        return [
            Suggestion(self._slugs[item], round(scores[item], 3), reasons.get(item, (0.0, ""))[1])
            for item in ranked[:limit]
            if scores[item] >= LEAST_SCORE
        ]

    def referral(self, words: str) -> Referral | None:
        """The number to call instead, the urgent ones first; None when the words are within scope."""
        text = _plain(words)
        for warning in self._warnings:
            if warning.pattern.search(text) and not any(word in text for word in warning.unless):
                return warning.referral
        return None

    def _add_phrases(
        self, text: str, scores: dict[int, float], reasons: dict[int, tuple[float, str]]
    ) -> None:
        """Everyday phrases standing in the text: the strongest in full, the others in part."""
        hits: dict[int, list[tuple[float, str]]] = {}
        for start in range(len(text)):
            for end in range(start + 1, min(len(text), start + self._longest) + 1):
                for item, gain in self._phrases.get(text[start:end], ()):
                    hits.setdefault(item, []).append((gain, text[start:end]))
        for item, found in hits.items():
            found.sort(reverse=True)
            rest = sum(gain for gain, _ in found[1:])
            scores[item] = found[0][0] + FURTHER_HITS * rest
            reasons[item] = (math.inf, found[0][1])


@cache
def standard() -> Suggester:
    """The suggester of the files in `data/`, built at the first call (a third of a second) and kept."""
    return Suggester(read("menu.csv"), read("synonyms.csv"), read("referrals.csv"))


def read(name: str) -> list[dict[str, str]]:
    """The rows of one file in `data/`."""
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _by_phrase(
    phrases: Mapping[str, Sequence[str]], slugs: Sequence[str]
) -> dict[str, list[tuple[int, float]]]:
    """Phrase to the items it means, with what it is worth: longer says more, shared says less."""
    owners: dict[str, dict[int, None]] = {}
    for number, slug in enumerate(slugs):
        for phrase in phrases[slug]:
            if plain := _plain(phrase):
                owners.setdefault(plain, {})[number] = None
    return {
        phrase: [(item, PHRASE_HIT * math.sqrt(len(phrase)) / len(items)) for item in items]
        for phrase, items in owners.items()
    }


def _fields(row: Row, phrases: Sequence[str]) -> list[tuple[str, float]]:
    told = [(phrase, PHRASE) for phrase in phrases[1:]]
    return [(row["name"], NAME), *told, (row["description"], DESCRIPTION)]


def _index(
    fields: Sequence[Sequence[tuple[str, float]]], cut: Callable[[str], list[str]]
) -> dict[str, list[tuple[int, float]]]:
    """Term to (item, gain): BM25 with weighted fields, reckoned beforehand."""
    weights: list[dict[str, float]] = []
    for item in fields:
        found: defaultdict[str, float] = defaultdict(float)
        for text, weight in item:
            for term in cut(text):
                found[term] += weight
        weights.append(found)

    lengths = [sum(found.values()) for found in weights]
    mean = sum(lengths) / max(1, len(lengths)) or 1.0
    spread = Counter(term for found in weights for term in found)
    postings: dict[str, list[tuple[int, float]]] = {}
    for number, found_here in enumerate(weights):
        held_back = SATURATION * (1 - LENGTH_PENALTY + LENGTH_PENALTY * lengths[number] / mean)
        for term, weight in found_here.items():
            rarity = math.log(1 + (len(weights) - spread[term] + 0.5) / (spread[term] + 0.5))
            gain = rarity * weight * (SATURATION + 1) / (weight + held_back)
            postings.setdefault(term, []).append((number, gain))
    return postings


def _plain(text: str) -> str:
    return _SIGNS.sub("", chinese.fold(text))


def _words(text: str) -> list[str]:
    return [word for word in chinese.tokens(text) if word not in IDLE]


def _pairs(text: str) -> list[str]:
    pieces = _SIGNS.split(chinese.fold(text))
    return [one + two for piece in pieces for one, two in pairwise(piece)]


def _sounds(text: str) -> list[str]:
    pieces = _SIGNS.split(chinese.fold(text))
    spoken = [[reading.rstrip("0123456789") for reading in chinese.readings(piece)] for piece in pieces]
    return [f"{one} {two}" for piece in spoken for one, two in pairwise(piece)]


def _warning(row: Row) -> _Warning:
    parts = [re.escape(_plain(part)) for part in row["phrase"].split("~")]
    referral = Referral(row["target"], row["sentence"], row["urgent"] == "1", row["phrase"].replace("~", ""))
    return _Warning(
        re.compile(".{0,4}".join(parts)),
        tuple(_plain(word) for word in row["unless"].split(";") if word),
        referral,
    )


def _urgency(warning: _Warning) -> tuple[bool, int]:
    return (not warning.referral.urgent, -len(warning.referral.phrase))
