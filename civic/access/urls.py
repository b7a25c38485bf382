from django.urls import path

from civic.access.pages import accounts, journal, settings, unmasking

app_name = "access"
urlpatterns = [
    path("admin/accounts/", accounts.accounts, name="accounts"),
    path("admin/accounts/invite/", accounts.invite, name="invite"),
    path("admin/accounts/<int:person_id>/", accounts.account, name="account"),
    path("admin/accounts/<int:person_id>/revoke/<int:grant_id>/", accounts.revoke, name="revoke"),
    path("admin/accounts/<int:person_id>/<slug:verb>/", accounts.manage, name="manage"),
    path("admin/settings/", settings.settings, name="settings"),
    path("admin/calendar/", settings.calendar, name="calendar"),
    path("admin/calendar/notice/", settings.notice, name="notice"),
    path("admin/calendar/<str:day>/drop/", settings.drop_day, name="drop_day"),
    path("admin/journal/", journal.journal, name="journal"),
    path("desk/unmask/<int:person_id>/", unmasking.unmask, name="unmask"),
]
