"""The job worker: everything the web pages leave for later, and what is due at night."""

import os

import django
from django.core.management import call_command


def main() -> None:
    """Work until told to stop. The queue lives in PostgreSQL; a job lost in a crash is taken up again."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    call_command(
        "procrastinate",
        "worker",
        "--name",
        "civic",
        "--concurrency",
        "2",
        "--shutdown-graceful-timeout",
        "15",
    )


if __name__ == "__main__":
    main()
