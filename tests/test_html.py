"""The player of htmx swaps plays as htmx does."""

import pytest
from django.http import HttpResponse

from tests.html import parse, press, same, swap

PAGE = """
<html lang="zh"><head><title>页</title></head><body>
  <p id="count">2</p>
  <ul id="list"><li id="one">一</li><li id="two">二</li></ul>
</body></html>
"""


@pytest.mark.parametrize(
    ("target", "how", "listed"),
    [
        ("#one", "outerHTML", ["新", "二"]),
        ("#one", "innerHTML", ["新", "二"]),
        ("#list", "beforeend", ["一", "二", "新"]),
        ("#list", "afterbegin", ["新", "一", "二"]),
        ("#one", "delete", ["二"]),
        ("#one", "none", ["一", "二"]),
    ],
)
def test_each_way_of_swapping(target, how, listed):
    new = "新" if how == "innerHTML" else '<li id="new">新</li>'
    changed = swap(parse(PAGE), new, target=target, how=how)
    assert [item.text for item in changed.select("#list li")] == listed


def test_the_page_itself_is_left_as_it_was():
    page = parse(PAGE)
    swap(page, "", target="#one", how="delete")
    assert same(page, parse(PAGE))


def test_a_part_out_of_band_finds_its_own_place():
    answer = '<li id="one">新</li><p id="count" hx-swap-oob="true">3</p>'
    changed = swap(parse(PAGE), answer, target="#one")
    assert changed.select_one("#count").text == "3"
    assert changed.select_one("#count").attrs == {"id": "count"}
    assert changed.select_one("#one").text == "新"


def test_the_answer_may_name_another_place():
    answer = HttpResponse("<p>没了</p>", headers={"HX-Retarget": "#list", "HX-Reswap": "outerHTML swap:1s"})
    changed = swap(parse(PAGE), answer, target="#one", how="innerHTML")
    assert changed.select("li") == []
    assert changed.find("p", string="没了") is not None


def test_a_missing_target_fails():
    with pytest.raises(AssertionError, match="#gone is there 0 times"):
        swap(parse(PAGE), "x", target="#gone")


def test_an_unknown_swap_fails():
    with pytest.raises(AssertionError, match="beforebegin"):
        swap(parse(PAGE), "x", target="#one", how="beforebegin")


def test_fresh_keys_and_comments_do_not_count():
    one = '<form><!-- a --><input name="form_token" value="1"></form>'
    other = '<form>\n  <input name="form_token" value="2">\n</form>'
    assert same(parse(one), parse(other))
    assert not same(parse(one), parse("<form></form>"))


def test_pressing_follows_the_attributes_of_the_element():
    class Client:
        """Answers like Django's test client and remembers what was asked."""

        def get(self, url, data, headers, follow):
            self.asked = (url, headers, follow)
            return HttpResponse("<li>三</li>")

    client = Client()
    page = parse('<ul id="list"></ul><a href="/x/" hx-get="/x/" hx-target="#list" hx-swap="beforeend">多</a>')
    assert press(client, page, "a").select_one("#list").text == "三"
    assert client.asked == ("/x/", {"HX-Request": "true"}, True)
