from django.conf import settings
from django.urls import path

from civic.core import pages

app_name = "core"
urlpatterns = [
    path("mode/", pages.mode, name="mode"),
    path("language/", pages.language, name="language"),
    path("offline/", pages.offline, name="offline"),
    path("maintenance/", pages.maintenance, name="maintenance"),
    path("worker.js", pages.worker, name="worker"),
]
if settings.DEBUG:
    urlpatterns += [path("styleguide/", pages.styleguide, name="styleguide")]
