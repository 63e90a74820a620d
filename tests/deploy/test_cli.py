"""The command line."""

import pytest
from typer.testing import CliRunner

from deploy.cli import app
from infrastructure.settings import settings


@pytest.fixture
def run(tmp_path):
    def run_on_folder(*arguments: str, **environment: str):
        env = {"THROUGHLINE_DATA": str(tmp_path), "COLUMNS": "300", **environment}
        return CliRunner().invoke(app, list(arguments), env=env)

    return run_on_folder


@pytest.mark.parametrize("command", ["status", "down"])
def test_without_a_running_stack_the_command_says_how_to_start_one(run, command):
    ended = run(command)
    assert ended.exit_code == 1
    assert "start one with `throughline up`" in ended.output


def test_logs_of_an_unknown_part_name_those_there_are(run, tmp_path):
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "cases.log").write_text("one\ntwo\nthree\n")
    assert "choose from cases" in run("logs", "case").output
    assert run("logs", "cases", "-n", "2").output == "two\nthree\n"


def test_a_port_in_an_unknown_form_is_refused(run):
    ended = run("up", "--parts", "mail", "--port", "mail:25")
    assert ended.exit_code == 2
    assert "write it as kafka=9092" in ended.output


def test_config_shows_settings_and_hides_secrets(run, monkeypatch):
    settings.cache_clear()
    shown = run(
        "config", THROUGHLINE_CLIENT_SECRET="known-to-nobody", THROUGHLINE_LOG_LEVEL="debug"
    )
    settings.cache_clear()
    assert shown.exit_code == 0
    assert "THROUGHLINE_LOG_LEVEL" in shown.output
    assert "debug" in shown.output
    assert "known-to-nobody" not in shown.output
