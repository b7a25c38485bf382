"""Addresses of teams, their members and invited volunteers: everything under /team/."""

from django.urls import URLPattern, path

from civic.orders.pages import team, team_moves

urlpatterns: list[URLPattern] = [
    path("team/", team.team_home, name="team_home"),
    path("team/done/", team.team_done, name="team_done"),
    path("team/orders/<int:order_id>/", team.team_order, name="team_order"),
    path("team/orders/<int:order_id>/pictures/<uuid:key>/", team.team_picture, name="team_picture"),
    path("team/orders/<int:order_id>/accept/", team_moves.accept, name="accept"),
    path("team/orders/<int:order_id>/decline/", team_moves.decline, name="decline"),
    path("team/orders/<int:order_id>/assign/", team_moves.assign, name="assign"),
    path("team/orders/<int:order_id>/schedule/", team_moves.schedule, name="schedule"),
    path("team/orders/<int:order_id>/start/", team_moves.start, name="start"),
    path("team/orders/<int:order_id>/finish/", team_moves.finish, name="finish"),
]
