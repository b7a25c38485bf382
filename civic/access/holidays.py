"""Reads the State Council's yearly notice on holidays, as pasted. Pure: text in, days out.

一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日至11日放假调休，共7天。2月4日（周四）、2月20日（周六）上班。
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

YEAR = re.compile(r"(20\d\d)\s*年")
ITEM = re.compile(r"[一二三四五六七八九十]+\s*[、.．]\s*([^：:\n]{2,20})[：:]")
IN_BRACKETS = re.compile(r"[（(][^）)]*[）)]")
SPAN = re.compile(
    r"(?:(20\d\d)年)?(\d{1,2})月(\d{1,2})日(?:\s*[至到—~-]+\s*(?:(20\d\d)年)?(?:(\d{1,2})月)?(\d{1,2})日)?"
)
LONGEST = 31


@dataclass(frozen=True, slots=True)
class Day:
    """One day that the notice names."""

    on: date
    is_working: bool
    name: str


def year_of(text: str) -> int | None:
    """The first year that the text names."""
    found = YEAR.search(text)
    return int(found[1]) if found else None


def read(text: str, year: int) -> list[Day]:
    """The days of a notice in their order; a day named twice counts as it is named last."""
    parts = ITEM.split(text)
    found: dict[date, Day] = {}
    for name, words in zip(parts[1::2], parts[2::2], strict=True):
        for day in _days(name.strip(), IN_BRACKETS.sub("", words), year):
            found[day.on] = day
    return sorted(found.values(), key=lambda day: day.on)


def _days(name: str, words: str, year: int) -> Iterator[Day]:
    for sentence in re.split(r"[。；;\n]", words):
        # "1月1日至3日放假，1月4日上班": each date belongs to the next verb.
        begin = 0
        for verb in re.finditer(r"放假|上班", sentence):
            for on in _dates(sentence[begin : verb.start()], year):
                yield Day(on, verb[0] == "上班", name)
            begin = verb.end()


def _dates(words: str, year: int) -> Iterator[date]:
    for match in SPAN.finditer(words):
        first_year, month, day, last_year, last_month, last_day = match.groups()
        try:
            first = date(int(first_year or year), int(month), int(day))
            last = first
            if last_day:
                last = date(int(last_year or first.year), int(last_month or month), int(last_day))
        except ValueError:
            continue  # the 31st of a short month: a slip of the pen
        if last < first and not last_year:
            last = last.replace(year=first.year + 1)  # 12月31日至1月2日
        for ahead in range(min((last - first).days + 1, LONGEST)):
            yield first + timedelta(days=ahead)
