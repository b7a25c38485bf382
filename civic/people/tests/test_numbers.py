"""Numbers as people type them, and one sentence for each mistake."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.people import numbers
from civic.people.numbers import Wrong, any_phone, birthday, check_figure, citizen, mobile


@pytest.mark.parametrize(
    "text",
    [
        "13800001234",
        "138 0000 1234",
        "138-0000-1234",
        "（138）00001234",
        "１３８００００１２３４",
        "+86 138 0000 1234",
        "0086 13800001234",
        "8613800001234",
        "\u3000138\u30000000\u30001234 ",
        "138.0000.1234",
    ],
)
def test_a_mobile_in_any_spelling(text):
    assert mobile(text) == "13800001234"
    assert any_phone(text) == "13800001234"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "请填写手机号。"),
        ("   ", "请填写手机号。"),
        ("1380000123", "手机号少一位，请补齐 11 位。"),
        ("138000012345", "手机号多一位，请检查，应是 11 位。"),
        ("138", "手机号应是 11 位，现在是 3 位。"),
        ("23800001234", "手机号以 1 开头，请检查。"),
        ("0355-2012345", "这里要填手机号，座机收不到验证码。"),
        ("138x0001234", "手机号只能有数字，请检查有没有多打别的字。"),
        ("١٣٨٠٠٠٠١٢٣٤", "手机号只能有数字，请检查有没有多打别的字。"),
    ],
)
def test_a_wrong_mobile_says_what_to_do(text, words):
    with pytest.raises(Wrong) as wrong:
        mobile(text)
    assert str(wrong.value) == words


@pytest.mark.parametrize(
    ("text", "figures"),
    [("0355-2012345", "03552012345"), ("2012345", "2012345"), ("（010）6655 1234", "01066551234")],
)
def test_a_landline_is_a_phone_too(text, figures):
    assert any_phone(text) == figures


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "请填写电话。"),
        ("call me", "电话只能有数字，请检查有没有多打别的字。"),
        ("0355", "座机要写区号加号码，例如 0355-2012345。"),
        ("12", "手机号应是 11 位，现在是 2 位。"),
        ("201234", "座机是 7 位或 8 位，外地的请加区号。"),
    ],
)
def test_a_wrong_phone_says_what_to_do(text, words):
    with pytest.raises(Wrong) as wrong:
        any_phone(text)
    assert str(wrong.value) == words


@pytest.mark.parametrize("text", ["11010519491231002X", "440524188001010014", "110105 19491231 002x"])
def test_a_right_citizen_number(text):
    assert len(citizen(text)) == 18


def test_the_day_of_birth():
    assert f"{birthday('11010519491231002X')}" == "1949-12-31"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "请填写身份证号。"),
        ("110105491231002", "这是旧的 15 位号码，请填 18 位的。"),
        ("1101051949", "身份证号应是 18 位，现在是 10 位。"),
        ("1101051949123100XX", "身份证号前 17 位是数字，最后一位是数字或 X。"),
        ("11010519491331002X", "身份证号里的出生日期不对，请对照证件检查。"),
        ("110105194912310021", "身份证号有一位不对，请对照证件检查。"),
    ],
)
def test_a_wrong_citizen_number_says_what_to_do(text, words):
    with pytest.raises(Wrong) as wrong:
        citizen(text)
    assert str(wrong.value) == words


@pytest.mark.slow
@given(st.text(max_size=40))
def test_no_text_breaks_anything(text):
    for read in (mobile, any_phone, citizen):
        try:
            figures = read(text)
        except Wrong:
            continue
        else:
            assert figures.isascii()
            assert read(figures) == figures


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_figure_is_always_noticed(place, change):
    first = "11010519491231002"
    figure = str((int(first[place]) + change) % 10)
    assert check_figure(first[:place] + figure + first[place + 1 :]) != "X"


def test_the_filling_is_stripped():
    assert numbers.bare(" 1-2（3）") == "123"
