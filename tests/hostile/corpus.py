"""Bad strings in classes: the Big List of Naughty Strings by its chapters, and our own."""

from functools import cache
from itertools import chain
from pathlib import Path

LIST = Path(__file__).with_name("blns.txt")
# Chapters of the list that are variations of one idea are one class.
CLASS_WORDS = {
    "Script Injection": "script",
    "SQL Injection": "sql",
    "Unicode": "unicode",
    "Emoji": "emoji",
    "Upsidedown": "unicode",
    "Right-To-Left": "right to left",
    "Ogham": "unicode",
    "Trick": "unicode",
    "Zalgo": "zalgo",
    "Numbers": "unicode",
    "Quotation": "quotes",
    "Numeric": "numbers",
    "Two-Byte": "two bytes",
    "Strings which contain two-byte": "two bytes",
    "Changing length": "two bytes",
    "Japanese": "emoji",
    "Regional": "emoji",
    "Special": "signs",
    "Server Code": "server code",
    "Command": "server code",
    "Unwanted": "server code",
    "XXE": "server code",
    "File Inclusion": "server code",
    "Interpolation": "server code",
    "MSDOS": "reserved",
    "Reserved": "reserved",
    "Scunthorpe": "reserved",
    "Innocuous": "reserved",
}
LONG = 12_000
OURS = {
    "nothing": ["", " ", "\u3000", "\u200b", "\t\n\r\n"],
    "NUL": ["\x00", "张\x00桂兰", "\x00" * 40],
    "control signs": ["\x1b[31m", "\x07\x08", "\x7f", "\ufffe\uffff", "\r\nSet-Cookie: a=b\r\n\r\n<b>"],
    "long": ["A" * LONG, "长" * LONG, "9" * 5000, "é́" * 3000, "<b>" * 3000],
    "template tags": [
        "{{ request.user.phone }}", "{% debug %}", "{% include 'x' %}", "{{7*7}}", "${7*7}", "#{7*7}",
    ],
    "paths": ["../../../etc/passwd", "..%2f..%2f", "file:///etc/passwd", "/\\evil.example", "C:\\CON"],
    "addresses": [
        "https://evil.example/", "//evil.example", "javascript:alert(1)", "data:text/html,<script>x</script>",
    ],
    "formulas": ["=cmd|' /C calc'!A0", "+1+1", "@SUM(1)", "-2+3", "=HYPERLINK(\"http://evil.example\")"],
    "days": [
        "0001-01-01", "9999-12-31", "2026-02-30", "0000-00-00", "2026-13", "10000-01-01", "24:00", "99:99",
    ],
    "amounts": [
        "-1", "0", "9" * 23, "1e309", "NaN", "Infinity", "0x7f", "٣", "１２", "1_000", "²", "9" * 5000,
    ],
    "ids": [
        "0", "-7", "9223372036854775808", "team:99999999999999999999", "team:-1", "site:x", "venue:²", "1,2",
    ],
    "markup": [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "'><svg/onload=alert(1)>",
        "</textarea><iframe src=//evil.example>",
        "</title><style>*{display:none}</style>",
        "<a href=\"javascript:alert(1)\">",
    ],
}  # fmt: skip


def _class_of(title):
    for start, name in CLASS_WORDS.items():
        if title.startswith(start):
            return name
    return "others"


@cache
def classes():
    """Class → its strings."""
    found, name, in_head = {}, "others", False
    for line in LIST.read_text(encoding="utf-8").split("\n"):
        if line.startswith("#"):
            if not in_head:
                name = _class_of(line.lstrip("#\t "))
            in_head = True
        else:
            in_head = in_head and not line
            if line:
                found.setdefault(name, []).append(line)
    return {**{f"list: {name}": lines for name, lines in found.items()}, **OURS}


def every_string():
    """All of them."""
    return list(chain.from_iterable(classes().values()))


def pick(kind, turn):
    """One string of a class, another one each turn."""
    strings = classes()[kind]
    return strings[turn % len(strings)]
