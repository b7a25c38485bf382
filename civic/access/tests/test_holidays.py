"""The pasted notice: spans, make-up days, several feasts in one line."""

from datetime import date

from civic.access.holidays import read, year_of

NOTICE = """国务院办公厅关于2026年部分节假日安排的通知
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。
"""


def test_the_year_is_read_from_the_title():
    assert year_of(NOTICE) == 2026
    assert year_of("一、元旦：1月1日放假。") is None


def test_the_notice_of_2026():
    days = read(NOTICE, 2026)
    off = [day for day in days if not day.is_working]
    worked = [day for day in days if day.is_working]
    assert len(off) == 3 + 9 + 3 + 5 + 3 + 3 + 7
    assert [f"{day.on:%m%d}" for day in worked] == ["0104", "0214", "0228", "0509", "0920", "1010"]
    assert {day.name for day in days if day.on.month == 2} == {"春节"}


def test_it_agrees_with_the_known_calendar():
    chinese_calendar = __import__("chinese_calendar")
    for day in read(NOTICE, 2026):
        assert chinese_calendar.is_workday(day.on) is day.is_working, day


def test_a_span_over_the_year_end():
    days = read("一、元旦：12月31日至1月2日放假，共3天。", 2026)
    assert [day.on for day in days] == [date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 2)]


def test_one_sentence_with_both_verbs():
    days = read("一、元旦：1月1日放假，1月4日上班。", 2027)
    assert [(day.on.day, day.is_working) for day in days] == [(1, False), (4, True)]


def test_impossible_days_are_left_out():
    assert read("一、元旦：2月30日放假。", 2027) == []


def test_text_without_items_gives_nothing():
    assert read("明天1月1日放假", 2027) == []
