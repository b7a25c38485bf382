from django.urls import path

from civic.volunteers.pages import desk, public, team

app_name = "volunteers"
MEMBERSHIP = "team/memberships/<int:membership_id>/"
urlpatterns = [
    path("teams/", public.teams, name="teams"),
    path("teams/<int:team_id>/", public.team, name="team"),
    path("teams/<int:team_id>/join/", public.join, name="join"),
    path("my/volunteer/", public.register_volunteer, name="register_volunteer"),
    path("my/volunteer/stop/", public.stop_volunteering, name="stop_volunteering"),
    path("my/memberships/<int:membership_id>/leave/", public.leave, name="leave"),
    path("team/<int:team_id>/members/", team.members, name="members"),
    path("team/<int:team_id>/phones/", team.show_phones, name="show_phones"),
    path("team/<int:team_id>/describe/", team.describe_team, name="describe_team"),
    path("team/<int:team_id>/matching/", team.set_team_matching, name="set_team_matching"),
    path(f"{MEMBERSHIP}approve/", team.approve, name="approve"),
    path(f"{MEMBERSHIP}turn_down/", team.turn_down, name="turn_down"),
    path(f"{MEMBERSHIP}remove/", team.remove, name="remove"),
    path(f"{MEMBERSHIP}skills/", team.set_skills, name="set_skills"),
    path("desk/teams/", desk.desk_teams, name="desk_teams"),
    path("desk/teams/new/", desk.create_team, name="create_team"),
    path("desk/teams/<int:team_id>/edit/", desk.edit_team, name="edit_team"),
    path("desk/teams/<int:team_id>/close/", desk.close_team, name="close_team"),
]
