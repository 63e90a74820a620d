import pytest

from infrastructure.settings import SettingsRefused, read_settings


@pytest.mark.parametrize(
    ("variable", "value", "allowed"),
    [
        ("THROUGHLINE_ENVIRONMENT", "staging", "'development', 'test' or 'production'"),
        ("THROUGHLINE_HTTP_PORT", "99999", "less than or equal to 65535"),
        ("THROUGHLINE_TOPIC_PARTITIONS", "many", "a valid integer"),
        ("THROUGHLINE_DATABASE_SCHEMA", "Cases; drop", "match pattern"),
        ("THROUGHLINE_LOG_LEVEL", "loud", "'debug', 'info', 'warning' or 'error'"),
    ],
)
def test_a_wrong_value_names_its_variable_and_what_is_allowed(
    variable: str, value: str, allowed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsRefused) as refused:
        read_settings()
    assert variable in str(refused.value)
    assert allowed in str(refused.value)
    assert value not in str(refused.value)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"clock_plan": "{}"}, "THROUGHLINE_CLOCK_PLAN must be empty"),
        ({"oidc_issuer": "http://sso.example.org"}, "THROUGHLINE_OIDC_ISSUER must be an https"),
        ({"oidc_issuer": "https://127.0.0.1:8100"}, "must not be the development issuer"),
    ],
)
def test_production_refuses_what_only_a_sandbox_may_have(
    given: dict[str, str], sentence: str
) -> None:
    with pytest.raises(SettingsRefused, match=sentence):
        read_settings(
            **{"environment": "production", "oidc_issuer": "https://sso.example.org", **given}
        )


def test_secrets_are_hidden_wherever_settings_are_shown() -> None:
    settings = read_settings(client_secret="hush", database_url="postgresql://role:hush@h/d")
    rows = {name: shown for name, shown, _, _ in settings.describe()}
    assert rows["THROUGHLINE_CLIENT_SECRET"] == "****"
    assert rows["THROUGHLINE_PAYLOAD_KEYS"] == ""
    assert "hush" not in f"{rows} {settings!r}"


def test_every_setting_says_what_it_means() -> None:
    assert all(meaning for *_, meaning in read_settings().describe())
