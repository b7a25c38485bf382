"""Addresses of this app."""

from django.urls import URLPattern, path

from civic.pooling.pages import editor, gathering, road, rounds, sites

app_name = "pooling"
urlpatterns: list[URLPattern] = [
    # C7: the dispatcher's rounds.
    path("desk/pools/", rounds.pools, name="pools"),
    path("desk/pools/new/", rounds.create_pool, name="create_pool"),
    path("desk/pools/<int:pool_id>/", rounds.pool, name="pool"),
    path("desk/pools/<int:pool_id>/edit/", rounds.edit_pool, name="edit_pool"),
    path("desk/pools/<int:pool_id>/open_pool/", rounds.open_pool, name="open_pool"),
    path("desk/pools/<int:pool_id>/cancel/", rounds.cancel, name="cancel"),
    path("desk/pools/<int:pool_id>/wrap_up/", rounds.wrap_up, name="wrap_up"),
    path("desk/pools/<int:pool_id>/orders/", gathering.add_orders, name="add_orders"),
    path("desk/pools/<int:pool_id>/teams/", gathering.add_team, name="add_team"),
    path("desk/pools/<int:pool_id>/remove_team/", gathering.remove_team, name="remove_team"),
    path("desk/pools/<int:pool_id>/take/<int:contribution_id>/", gathering.take, name="take"),
    path("desk/pools/<int:pool_id>/turn_down/<int:contribution_id>/", gathering.turn_down, name="turn_down"),
    path("desk/pools/<int:pool_id>/ride/<int:contribution_id>/", gathering.ride, name="ride"),
    path("desk/pools/<int:pool_id>/plan/", editor.plan, name="plan"),
    path("desk/pools/<int:pool_id>/tours/", editor.tours, name="tours"),
    path("desk/pools/<int:pool_id>/move/", editor.move_stop, name="move_stop"),
    path("desk/pools/<int:pool_id>/pin/", editor.pin, name="pin"),
    path("desk/pools/<int:pool_id>/publish/", editor.publish, name="publish"),
    path("desk/pools/<int:pool_id>/sheet/", editor.sheet, name="sheet"),
    # The sites of the area.
    path("desk/pool_calls/", sites.calls, name="calls"),
    path("desk/pool_calls/<int:pool_id>/", sites.call, name="call"),
    path("desk/pool_calls/<int:pool_id>/need/", sites.add_need, name="add_need"),
    path("desk/pool_calls/<int:pool_id>/offer/", sites.offer, name="offer"),
    path("desk/pool_calls/<int:pool_id>/remove_need/", sites.remove_need, name="remove_need"),
    # The team on the road.
    path("team/tours/", road.tours, name="my_tours"),
    path("team/tours/<int:tour_id>/", road.tour, name="tour"),
    path("team/tours/<int:tour_id>/sheet/", road.sheet, name="tour_sheet"),
    path("team/tours/<int:tour_id>/take_on/", road.take_on, name="take_on"),
    path("team/tours/<int:tour_id>/hand_back/", road.hand_back, name="hand_back"),
    path("team/stops/<int:stop_id>/arrive/", road.arrive, name="arrive"),
    path("team/stops/<int:stop_id>/complete/", road.complete, name="complete"),
    path("team/stops/<int:stop_id>/skip/", road.skip, name="skip"),
]
