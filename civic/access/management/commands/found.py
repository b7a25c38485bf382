"""`civic found`: the first security admin of an empty house, who gives every other role on the pages."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from civic.access import services
from civic.core.errors import Refused


class Command(BaseCommand):
    help = "Make the first security admin by phone and name; refused once there is one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The phone is where the one-time codes go."""
        parser.add_argument("--phone", required=True)
        parser.add_argument("--name", required=True)

    def handle(self, *, phone: str, name: str, **_options: Any) -> None:
        """One person, one grant over the whole city."""
        try:
            person = services.found(phone=phone, name=name, at=timezone.now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{person.name} may sign in now; the second step is set up at the first sign-in.")
