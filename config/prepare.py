"""What `civic serve` does before it opens: schema, migrations, translations, static files, last checks."""

import hashlib
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from config import mo

MIGRATION_LOCK = 0x63697669


def main(*, demo: bool = False) -> None:
    """Bring database and files to the state this version of the code needs. Safe to repeat."""
    mo.compile_all(Path(__file__).resolve().parent.parent / "civic")
    django.setup()
    migrate()
    collect()
    if demo and not get_user_model().objects.exists():
        with transaction.atomic():  # half a demo city is none
            call_command("seed", "--demo")
    if settings.PRODUCTION and demo_people():
        raise SystemExit(
            "库中有演示账号（密码公开），生产环境不能启动，请换一个空数据库。\n"
            "The database holds demo accounts, whose passwords are published. Use a fresh database."
        )


def schema() -> None:
    """Make the schema of the city when it is missing; otherwise its tables would land in `public`."""
    django.setup()
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_namespace WHERE nspname = %s", [settings.CITY_SCHEMA])
        if not cursor.rowcount:
            cursor.execute(f"CREATE SCHEMA {connection.ops.quote_name(settings.CITY_SCHEMA)}")


def migrate() -> None:
    """Make the city's schema and apply migrations; of several servers starting at once, one does it."""
    schema()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            call_command("migrate", interactive=False, verbosity=telling(), skip_checks=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def telling() -> int:
    """How much to say: the steps of an upgrade are named, a first start or an unchanged one is quiet."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return 1 if waiting and executor.loader.applied_migrations else 0


def static_state() -> str:
    """A fingerprint of every static file: path, size, time."""
    mark = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            mark.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return mark.hexdigest()


def collect() -> bool:
    """Collect static files when one has changed; True when it did."""
    root = Path(settings.STATIC_ROOT)
    record, state = root / ".state", static_state()
    if record.exists() and record.read_text() == state:
        return False
    root.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    record.write_text(state)
    return True


def demo_people() -> bool:
    """Whether demo accounts are in this database."""
    return get_user_model().objects.filter(is_demo=True).exists()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main(demo="--demo" in sys.argv)
