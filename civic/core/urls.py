from django.conf import settings
from django.urls import path

from civic.core import pages

app_name = "core"
urlpatterns = [
    path("mode/", pages.mode, name="mode"),
    path("language/", pages.language, name="language"),
]
if settings.DEBUG:
    urlpatterns += [path("styleguide/", pages.styleguide, name="styleguide")]
