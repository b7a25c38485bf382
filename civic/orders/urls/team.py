"""Addresses of teams, their members and invited volunteers: everything under /team/."""

from django.urls import URLPattern, path

from civic.orders.pages import team, team_moves, team_offers

urlpatterns: list[URLPattern] = [
    path("", team.team_home, name="team_home"),
    path("open/", team_offers.offers, name="offers"),
    path("open/<int:order_id>/", team_offers.take, name="take"),
    path("done/", team.team_done, name="team_done"),
    path("orders/<int:order_id>/", team.team_order, name="team_order"),
    path("orders/<int:order_id>/pictures/<uuid:key>/", team.team_picture, name="team_picture"),
    path("orders/<int:order_id>/accept/", team_moves.accept, name="accept"),
    path("orders/<int:order_id>/decline/", team_moves.decline, name="decline"),
    path("orders/<int:order_id>/assign/", team_moves.assign, name="assign"),
    path("orders/<int:order_id>/schedule/", team_moves.schedule, name="schedule"),
    path("orders/<int:order_id>/start/", team_moves.start, name="start"),
    path("orders/<int:order_id>/finish/", team_moves.finish, name="finish"),
]
