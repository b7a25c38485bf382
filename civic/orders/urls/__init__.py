"""Addresses of orders: for residents, the desk, and teams."""

from django.urls import include, path

from civic.orders.urls import desk, resident, team

app_name = "orders"
urlpatterns = [
    *resident.urlpatterns,
    path("desk/", include(desk.urlpatterns)),
    path("team/", include(team.urlpatterns)),
]
