"""The template tags: what they draw, and what they say."""

from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override

from civic.core.styleguide import Sample
from civic.core.templatetags import ui

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai


def drawn(source, **context):
    return Template("{% load ui %}" + source).render(Context(context))


@pytest.mark.parametrize(("name", "masked"), [("张建国", "张*"), (" 李四", "李*"), ("", ""), (None, "")])
def test_a_name_shows_its_first_letter(name, masked):
    assert ui.mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("10000000001", "100****0001"),
        ("+86 100 0000 0001", "100****0001"),
        ("2345678", "*****78"),
        ("12", "**"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_phone_hides_its_middle(phone, masked):
    assert ui.mask_phone(phone) == masked


def test_times_are_in_the_citys_time():
    assert ui.when(NOON) == "2026年11月22日 周日 12:00"
    assert ui.day(NOON.date()) == "2026年11月22日 周日"
    assert ui.clock(NOON) == "12:00"


@pytest.mark.parametrize("tell", [ui.when, ui.day, ui.clock])
def test_no_time_is_no_text(tell):
    assert tell(None) == ""


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (timedelta(days=1, hours=4, minutes=9), "还有 1 天 4 小时"),
        (timedelta(hours=2), "还有 2 小时"),
        (timedelta(days=2, minutes=5), "还有 2 天"),
        (timedelta(minutes=3), "还有 3 分"),
        (timedelta(seconds=20), "还有 不到 1 分"),
        (timedelta(0), "超时 不到 1 分"),
        (timedelta(hours=-3, minutes=-1), "超时 3 小时 1 分"),
    ],
)
def test_the_time_left_names_two_units(away, words):
    assert ui.left(NOON + away, NOON) == words


def test_no_deadline_leaves_nothing():
    assert ui.left(None, NOON) == ""
    assert ui.due(None, NOON) == ""


@pytest.mark.parametrize(("hours", "kind"), [(5, "wait"), (4, "due"), (0, "over"), (-1, "over")])
def test_a_deadline_changes_its_colour_icon_and_word(hours, kind):
    tag = ui.due(NOON + timedelta(hours=hours), NOON)
    assert f"tag-{kind}" in tag
    assert ui.STATUS_ICONS[kind] in tag
    assert ("超时" in tag) is (kind == "over")


def test_a_state_is_icon_and_word_and_escapes():
    tag = ui.status("done", "<b>")
    assert 'aria-hidden="true"' in tag
    assert "&lt;b&gt;" in tag


def test_each_form_token_is_fresh():
    assert ui.form_token() != ui.form_token()


@pytest.mark.parametrize(("code", "lang"), [("zh-hans", "zh-CN"), ("zh-hant", "zh-Hant"), ("en", "en")])
def test_the_page_names_its_language(code, lang):
    with override(code):
        assert ui.html_lang() == lang


def test_the_query_keeps_what_is_not_changed():
    request = RequestFactory().get("/", {"kind": "修", "after": "9", "q": "灯"})
    source = '{% load ui %}{% query_with after="12" q="" %}'
    assert Template(source).render(Context({"request": request})) == "?kind=%E4%BF%AE&amp;after=12"


@pytest.mark.parametrize(("cursor", "there"), [("12", True), (None, False), ("", False)])
def test_the_pager_ends_with_the_list(cursor, there):
    page = type("Page", (), {"next_cursor": cursor})
    context = Context({"request": RequestFactory().get("/"), "page": page})
    page = Template('{% load ui %}{% pager page target="#list" %}').render(context)
    assert ("?after=12" in page) is there
    assert ('hx-target="#list"' in page) is there


def test_the_pager_takes_a_bare_cursor():
    context = Context({"request": RequestFactory().get("/"), "cursor": 7})
    assert "?before=7" in Template('{% load ui %}{% pager cursor param="before" %}').render(context)


def test_a_field_ties_label_hint_error_and_control():
    form = Sample({})
    markup = drawn("{% field form.phone %}", form=form)
    assert '<label for="id_phone">手机号</label>' in markup
    assert 'aria-describedby="id_phone-error id_phone-hint"' in markup
    assert 'id="id_phone-error"' in markup
    assert 'id="id_phone-hint"' in markup
    assert 'class="control"' in markup
    assert 'aria-invalid="true"' in markup


def test_only_what_may_stay_empty_says_so():
    assert "（选填）" in drawn("{% field form.photo %}", form=Sample())
    assert "（选填）" not in drawn("{% field form.phone %}", form=Sample())
    assert "（选填）" not in drawn('{% field form.photo kind="bare" %}', form=Sample())


@pytest.mark.parametrize(
    ("kind", "part"), [("", "choices"), ("tiles", "choices-tiles"), ("segment", "seg"), ("stars", "stars")]
)
def test_a_group_is_a_fieldset_with_a_legend(kind, part):
    markup = drawn("{% field form.grade kind=kind %}", form=Sample(), kind=kind)
    assert "<fieldset" in markup
    assert "这次满意吗" in markup
    assert f'"{part}' in markup or f" {part}" in markup
    assert markup.count('type="radio"') == 5


def test_a_single_box_is_one_big_cell():
    markup = drawn("{% field form.agree %}", form=Sample())
    assert '<label class="choice" for="id_agree">' in markup


def test_a_hidden_field_has_no_label():
    class Quiet(forms.Form):
        key = forms.CharField(widget=forms.HiddenInput)

    assert "label" not in drawn("{% field form.key %}", form=Quiet())
    assert "<a href" not in drawn("{% error_summary form %}", form=Quiet({}))


def test_options_of_a_field():
    markup = drawn(
        '{% field form.words rows=9 counter=True keep=True hint="短一点" label="说" big=True %}',
        form=Sample(),
    )
    assert 'rows="9"' in markup
    assert 'data-max="200"' in markup
    assert "data-keep" in markup
    assert "短一点" in markup
    assert ">说<" in markup
    assert "field-big" in markup


def test_the_summary_links_each_error_to_its_field():
    form = Sample({"words": "电饭锅"})
    form.is_valid()
    form.add_error(None, "这两天不能上门。")
    markup = drawn("{% error_summary form %}", form=form)
    assert "有问题需要改" in markup
    assert "<li>这两天不能上门。</li>" in markup
    assert '<a href="#id_phone">请写手机号，11 位数字。</a>' in markup
    assert '<a href="#id_where_0">请选择「在哪里」。</a>' in markup
    assert '<a href="#id_town">请选择「乡镇」。</a>' in markup
    assert '<a href="#id_code">请填写「验证码」。</a>' in markup
    assert '<a href="#id_agree">请勾选「我看过并同意《隐私政策》」。</a>' in markup


@pytest.mark.parametrize("form", [None, Sample()])
def test_no_summary_before_anything_was_sent(form):
    assert drawn("{% error_summary form %}", form=form).strip() == ""


def test_small_parts():
    assert 'href="/up/"' in drawn('{% back "/up/" %}')
    assert "回到派单台" in drawn('{% back "/up/" "回到派单台" %}')
    assert "<a" not in drawn('{% empty "还没有点单" %}')
    assert "我要点单" in drawn('{% empty "还没有点单" "点一单。" "/" "我要点单" %}')
    assert ui.box_kind("success") == "done"
    assert ui.box_kind("debug") == "note"
    assert "circle-check" in ui.box_icon("done")


def test_too_many_words_are_told_with_their_number():
    class Short(forms.Form):
        words = forms.CharField(max_length=4)

    told = drawn("{% error_summary form %}{% field form.words %}", form=Short({"words": "一二三四五六"}))

    assert told.count("最多写 4 字，现在是 6 字。") == 2
    assert "变量" not in told
