from django.urls import path

from civic.notices.pages import health, inbox

app_name = "notices"
urlpatterns = [
    path("my/notices/", inbox.inbox, name="inbox"),
    path("my/notices/<int:notice_id>/", inbox.follow, name="follow"),
    path("my/notices/read/", inbox.read_all, name="read_all"),
    path("my/notices/switches/", inbox.switches, name="switches"),
    path("my/notices/switches/<str:kind>/", inbox.switch, name="switch"),
    path("admin/health/", health.health, name="health"),
    path("admin/health/<int:delivery_id>/retry/", health.retry, name="retry"),
]
