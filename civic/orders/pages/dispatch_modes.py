"""How far the engine goes, category by category: for the system admin."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from civic.access.roles import Permission
from civic.core.web import audience
from civic.orders.forms.plan import ModeForm
from civic.orders.models import Category
from civic.orders.models.menu import DispatchMode
from civic.orders.services import menu

SENTENCES = {
    DispatchMode.OFF: gettext_lazy("不算也不发。派单台只有按手艺和远近排的名单，和没有智能派单一样。"),
    DispatchMode.PROPOSE: gettext_lazy("算好摆在派单台上，每一单都由派单员自己按。"),
    DispatchMode.SEND: gettext_lazy(
        "到点自动发邀请，夜里不发；对方谢绝或者没答复，就接着问下一位。派单员随时可以插手。"
    ),
}


@require_GET
@audience("admin", permission=Permission.SETTINGS_EDIT)
def dispatch_modes(request: HttpRequest) -> HttpResponse:
    """Every category with its mode, and what each mode does."""
    context = {
        "tab": "dispatch_modes",
        "categories": list(Category.objects.order_by("position", "pk")),
        "modes": [(mode.value, mode.label, SENTENCES[mode]) for mode in DispatchMode],
    }
    return render(request, "orders/menu/dispatch_modes.html", context)


@require_POST
@audience("admin", permission=Permission.SETTINGS_EDIT)
def set_dispatch_mode(request: HttpRequest, slug: str) -> HttpResponse:
    """Change one category; what was offered before stays offered."""
    category = get_object_or_404(Category, slug=slug)
    form = ModeForm(request.POST)
    if form.is_valid():
        mode = form.cleaned_data["mode"]
        menu.set_dispatch_mode(category_id=category.pk, mode=mode, by=request.user, at=timezone.now())
        word = DispatchMode(mode).label
        messages.success(request, _("「{name}」改为：{mode}。").format(name=category.name, mode=word))
    else:
        messages.error(request, _("请从三种做法里选一种。"))
    return redirect("orders:dispatch_modes")
