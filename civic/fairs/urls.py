"""Addresses of fairs: for residents, the desk, and teams."""

from django.urls import URLPattern, path

from civic.fairs.pages import desk, moves, public, siting, stalls, team

app_name = "fairs"
FAIR = "desk/fairs/<int:fair_id>/"
SESSION = "team/fairs/<int:session_id>/"
urlpatterns: list[URLPattern] = [
    # R15 for residents.
    path("fairs/", public.fairs, name="fairs"),
    path("fairs/<int:fair_id>/", public.told_fair, name="told_fair"),
    path("fairs/<int:fair_id>/calendar.ics", public.invite, name="invite"),
    # C6 the desk.
    path("desk/fairs/", desk.calendar, name="calendar"),
    path("desk/fairs/new/", moves.plan_fair, name="plan_fair"),
    path(FAIR, desk.fair, name="fair"),
    path(f"{FAIR}edit/", moves.edit_fair, name="edit_fair"),
    path(f"{FAIR}publish/", moves.publish, name="publish"),
    path(f"{FAIR}start/", moves.start, name="start"),
    path(f"{FAIR}close/", moves.close, name="close"),
    path(f"{FAIR}cancel/", moves.cancel, name="cancel"),
    path(f"{FAIR}stalls/", moves.join_fair, name="join_fair"),
    path("desk/fairs/sessions/<int:session_id>/leave/", moves.leave_fair, name="leave_fair"),
    path(f"{FAIR}sheet/", desk.sheet, name="sheet"),
    path(f"{FAIR}sheet.xlsx", desk.sheet_file, name="sheet_file"),
    path("desk/fairs/days/", desk.fixed_days, name="fixed_days"),
    path("desk/fairs/days/new/", desk.set_fixed_day, name="set_fixed_day"),
    path("desk/fairs/days/<int:fixed_day_id>/drop/", desk.drop_fixed_day, name="drop_fixed_day"),
    path("desk/stalls/", stalls.stalls, name="stalls"),
    path("desk/stalls/new/", stalls.open_stall, name="open_stall"),
    path("desk/stalls/<int:stall_id>/edit/", stalls.edit_stall, name="edit_stall"),
    path("desk/stalls/<int:stall_id>/close/", stalls.close_stall, name="close_stall"),
    path("desk/fairs/sitings/", siting.sitings, name="sitings"),
    path("desk/fairs/sitings/new/", siting.ask_siting, name="ask_siting"),
    path("desk/fairs/sitings/<int:siting_id>/", siting.siting, name="siting"),
    path("desk/fairs/sitings/<int:siting_id>.xlsx", siting.siting_file, name="siting_file"),
    path("desk/fairs/sitings/<int:siting_id>/adopt/", siting.adopt_siting, name="adopt_siting"),
    # The team's phone.
    path("team/fairs/", team.team_fairs, name="team_fairs"),
    path(SESSION, team.team_session, name="team_session"),
    path(f"{SESSION}tap/", team.tap, name="tap"),
    path(f"{SESSION}members/", team.name_members, name="name_members"),
]
