"""Two branches that add a migration to one app collide in git, in the file `migrations/HEAD`."""

import pytest
from django.core.management import call_command

from tests.architecture.source import CIVIC, apps

WITH_MIGRATIONS = [app for app in apps() if any((CIVIC / app / "migrations").glob("0*.py"))]


@pytest.mark.parametrize("app", WITH_MIGRATIONS)
def test_head_names_the_newest_migration(app):
    folder = CIVIC / app / "migrations"
    newest = max(path.stem for path in folder.glob("0*.py"))
    head = folder / "HEAD"
    assert head.exists(), f"echo {newest} > {head}"
    assert head.read_text(encoding="utf-8").strip() == newest


@pytest.mark.parametrize("app", WITH_MIGRATIONS)
def test_no_two_migrations_share_a_number(app):
    numbers = [path.stem[:4] for path in (CIVIC / app / "migrations").glob("0*.py")]
    assert len(numbers) == len(set(numbers))


@pytest.mark.django_db
@pytest.mark.slow
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
