"""May this person? Only the security admin gives roles, only the system admin changes settings."""

from typing import TYPE_CHECKING

from civic.access.queries import holds, reaches
from civic.access.roles import Permission

if TYPE_CHECKING:
    from civic.people.models import Person


def may_grant(person: "Person", path: str) -> bool:
    """Give a role over the place at `path`."""
    return reaches(person, Permission.GRANTS_EDIT, path)


def may_manage_accounts(person: "Person") -> bool:
    """Invite, disable and enable people."""
    return holds(person, Permission.GRANTS_EDIT)


def may_edit_settings(person: "Person") -> bool:
    """Change the city's settings and its calendar."""
    return holds(person, Permission.SETTINGS_EDIT)


def may_unmask(person: "Person", path: str) -> bool:
    """See name and phone of a resident of the place at `path`."""
    return reaches(person, Permission.PEOPLE_UNMASK, path)
