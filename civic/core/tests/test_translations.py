"""The words in three languages: complete, with the same blanks, and English pages without Chinese of ours."""

import re
from pathlib import Path

import polib
import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from civic.notices import kinds
from civic.portal.management.commands.translations import traditional
from config.mo import compiled, messages

CATALOGUES = ("en", "zh_Hant")
BLANKS = re.compile(r"%\(\w+\)[sd]|\{\w*\}|<[^>]+>")
HAN = re.compile(r"[\u3400-\u9fff]+")
SHOWN = ("aria-label", "alt", "title", "placeholder", "data-confirm")
# A page keeps the names of the city and of the languages in their own letters; examples quote a place.
OWN_LETTERS = {"city names": ".brand, .top-place, title", "languages": ".foot form"}
QUOTED = ("府前", "虒亭", "理发", "量血压")


def catalogue(name):
    return polib.pofile(str(Path(settings.LOCALE_PATHS[0]) / name / "LC_MESSAGES" / "django.po"))


def sayings(entry):
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@pytest.mark.parametrize("name", CATALOGUES)
def test_nothing_is_left_untranslated(name):
    assert [entry.msgid for entry in catalogue(name) if not entry.translated()] == []


@pytest.mark.parametrize("name", CATALOGUES)
def test_blanks_and_marks_are_those_of_the_source(name):
    wrong = [
        entry.msgid
        for entry in catalogue(name)
        for said in sayings(entry)
        if set(BLANKS.findall(said)) != set(BLANKS.findall(entry.msgid))
    ]
    assert wrong == []


def test_english_holds_chinese_only_as_an_example():
    quoted = re.compile("example|try another spelling|such as", re.IGNORECASE)
    wrong = [
        said
        for entry in catalogue("en")
        for said in sayings(entry)
        if HAN.search(said) and not quoted.search(said)
    ]
    assert wrong == []


def test_english_is_calm():
    loud = [said for entry in catalogue("en") for said in sayings(entry) if "!" in said or "“" in said]
    assert loud == []


def test_both_catalogues_hold_the_same_sentences():
    english, traditional_chinese = ({entry.msgid for entry in catalogue(name)} for name in CATALOGUES)
    assert english == traditional_chinese


@pytest.mark.parametrize(
    ("simplified", "expected"),
    [
        ("理发", "理髮"),
        ("发布清单", "發布清單"),
        ("站里正在配单", "站裡正在配單"),
        ("请从下拉里选", "請從下拉裡選"),
        ("{km} 公里", "{km} 公里"),
        ("只准到乡镇或县城", "只準到鄉鎮或縣城"),
        ("点单台账", "點單台賬"),
        ("以后、后天", "以後、後天"),
        ("专干", "專幹"),
        ("联系人", "聯繫人"),
        ("日历", "日曆"),
        ("面积", "面積"),
        ("按周看", "按週看"),
        ("已并单", "已併單"),
        ("绑定并进入", "綁定並進入"),
        ("给您回音", "給您回音"),
    ],
)
def test_one_simplified_character_becomes_the_right_traditional_one(simplified, expected):
    assert traditional(simplified) == expected


def test_the_compiled_catalogue_speaks_plurals(tmp_path):
    text = (Path(settings.LOCALE_PATHS[0]) / "en/LC_MESSAGES/django.po").read_text(encoding="utf-8")
    assert (
        messages(text)["找到 %(n)s 个阵地\0找到 %(n)s 个阵地".encode()]
        == b"%(n)s site found\0%(n)s sites found"
    )
    assert compiled(text).startswith(b"\xde\x12\x04\x95")


# --- On pages


@pytest.fixture
def speaks_english(client):
    client.post(reverse("core:language"), {"language": "en", "next": "/"})
    yield client
    translation.activate(settings.LANGUAGE_CODE)


def own_words(response):
    """What the page says in words and in labels, without names and quoted examples."""
    soup = BeautifulSoup(response.content, "html.parser")
    for selector in OWN_LETTERS.values():
        for tag in soup.select(selector):
            tag.decompose()
    labels = [str(tag[name]) for tag in soup.find_all(True) for name in SHOWN if tag.has_attr(name)]
    words = " ".join([soup.get_text(" "), *labels])
    for example in QUOTED:
        words = words.replace(example, "")
    return words


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        "people:sign_in",
        "people:password",
        "portal:help",
        "portal:phones",
        "portal:privacy",
        "portal:accessibility",
        "venues:find",
        "core:offline",
    ],
)
def test_an_english_page_has_no_chinese_of_ours(speaks_english, name):
    response = speaks_english.get(reverse(name))
    assert response["Content-Language"] == "en"
    assert b'<html lang="en"' in response.content
    assert HAN.findall(own_words(response)) == []


def test_a_notice_names_its_day_in_the_language_of_the_reader():
    params = {"number": "1120-0025", "who": "Red Team", "when": "11月20日 18:00"}
    with translation.override("en"):
        said = kinds.body("orders.dispatched", params)
    assert said == "Order 1120-0025 was dispatched to Red Team. You will hear back by 11/20 18:00."
    assert kinds.body("orders.dispatched", params).endswith("11月20日 18:00前给您回音。")


@pytest.mark.django_db
def test_the_language_is_remembered_for_a_year_and_leads_back(client):
    answer = client.post(reverse("core:language"), {"language": "zh-hant", "next": reverse("portal:help")})
    assert answer.status_code == 302
    assert answer["Location"] == reverse("portal:help")
    cookie = answer.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert (cookie.value, cookie["max-age"]) == ("zh-hant", 365 * 24 * 60 * 60)
    assert "幫助" in client.get(reverse("portal:help")).content.decode()


@pytest.mark.django_db
def test_a_language_we_do_not_speak_changes_nothing(client):
    client.post(reverse("core:language"), {"language": "xx", "next": "/"})
    assert "帮助" in client.get(reverse("portal:help")).content.decode()
