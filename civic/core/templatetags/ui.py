"""Template tags for the look: fields, errors, icons, states, times and masks. No page draws these by hand."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import template
from django.core.exceptions import ValidationError
from django.forms import BaseForm, BoundField, Field
from django.forms import widgets as w
from django.template.context import RequestContext
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

register = template.Library()

LANGS = {"zh-hans": "zh-CN", "zh-hant": "zh-Hant"}
STATUS_ICONS = {
    "wait": "clock",
    "now": "circle-dot",
    "done": "check",
    "due": "clock",
    "over": "triangle-alert",
    "note": "info",
    "gold": "star",
    "off": "ban",
    "brand": "house",
}
MESSAGE_KINDS = {"success": "done", "warning": "due", "error": "over"}
BOX_ICONS = {"done": "circle-check", "note": "info", "due": "triangle-alert", "over": "circle-alert"}


@register.simple_tag
def html_lang() -> str:
    """The `lang` of the page; Noto picks Japanese shapes without zh-CN."""
    code = get_language() or "zh-hans"
    return LANGS.get(code, code)


@register.simple_tag
def form_token() -> SafeString:
    """A hidden field with a fresh key: the same form sent twice is carried out once."""
    return format_html('<input type="hidden" name="form_token" value="{}">', uuid4().hex)


@register.simple_tag
def icon(name: str) -> SafeString:
    """A decorative picture from the sprite; it always stands beside a word."""
    return format_html(
        '<svg class="i" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("civic/icons.svg"),
        name,
    )


@register.simple_tag
def status(kind: str, word: object) -> SafeString:
    """A state as icon, word and colour: never colour alone."""
    mark = icon(STATUS_ICONS[kind])
    return format_html('<span class="tag tag-{}">{}{}</span>', kind, mark, word)


@register.simple_tag
def box_icon(kind: str) -> SafeString:
    """The icon of a message box."""
    return icon(BOX_ICONS.get(kind, "info"))


@register.filter
def box_kind(level_tag: str) -> str:
    """The kind of box for a level of django.contrib.messages."""
    return MESSAGE_KINDS.get(level_tag, "note")


# --- Forms


def shape(bound: BoundField) -> str:
    """How a field is drawn: hidden, check, group, file or plain."""
    widget = bound.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, w.CheckboxInput):
        return "check"
    if isinstance(widget, w.RadioSelect):
        return "group"
    return "plain"


def target(bound: BoundField) -> str:
    """The id of the first control of a field, for the links of the error summary."""
    if shape(bound) == "group":
        return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id


def missing(bound: BoundField) -> str:
    """What to do about an empty field that must not be."""
    if isinstance(bound.field.widget, w.ChoiceWidget):
        pattern = _("请选择「{label}」。")
    elif shape(bound) == "check":
        pattern = _("请勾选「{label}」。")
    else:
        pattern = _("请填写「{label}」。")
    return pattern.format(label=bound.label)


def complaints(bound: BoundField) -> list[str]:
    """The errors of a field in words that say what to do; Django's own "required" and "too long" do not."""
    pairs = zip(bound.errors.as_data(), bound.errors, strict=True)
    return [_plainly(bound, error) or str(words) for error, words in pairs]


def _plainly(bound: BoundField, error: ValidationError) -> str:
    if error.code == "required" and error.message == Field.default_error_messages["required"]:
        return missing(bound)
    told = error.params or {}
    if error.code == "max_length" and isinstance(told.get("show_value"), int):
        return _("最多写 {limit} 字，现在是 {count} 字。").format(
            limit=told["limit_value"], count=told["show_value"]
        )
    return ""


@register.inclusion_tag("ui/_field.html")
def field(bound: BoundField, kind: str = "", **options: Any) -> dict[str, Any]:
    """Label, hint, error and control of one form field, tied together for screen readers.

    `kind` is stars, segment, tiles or bare; options are label, hint, rows, counter, big and keep.
    A form field marked `is_needed` is asked for by the form's own rules: it does not read as optional.
    """
    hint = options.get("hint") or bound.help_text
    parts = [("error", bool(bound.errors)), ("hint", bool(hint))]
    described = " ".join(f"{bound.auto_id}-{name}" for name, wanted in parts if wanted)
    attrs: dict[str, Any] = {"aria-describedby": described} if described else {}
    limit = bound.field.widget.attrs.get("maxlength") or getattr(bound.field, "max_length", None)
    if "rows" in options:
        attrs["rows"] = options["rows"]
    if options.get("keep"):
        attrs["data-keep"] = True
    drawn = shape(bound)
    if drawn == "plain":
        attrs["class"] = f"control {bound.field.widget.attrs.get('class', '')}".strip()
    return {
        "bound": bound,
        "errors": complaints(bound),
        "control": "" if drawn == "group" else bound.as_widget(attrs=attrs),
        "shape": drawn,
        "kind": kind,
        "label": options.get("label") or bound.label,
        "hint": hint,
        "described": described,
        "optional": not (bound.field.required or getattr(bound.field, "is_needed", False)) and kind != "bare",
        "big": bool(options.get("big")),
        "limit": limit if options.get("counter") else None,
    }


@register.inclusion_tag("ui/_error_summary.html")
def error_summary(form: BaseForm | None) -> dict[str, Any]:
    """What is wrong with the form, at its top, each line a link to its field. Nothing when all is well."""
    lines: list[tuple[str, str]] = []
    if form is not None and form.is_bound:
        lines = [("", str(error)) for error in form.non_field_errors()]
        for bound in form:
            place = "" if shape(bound) == "hidden" else target(bound)
            lines += [(place, words) for words in complaints(bound)]
    return {"lines": lines}


# --- Names, numbers, times


@register.filter
def mask_name(name: str | None) -> str:
    """张建国 → 张*"""
    return f"{name.strip()[0]}*" if name and name.strip() else ""


@register.filter
def mask_phone(phone: str | None) -> str:
    """13800000000 → 138****0000; a short number keeps its last two figures."""
    digits = "".join(c for c in str(phone or "") if c.isdigit())
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if len(digits) >= 11:
        return f"{digits[:3]}****{digits[-4:]}"
    return f"{'*' * (len(digits) - 2)}{digits[-2:]}" if len(digits) > 2 else "*" * len(digits)


def weekday(moment: datetime) -> str:
    return [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")][moment.weekday()]


@register.filter
def day(value: Any) -> str:
    """A date or instant as 2026年11月22日 周日, in the city's time."""
    if not value:
        return ""
    moment = timezone.localtime(value) if isinstance(value, datetime) and value.tzinfo else value
    pattern = _("{year}年{month}月{day}日 {weekday}")
    return pattern.format(year=moment.year, month=moment.month, day=moment.day, weekday=weekday(moment))


@register.filter
def clock(value: datetime | None) -> str:
    """An instant as 19:40, in the city's time."""
    return f"{timezone.localtime(value):%H:%M}" if value else ""


@register.filter
def when(value: datetime | None) -> str:
    """An instant as 2026年11月22日 周日 19:40, in the city's time."""
    return f"{day(value)} {clock(value)}" if value else ""


def span(seconds: int) -> str:
    """A stretch of time in its two largest units."""
    minutes = seconds // 60
    sizes = [(minutes // 1440, _("{n} 天")), (minutes // 60 % 24, _("{n} 小时")), (minutes % 60, _("{n} 分"))]
    first = next((i for i, (n, _word) in enumerate(sizes) if n), 2)
    pieces = [word.format(n=n) for n, word in sizes[first : first + 2] if n]
    return " ".join(pieces) or _("不到 1 分")


@register.filter
def left(due_at: datetime | None, now: datetime) -> str:
    """还有 1 天 4 小时, or 超时 2 小时 once `now` has passed `due_at`."""
    if not due_at:
        return ""
    seconds = int((due_at - now).total_seconds())
    pattern = _("还有 {span}") if seconds > 0 else _("超时 {span}")
    return pattern.format(span=span(abs(seconds)))


@register.simple_tag
def due(due_at: datetime | None, now: datetime, soon_hours: int = 4) -> SafeString | str:
    """The time left as a tag: neutral, amber in the last hours, crimson with a triangle when over."""
    if not due_at:
        return ""
    seconds = (due_at - now).total_seconds()
    kind = "over" if seconds <= 0 else "due" if seconds <= soon_hours * 3600 else "wait"
    return status(kind, left(due_at, now))


# --- Moving about


@register.simple_tag(takes_context=True)
def query_with(context: RequestContext, **changes: Any) -> str:
    """The query string of this page with some keys changed; an empty value takes the key away."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        query.pop(key, None)
        if value not in (None, ""):
            query[key] = str(value)
    return f"?{query.urlencode()}"


@register.inclusion_tag("ui/_pager.html", takes_context=True)
def pager(context: RequestContext, page: Any, param: str = "after", target: str = "") -> dict[str, Any]:
    """「下一页」 of a keyset list: `page` has `next_cursor`, or is the cursor itself; nothing at the end."""
    cursor = getattr(page, "next_cursor", page if isinstance(page, str | int) else None)
    link = query_with(context, **{param: cursor}) if cursor else ""
    return {"link": link, "target": target}


@register.inclusion_tag("ui/_back.html")
def back(url: str, words: str = "") -> dict[str, str]:
    """The link one step up, at the top of a page."""
    return {"url": url, "words": words or _("返回")}


@register.inclusion_tag("ui/_empty.html")
def empty(title: str, words: str = "", url: str = "", action: str = "") -> dict[str, str]:
    """An empty list: what it is, and one thing to do."""
    return {"title": title, "words": words, "url": url, "action": action}
