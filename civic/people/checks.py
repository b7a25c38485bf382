"""What must not go to production: accounts whose password everybody knows."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from civic.people.models import Person


def demo_people() -> bool:
    """Whether demo accounts are in this database."""
    return Person.objects.filter(is_demo=True, is_active=True).exists()


@register(Tags.database, deploy=True)
def no_demo_people(databases: Any = None, **_: Any) -> list[CheckMessage]:
    """Refuse a production database that holds demo accounts."""
    if not settings.PRODUCTION or not databases or not demo_people():
        return []
    return [
        Error(
            "The database holds demo accounts, whose passwords are published.",
            hint="Use a fresh database for production.",
            id="people.E001",
        )
    ]
