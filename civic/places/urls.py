from django.urls import path

from civic.places import pages

app_name = "places"
urlpatterns = [
    path("where/", pages.choose, name="choose"),
    path("where/<int:place_id>/", pages.pick, name="pick"),
]
