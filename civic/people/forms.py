"""What people type about themselves."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from civic.people import numbers

CODE_WIDGET = forms.TextInput(
    attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "12", "class": "w-code"}
)


class MobileField(forms.CharField):
    """A mobile phone in any spelling; clean data are eleven figures."""

    widget = forms.TextInput(
        attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel", "maxlength": "24"}
    )

    def clean(self, value: Any) -> str:
        """Raises one sentence that says what to do."""
        text = super().clean(value)
        try:
            return numbers.mobile(text)
        except numbers.Wrong as wrong:
            raise ValidationError(str(wrong)) from None


class PhoneForm(forms.Form):
    """The first step of signing in. The box is never ticked beforehand."""

    phone = MobileField(label=_("手机号"), help_text=_("用来收验证码，也方便接单的人联系您。"))
    agree = forms.BooleanField(
        label=_("我已阅读并同意《隐私政策》"),
        error_messages={"required": _("请先阅读《隐私政策》，同意后勾选。")},
    )


class CodeForm(forms.Form):
    """The second step: the code of the text message."""

    code = forms.CharField(label=_("验证码"), max_length=12, widget=CODE_WIDGET)


class PasswordForm(forms.Form):
    """Staff may sign in by password."""

    phone = MobileField(label=_("手机号"))
    password = forms.CharField(
        label=_("密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class SecondStepForm(forms.Form):
    """The code of an authenticator app."""

    code = forms.CharField(
        label=_("动态码"), max_length=12, widget=CODE_WIDGET, help_text=_("6 位数字，每 30 秒换一次。")
    )


class NewPasswordForm(forms.Form):
    """A new password, typed once; it can be shown by the browser."""

    password = forms.CharField(
        label=_("新密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("至少 12 位，不要只用数字，不要用常见的密码。"),
    )


class ProfileForm(forms.Form):
    """What a person says about herself."""

    name = forms.CharField(
        label=_("姓名"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    address = forms.CharField(
        label=_("门牌地址"),
        max_length=120,
        required=False,
        help_text=_("上门时用，加密保存，只给接单的人看。"),
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    mode = forms.ChoiceField(
        label=_("字号"),
        choices=[("std", _("标准版")), ("care", _("长辈版（大字）"))],
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(label=_("语言"), choices=settings.LANGUAGES, widget=forms.RadioSelect)


class CloseForm(forms.Form):
    """The one tick between a person and the end of her account."""

    sure = forms.BooleanField(
        label=_("我知道注销后不能恢复"), error_messages={"required": _("请勾选，确认您知道注销后不能恢复。")}
    )
