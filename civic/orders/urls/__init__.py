"""Addresses of orders: for residents, the desk, and teams."""

from django.urls import include, path

from civic.orders.pages import city_matching, dispatch_modes
from civic.orders.urls import desk, resident, team

app_name = "orders"
urlpatterns = [
    *resident.urlpatterns,
    path("desk/", include(desk.urlpatterns)),
    path("team/", include(team.urlpatterns)),
    path("city/matching/", city_matching.matching, name="matching"),
    path("admin/dispatch/", dispatch_modes.dispatch_modes, name="dispatch_modes"),
    path("admin/dispatch/<slug:slug>/", dispatch_modes.set_dispatch_mode, name="set_dispatch_mode"),
]
