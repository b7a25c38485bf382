"""Django's sessions in the database, read and written in one lean statement each. See SESSION_ENGINE."""

from typing import Any

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from civic.core import rows
from civic.people.models import SignIn
from civic.people.queries import sign_in_of

READ = "SELECT session_data, expire_date FROM django_session WHERE session_key = %s"
WRITE = "UPDATE django_session SET session_data = %s, expire_date = %s WHERE session_key = %s"


class SessionStore(DatabaseStore):
    """The rows and their meaning are Django's own; every request passes here, so the SQL is written once.

    Who is signed in with it comes along in the same statement, as `sign_in`.
    """

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.sign_in: SignIn | None = None
        self._written = b""

    def load(self) -> dict[str, Any]:
        """What the browser's session holds; empty when there is none or it has run out."""
        self.sign_in = sign_in_of(self.session_key)
        if self.sign_in is not None:
            held, until = self.sign_in.held, self.sign_in.until  # type: ignore[attr-defined]
        else:
            held, until = rows.run(READ, [self.session_key]).fetchone() or (None, None)
        if held is None or until <= timezone.now():
            self._session_key = self.sign_in = None
            return {}
        return self.decode(held)

    def save(self, must_create: bool = False) -> None:
        """Write the session, unless it stands so already. Raises UpdateError when it was ended meanwhile."""
        if must_create or self.session_key is None:
            super().save(must_create)
            return
        values = dict(self.items())
        written = self.serializer().dumps(values)
        if written == self._written:
            return
        if not rows.run(WRITE, [self.encode(values), self.get_expiry_date(), self.session_key]).rowcount:
            raise UpdateError
        self._written = written
