"""Feedback: what a person says about the service, and the answer."""

import pytest

from civic.core.errors import Denied, Refused
from civic.journal.models import Entry
from civic.notices.models import Notice
from civic.orders.models import Feedback
from civic.orders.models.work import FeedbackKind
from civic.orders.services.feedback import answer_feedback, send_feedback
from civic.orders.tests.verbs import AN_HOUR, at_once
from tests.moments import NOON


def send(by, place, kind="praise", words="李师傅手艺好", order=None):
    return send_feedback(kind=kind, words=words, place=place, by=by, at=NOON, order=order)


def answer(said, by, words="谢谢您，已转告"):
    return answer_feedback(feedback_id=said.pk, answer=words, by=by, at=NOON + AN_HOUR)


def last_line():
    return Entry.objects.order_by("-id").first()


@pytest.mark.parametrize("kind", FeedbackKind.values)
def test_what_she_says_is_kept(zhang, fuqian, kind):
    said = Feedback.objects.get(pk=send(zhang, fuqian, kind, words=f" {'好' * 600} ").pk)
    assert (said.kind, said.words, said.sent_by, said.sent_at) == (kind, "好" * 500, zhang, NOON)
    assert (last_line().what, last_line().place_path) == ("feedback.send", fuqian.path)


def test_it_may_be_about_her_own_order(zhang, fuqian, neighbour, order_in):
    order = order_in("served")
    assert send(zhang, fuqian, order=order).order == order
    with pytest.raises(Denied):
        send(neighbour, fuqian, order=order)


@pytest.mark.parametrize(("kind", "words"), [("poem", "好"), ("", "好"), ("praise", " ")])
def test_something_is_said(zhang, fuqian, kind, words):
    with pytest.raises(Refused):
        send(zhang, fuqian, kind, words)


@pytest.mark.parametrize("who", ["institute_clerk", "dispatcher", "head", "supervisor"])
def test_it_is_answered_and_she_is_told(zhang, fuqian, person, who):
    by = person(who)
    said = answer(send(zhang, fuqian), by, words=" 谢谢您 ")

    said.refresh_from_db()
    assert (said.answer, said.answered_at, said.answered_by) == ("谢谢您", NOON + AN_HOUR, by)
    assert last_line().what == "feedback.answer"
    notice = Notice.objects.get()
    assert (notice.person, notice.kind, notice.url) == (zhang, "feedback.answered", "/my/feedback/")


def test_an_answer_is_words(zhang, fuqian, dispatcher):
    with pytest.raises(Refused):
        answer(send(zhang, fuqian), dispatcher, words=" ")


def test_it_is_answered_once(zhang, fuqian, dispatcher, head):
    said = answer(send(zhang, fuqian), dispatcher)
    with pytest.raises(Refused):
        answer(said, head, words="再答一次")
    said.refresh_from_db()
    assert said.answered_by == dispatcher


@pytest.mark.parametrize("who", ["zhang", "li", "station_clerk", "stranger", "other_dispatcher", "admin"])
def test_nobody_else_answers(zhang, fuqian, person, who):
    with pytest.raises(Denied):
        answer(send(zhang, fuqian), person(who))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_at_once_answer_once(zhang, fuqian, dispatcher, head):
    said = send(zhang, fuqian)
    assert at_once(lambda: answer(said, dispatcher), lambda: answer(said, head)) == ["done", "refused"]
    assert Notice.objects.count() == 1
