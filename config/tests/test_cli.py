"""The words of the `civic` command."""

import argparse
import socket

import pytest

from config import cli, embedded, keys
from config.supervisor import Supervisor


@pytest.fixture
def commands(monkeypatch, tmp_path):
    """What would run instead of running it, and an empty data folder."""
    ran = []
    monkeypatch.setenv("CIVIC_DATA", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(embedded, "start", lambda *_, **__: ran.append("database"))
    monkeypatch.setattr("django.core.management.execute_from_command_line", ran.append)
    monkeypatch.setattr("config.prepare.schema", lambda: ran.append("schema"))
    monkeypatch.setattr(cli, "_prepare", lambda **options: ran.append(f"prepare {options}") or 0)
    return ran


def run(monkeypatch, *words):
    monkeypatch.setattr("sys.argv", ["civic", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code


def test_without_a_word_it_says_what_it_can(monkeypatch, capsys):
    assert run(monkeypatch) == 2
    assert "civic doctor" in capsys.readouterr().out
    assert run(monkeypatch, "--help") == 0


def test_other_words_go_to_django_with_the_database_started(monkeypatch, commands):
    assert run(monkeypatch, "migrate", "--plan") == 0
    assert commands == ["database", "schema", ["civic", "migrate", "--plan"]]


@pytest.mark.parametrize("words", [("makemessages",), ("migrate", "--help"), ("help",)])
def test_words_that_need_no_database_start_none(monkeypatch, commands, words):
    run(monkeypatch, *words)
    assert commands == [["civic", *words]]


def test_a_process_under_the_supervisor_starts_no_database(monkeypatch, commands):
    monkeypatch.setenv("CIVIC_SUPERVISED", "1")
    run(monkeypatch, "check")
    assert commands == [["civic", "check"]]


def test_seed_prepares_first(monkeypatch, commands):
    monkeypatch.setenv("CIVIC_DEMO", "no")
    assert run(monkeypatch, "seed", "--demo") == 0
    assert commands == ["database", "prepare {}", "database", ["civic", "seed", "--demo"]]


def test_secrets_are_written_once(monkeypatch, commands, tmp_path, capsys):
    assert run(monkeypatch, "secrets") == 0
    assert "written" in capsys.readouterr().out
    text = keys.place(tmp_path).read_text()
    assert run(monkeypatch, "secrets") == 0
    assert "left alone" in capsys.readouterr().out
    assert keys.place(tmp_path).read_text() == text


def test_a_port_in_use_is_named(monkeypatch, commands):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = run(monkeypatch, "serve", "--port", str(port))
    assert f"127.0.0.1:{port}" in said
    assert "--port" in said


def test_production_does_not_start_without_secrets(monkeypatch, commands):
    monkeypatch.setenv("CIVIC_ENV", "production")
    monkeypatch.setenv("CIVIC_SECRET_KEY", "")
    assert "CIVIC_SECRET_KEY is not set" in run(monkeypatch, "serve")
    assert commands == []


def test_the_demo_is_asked_for_by_word(monkeypatch, commands):
    monkeypatch.setattr(cli, "_run", lambda supervisor, options, data: commands.append(options.demo) or 0)
    monkeypatch.setenv("CIVIC_DEMO", "no")
    monkeypatch.setattr("signal.signal", lambda *_: None)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert run(monkeypatch, "serve", "--demo", "--port", str(port)) == 0
    assert commands == [True]
    assert cli.env.flag("CIVIC_DEMO")


@pytest.mark.parametrize(
    ("bound", "reached"), [("0.0.0.0", "127.0.0.1"), ("192.0.2.7", "192.0.2.7"), ("localhost", "localhost")]
)
def test_the_address_that_is_printed(bound, reached):
    assert cli._reachable(bound) == reached


def test_nothing_answers_on_a_closed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert cli.answer("127.0.0.1", port) == 0


@pytest.fixture
def options():
    return argparse.Namespace(host="127.0.0.1", port=1, workers=2, threads=3, demo=False)


@pytest.fixture
def supervised(monkeypatch, commands):
    """The supervisor's part with nothing really started."""
    monkeypatch.setattr(embedded, "stop", lambda _: commands.append("database stopped"))
    supervisor = Supervisor([])

    def run(*, on_start):
        commands.append([child.name for child in supervisor.children])
        supervisor.ask_to_stop()

    supervisor.run = run
    return supervisor


def test_serving_from_start_to_stop(supervised, options, commands, tmp_path, capsys):
    assert cli._run(supervised, options, tmp_path) == 0
    assert commands == ["database", "prepare {'demo': False}", ["web", "worker"], "database stopped"]
    assert "Stopped" in capsys.readouterr().out
    web = supervised.children[0].command
    assert web[web.index("--workers") + 1] == "2"
    assert web[web.index("--blocking-threads") + 1] == "3"


def test_an_external_database_is_left_alone(supervised, options, commands, tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/civic")
    assert cli._run(supervised, options, tmp_path) == 0
    assert commands == ["prepare {'demo': False}", ["web", "worker"]]
    assert supervised.revive_database is None


def test_nothing_is_served_when_the_preparation_fails(supervised, options, commands, tmp_path, monkeypatch):
    monkeypatch.setattr(cli, "_prepare", lambda **_: 7)
    assert cli._run(supervised, options, tmp_path) == 7
    assert commands == ["database", "database stopped"]


def test_a_dead_database_is_started_again(commands, tmp_path, monkeypatch):
    monkeypatch.setattr(embedded, "running", lambda _: bool(commands))
    cli._revive(tmp_path)
    cli._revive(tmp_path)
    assert commands == ["database"]


def test_the_address_is_printed_once_it_answers(options, monkeypatch, capsys):
    answers = [0, 0, 302]
    monkeypatch.setattr(cli, "answer", lambda *_: answers.pop(0))
    monkeypatch.setattr(cli.time, "sleep", lambda _: None)
    cli._announce(Supervisor([]), options)
    assert capsys.readouterr().out.count("http://127.0.0.1:1/") == 1
    assert not answers


def test_one_service_per_data_folder(monkeypatch, commands, tmp_path, capsys):
    with (tmp_path / "serve.lock").open("a") as lock:
        cli.fcntl.flock(lock, cli.fcntl.LOCK_EX)
        assert run(monkeypatch, "serve") == 1
    assert "already runs" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("word", "module", "name"),
    [
        ("doctor", "doctor", "main"),
        ("backup", "backup", "main_backup"),
        ("restore", "backup", "main_restore"),
    ],
)
def test_words_of_other_modules(monkeypatch, word, module, name):
    monkeypatch.setattr(f"config.{module}.{name}", lambda words: len(words))
    assert run(monkeypatch, word, "a", "b") == 2
