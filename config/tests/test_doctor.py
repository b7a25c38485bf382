"""The doctor, line by line. The whole of it against real processes is in test_serve.py."""

import shutil
import subprocess
from collections import namedtuple

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateWorker

from config import doctor, keys

Usage = namedtuple("Usage", "total used free")


def test_disk_that_is_nearly_full(tmp_path, monkeypatch):
    assert doctor.disk(tmp_path).mark == doctor.GOOD
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10, 9, 1))
    finding = doctor.disk(tmp_path)
    assert finding.mark == doctor.BAD
    assert "0.0 GB free" in finding.line()
    assert "→" in finding.line()


def test_folder_that_cannot_be_written(tmp_path, monkeypatch):
    monkeypatch.setattr(doctor.os, "access", lambda *_: False)
    assert doctor.disk(tmp_path).mark == doctor.BAD


def test_secrets_others_may_read(tmp_path):
    keys.make(tmp_path)
    assert doctor.secrets_kept(tmp_path).mark == doctor.GOOD
    keys.place(tmp_path).chmod(0o644)
    finding = doctor.secrets_kept(tmp_path)
    assert finding.mark == doctor.BAD
    assert finding.advice == f"chmod 600 {keys.place(tmp_path)}"


def test_secrets_missing_in_production(tmp_path, monkeypatch):
    monkeypatch.setenv("CIVIC_ENV", "production")
    monkeypatch.setenv("CIVIC_HASH_KEY", "")
    finding = doctor.secrets_kept(tmp_path)
    assert finding.mark == doctor.BAD
    assert "CIVIC_HASH_KEY" in finding.text


def test_secrets_in_the_environment_only(tmp_path, monkeypatch):
    monkeypatch.setenv("CIVIC_ENV", "production")
    assert "environment" in doctor.secrets_kept(tmp_path).text
    monkeypatch.setenv("CIVIC_DEMO", "yes")
    assert "demo mode" in doctor.secrets_kept(tmp_path).text


def test_database_that_cannot_be_reached(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"postgresql:///civic?host={tmp_path}")
    finding = doctor.server(tmp_path)
    assert finding.mark == doctor.BAD
    assert "DATABASE_URL" in finding.advice


def test_private_database_that_does_not_run(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL")
    finding = doctor.server(tmp_path)
    assert (finding.mark, finding.advice) == (doctor.BAD, "civic serve")


@pytest.mark.slow
@pytest.mark.django_db
def test_migrations_that_wait(tmp_path, monkeypatch):
    assert doctor.migrations(tmp_path).mark == doctor.GOOD
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    finding = doctor.migrations(tmp_path)
    assert finding.mark == doctor.BAD
    assert "sessions.0001_initial" in finding.text


@pytest.mark.django_db
def test_worker_never_seen(tmp_path):
    assert "never" in doctor.worker(tmp_path).text


@pytest.mark.django_db
def test_worker_seen_long_ago_or_just_now_or_behind(tmp_path):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '2 h')")
        assert doctor.worker(tmp_path).mark == doctor.BAD
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now()")
        assert doctor.worker(tmp_path).mark == doctor.GOOD
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, scheduled_at)"
            " VALUES ('default', 'late', 'todo', now() - interval '1 hour')"
        )
    assert ProcrastinateWorker.objects.count() == 1
    finding = doctor.worker(tmp_path)
    assert finding.mark == doctor.FAIR
    assert finding.text.startswith("1 ")


@pytest.mark.django_db
def test_job_tables_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(doctor, "_row", lambda _: (None,))
    assert doctor.worker(tmp_path).advice == "civic migrate"


@pytest.mark.django_db
def test_clock_that_is_wrong(tmp_path, monkeypatch):
    assert doctor.clock(tmp_path).mark == doctor.GOOD
    monkeypatch.setattr(doctor, "CLOCK_SECONDS", -1.0)
    assert doctor.clock(tmp_path).mark == doctor.BAD


def test_web_that_does_not_run(tmp_path):
    assert doctor.web(tmp_path).advice == "civic serve"


@pytest.mark.parametrize(("status", "mark"), [(200, doctor.GOOD), (500, doctor.BAD), (0, doctor.BAD)])
def test_web_by_its_answer(tmp_path, monkeypatch, status, mark):
    (tmp_path / "serve.lock").write_text("127.0.0.1:8000\n")
    with (tmp_path / "serve.lock").open("a") as lock:
        doctor.fcntl.flock(lock, doctor.fcntl.LOCK_EX)
        monkeypatch.setattr(doctor, "answer", lambda *_: status)
        assert doctor.web(tmp_path).mark == mark


@pytest.mark.parametrize(("said", "mark"), [("Noto Sans CJK SC,思源黑体\n", doctor.GOOD), ("", doctor.FAIR)])
def test_fonts_by_what_is_listed(tmp_path, monkeypatch, said, mark):
    monkeypatch.setattr(shutil, "which", lambda _: "/usr/bin/fc-list")
    listed = subprocess.CompletedProcess([], 0, stdout=said)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: listed)
    assert doctor.fonts(tmp_path).mark == mark


def test_fonts_that_cannot_be_listed(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert doctor.fonts(tmp_path).mark == doctor.FAIR


@pytest.mark.slow
@pytest.mark.django_db
def test_one_broken_check_does_not_hide_the_others(tmp_path, monkeypatch, capsys):
    def broken(_):
        raise RuntimeError("oh")

    good = doctor.Finding(doctor.GOOD, "database", "fine")
    monkeypatch.setenv("CIVIC_DATA", str(tmp_path))
    monkeypatch.setattr(doctor, "server", lambda _: good)
    monkeypatch.setattr(doctor, "clock", broken)
    assert doctor.main([]) == 1
    report = capsys.readouterr().out
    assert "RuntimeError: oh" in report
    assert "migrations" in report
    assert "to be put right" in report


def test_settings_that_cannot_be_read(tmp_path, monkeypatch):
    monkeypatch.setattr("django.setup", lambda: (_ for _ in ()).throw(SystemExit("CIVIC_CITY must be plain")))
    [finding] = doctor._with_database(tmp_path)
    assert "CIVIC_CITY" in finding.text
