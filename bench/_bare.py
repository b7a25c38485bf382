"""The measure: a Django that does nothing but one INSERT. Same server, same database, no middleware."""

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.settings import DATABASES, SECRET_KEY

TABLE = "CREATE TABLE bench_bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, words text NOT NULL)"


def insert(request: HttpRequest) -> HttpResponse:
    """Keep what was sent: one statement, committed by itself."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_bare (words) VALUES (%s)", [request.POST["words"]])
    return HttpResponse("kept")


urlpatterns = [path("", insert)]

if not settings.configured:
    settings.configure(
        DATABASES=DATABASES, SECRET_KEY=SECRET_KEY, ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, USE_TZ=True
    )
    django.setup()
application = WSGIHandler()
