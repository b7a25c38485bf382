"""The web process: `granian --interface wsgi config.wsgi:application`."""

import logging
import os
import threading

from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()


def _warm() -> None:
    """Load the dictionary of the search, two seconds that no resident should wait for."""
    from civic.orders.queries import search  # noqa: PLC0415 (models exist only now)

    try:
        search.warm()
    except DatabaseError:
        logging.getLogger(__name__).warning("The search was not warmed up: the database does not answer yet.")
    finally:
        connections.close_all()


threading.Thread(target=_warm, name="warm-up", daemon=True).start()
