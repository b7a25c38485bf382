"""Addresses of orders: for residents, the desk, and teams."""

from civic.orders.urls import desk, resident, team

app_name = "orders"
urlpatterns = [*resident.urlpatterns, *desk.urlpatterns, *team.urlpatterns]
