"""What happens before the service opens."""

import pytest
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from config import prepare


@pytest.fixture
def steps(monkeypatch):
    """The commands that would run, with the slow ones left out."""
    ran = []
    monkeypatch.setattr(prepare, "call_command", lambda *words, **_: ran.append(words))
    monkeypatch.setattr(prepare.mo, "compile_all", lambda _: 0)
    monkeypatch.setattr(prepare, "collect", lambda: False)
    return ran


@pytest.mark.django_db
def test_the_schema_of_the_city_is_made_when_it_is_missing(steps):
    with override_settings(CITY_SCHEMA="changzhi"):
        prepare.migrate()
        prepare.migrate()
    assert steps == [("migrate",), ("migrate",)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = 'changzhi'")
        assert cursor.fetchone() == (1,)


@pytest.mark.slow
@pytest.mark.django_db
def test_only_an_upgrade_is_told(monkeypatch):
    assert prepare.telling() == 0
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
        assert prepare.telling() == 1
        cursor.execute("DELETE FROM django_migrations")
    assert prepare.telling() == 0


@pytest.mark.slow
def test_static_files_are_collected_only_when_one_changed(tmp_path, monkeypatch):
    collected = []
    monkeypatch.setattr(prepare, "call_command", lambda *words, **_: collected.append(words))
    with override_settings(STATIC_ROOT=str(tmp_path / "static")):
        assert prepare.collect() is True
        assert prepare.collect() is False
        monkeypatch.setattr(prepare, "static_state", lambda: "changed")
        assert prepare.collect() is True
    assert collected == [("collectstatic",)] * 2


@pytest.mark.slow
@pytest.mark.django_db
def test_the_demo_city_is_seeded_into_a_new_database_only(steps, django_user_model):
    prepare.main(demo=True)
    assert ("seed", "--demo") in steps
    steps.clear()
    django_user_model.objects.create(name="张", joined_at=timezone.now())
    prepare.main(demo=True)
    assert ("seed", "--demo") not in steps


@pytest.mark.slow
@pytest.mark.django_db
def test_production_refuses_demo_accounts(steps, django_user_model):
    with override_settings(PRODUCTION=True):
        prepare.main()
        django_user_model.objects.create(name="张", joined_at=timezone.now(), is_demo=True)
        with pytest.raises(SystemExit, match="demo accounts"):
            prepare.main()
