"""Addresses by audience: / all, /my/ members, /team/ teams, /desk/ staff, /city/ supervisors, /admin/."""

from django.urls import include, path

urlpatterns = [
    path("", include("civic.portal.urls")),
    path("", include("civic.orders.urls")),
    path("", include("civic.core.urls")),
    path("", include("civic.people.urls")),
    path("", include("civic.access.urls")),
    path("", include("civic.places.urls")),
    path("", include("civic.notices.urls")),
    path("", include("civic.venues.urls")),
    path("", include("civic.volunteers.urls")),
    path("", include("civic.fairs.urls")),
    path("", include("civic.pooling.urls")),
]
handler400 = "civic.portal.pages.errors.spoilt"
handler403 = "civic.portal.pages.errors.denied"
handler404 = "civic.portal.pages.errors.absent"
handler500 = "civic.portal.pages.errors.broken"
