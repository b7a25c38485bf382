"""News from Django and from the places: somebody signed in, somebody said where she is."""

from datetime import datetime
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from civic.people import services
from civic.people.addresses import address_of, device_of
from civic.people.models import Person
from civic.places.models import Place
from civic.places.signals import place_chosen


@receiver(user_logged_in, dispatch_uid="people.list_sign_in")
def list_sign_in(*, request: HttpRequest, user: Person, **_: Any) -> None:
    """Write the sign-in behind the new session."""
    if request.session.session_key is None:
        request.session.create()  # another person was signed in here: her session was emptied, key and all
    request.sign_in = services.begin_sign_in(  # type: ignore[attr-defined]
        person=user,
        session_key=request.session.session_key or "",
        device=device_of(request),
        address=address_of(request),
        at=timezone.now(),
        instead_of=getattr(request, "sign_in", None),
    )


@receiver(place_chosen, dispatch_uid="people.first_home")
def take_home(*, person: Person | None, place: Place, at: datetime, **_: Any) -> None:
    """The first place a signed-in person chooses is taken as her home; later ones are not."""
    if person is not None and person.home_id is None:
        services.set_profile(person_id=person.pk, by=person, at=at, home=place)
