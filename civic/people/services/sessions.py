"""Django's sessions in the database, read and written in one lean statement each. See SESSION_ENGINE."""

from typing import Any

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from civic.core import rows

READ = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"
WRITE = "UPDATE django_session SET session_data = %s, expire_date = %s WHERE session_key = %s"


class SessionStore(DatabaseStore):
    """The rows and their meaning are Django's own; every request passes here, so the SQL is written once."""

    def load(self) -> dict[str, Any]:
        """What the browser's session holds; empty when there is none or it has run out."""
        found = rows.run(READ, [self.session_key, timezone.now()]).fetchone()
        if found is None:
            self._session_key = None
            return {}
        return self.decode(found[0])

    def save(self, must_create: bool = False) -> None:
        """Write the session. Raises UpdateError when it was ended meanwhile."""
        if must_create or self.session_key is None:
            super().save(must_create)
            return
        data = self.encode(dict(self.items()))
        if not rows.run(WRITE, [data, self.get_expiry_date(), self.session_key]).rowcount:
            raise UpdateError
