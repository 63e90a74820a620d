"""Every setting, read once from the environment (THROUGHLINE_*), with what it means and what is allowed."""

from functools import lru_cache
from typing import Any, Literal, Self

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "THROUGHLINE_"
HIDDEN = "****"


class SettingsRefused(Exception):
    """The settings cannot be used; each line names the variable and what is allowed."""


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    environment: Literal["development", "test", "production"] = Field(
        "development", description="Where this runs; production refuses the sandbox's conveniences"
    )
    service_name: str = Field("", description="The process's own name, for logs, traces and roles")

    database_url: SecretStr = Field(
        SecretStr(""),
        description="postgresql://role:password@host:port/database, or ?host=/socket/folder",
    )
    database_schema: str = Field(
        "", pattern=r"^([a-z][a-z0-9_]{0,62})?$", description="The service's own schema"
    )
    database_pool_size: int = Field(10, ge=1, le=200, description="Connections kept by one process")
    database_timeout: float = Field(
        2.0, gt=0, le=60, description="Seconds until Postgres counts as away, for any one statement"
    )

    kafka_bootstrap: str = Field("", description="host:port of a Kafka broker, or several by comma")
    topic_prefix: str = Field(
        "throughline.", pattern=r"^[A-Za-z0-9._-]*$", description="Put before every topic's name"
    )
    topic_partitions: int = Field(4, ge=1, le=1000, description="Partitions of a topic we create")
    topic_replicas: int = Field(1, ge=1, le=15, description="Copies of a topic we create")
    inbox_kept_days: int = Field(
        90,
        ge=8,
        le=3650,
        description="Days an event is remembered as applied; more than Kafka keeps it",
    )
    kafka_timeout: float = Field(
        5.0, gt=0, le=120, description="Seconds until an unanswered send counts as failed"
    )

    temporal_address: str = Field("", description="host:port of the Temporal frontend")
    temporal_namespace: str = Field("default", description="Temporal namespace")
    temporal_task_queue: str = Field("throughline", description="The workers' task queue")
    continue_as_new_after: int = Field(
        4000, ge=20, le=40_000, description="History events after which a workflow goes on afresh"
    )
    sticky_seconds: int = Field(
        60,
        ge=5,
        le=600,
        description="Seconds after which another worker takes a killed one's tasks",
    )

    smtp_host: str = Field("127.0.0.1", description="Mail server")
    smtp_port: int = Field(25, ge=1, le=65_535, description="Mail server's port")
    mail_from: str = Field("throughline@localhost", description="Sender of e-mail")
    bounce_address: str = Field(
        "",
        pattern=r"^([A-Za-z0-9._-]+@[A-Za-z0-9.-]+)?$",
        description="Envelope sender of e-mail, marked with each message's id; empty: the sender itself",
    )
    text_gateway_url: str = Field(
        "", description="Where a gateway for SMS or chat takes messages by POST; empty: none"
    )
    text_gateway_token: SecretStr = Field(
        SecretStr(""), description="Bearer token of the gateway for SMS or chat"
    )
    text_gateway_body: str = Field(
        "",
        description="What the gateway is sent, {to}, {text} and {id} filled in as JSON strings; "
        "empty: a JSON object of the three",
    )
    acknowledgement_days: int = Field(
        7, ge=1, le=60, description="How long a link that takes something up is valid"
    )
    public_url: str = Field("http://127.0.0.1:8101", description="Where links in messages lead")
    statement_url: str = Field(
        "http://127.0.0.1:8101",
        description="Where families open their statement: the cases service",
    )
    statement_days: int = Field(
        90,
        ge=1,
        le=366,
        description="Longest time that a link to a family's statement may be valid",
    )
    statement_attempts: int = Field(
        5, ge=1, le=20, description="Wrong codes after which a link to a statement is locked"
    )
    statement_minutes: int = Field(
        30,
        ge=1,
        le=240,
        description="How long a statement stays open in a browser without the code",
    )
    statement_feedback: int = Field(
        20, ge=1, le=200, description="How often something may be said by one link to a statement"
    )
    link_url: str = Field(
        "http://127.0.0.1:8102",
        description="Where providers without an account open a referral: the referrals service",
    )
    link_keys: SecretStr = Field(
        SecretStr(""), description="Sign links to referrals: same form as master keys"
    )
    link_days: int = Field(
        30, ge=1, le=366, description="Longest time that a link to a referral may be valid"
    )
    link_attempts: int = Field(
        5, ge=1, le=20, description="Wrong codes after which a link to a referral is locked"
    )
    link_minutes: int = Field(
        30, ge=1, le=240, description="How long a referral stays open in a browser without the code"
    )
    small_cells: int = Field(
        5, ge=1, le=100, description="Counts below this are not told, so that nobody is recognised"
    )
    notifications_url: str = Field(
        "http://127.0.0.1:8104", description="The notifications service, for the delivery workers"
    )

    oidc_issuer: str = Field("http://127.0.0.1:8100", description="Issuer of staff tokens")
    oidc_jwks_url: str = Field("", description="Its keys; empty: found from the issuer")
    oidc_audience: str = Field("throughline", description="Audience that tokens must name")
    token_url: str = Field("", description="Where workers get their own tokens")
    client_id: str = Field("", description="The workers' client id")
    client_secret: SecretStr = Field(SecretStr(""), description="The workers' client secret")

    master_keys: SecretStr = Field(
        SecretStr(""), description="Wrap the case keys: id:base64[,id:base64...], current first"
    )
    payload_keys: SecretStr = Field(
        SecretStr(""), description="Seal what Temporal keeps: same form as master keys"
    )

    clock_plan: str = Field(
        "", description="Sandbox clock: a JSON plan or the path of one; empty: the real clock"
    )

    http_host: str = Field("127.0.0.1", description="Address to listen on")
    http_port: int = Field(8101, ge=0, le=65_535, description="Port to listen on; 0: any free one")
    metrics_port: int = Field(
        0, ge=0, le=65_535, description="Own port of the health and metrics pages; 0: none"
    )

    traces_dir: str = Field("", description="Folder for traces as JSON lines; empty: none")
    otlp_endpoint: str = Field("", description="OpenTelemetry collector; empty: none")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least level that is logged"
    )

    policy_dir: str = Field("", description="Folder of further policy packs; empty: none")
    default_policy: str = Field("default", description="Pack that new cases follow")

    @model_validator(mode="after")
    def _production_is_earnest(self) -> Self:
        if self.environment != "production":
            return self
        if self.clock_plan:
            raise ValueError(
                "CLOCK_PLAN must be empty in production: real cases live in real time."
            )
        if not self.oidc_issuer.startswith("https://"):
            raise ValueError("OIDC_ISSUER must be an https address in production.")
        if any(sign in self.oidc_issuer for sign in ("://localhost", "://127.", "development")):
            raise ValueError("OIDC_ISSUER must not be the development issuer in production.")
        return self

    def topic(self, name: str) -> str:
        """The topic's name on Kafka."""
        return f"{self.topic_prefix}{name}"

    def describe(self) -> list[tuple[str, str, str, str]]:
        """Rows of (variable, value, default, meaning); secrets that are set show as ****."""
        return [
            (
                f"{PREFIX}{name.upper()}",
                _shown(getattr(self, name)),
                _shown(field.default),
                field.description or "",
            )
            for name, field in type(self).model_fields.items()
        ]


def read_settings(**given: Any) -> Settings:
    """Settings from the environment, `given` ones first; raises SettingsRefused."""
    try:
        return Settings(**given)
    except ValidationError as wrong:
        # The offending value is left out: it may be a secret in the wrong place.
        lines = (_sentence(error) for error in wrong.errors(include_input=False))
        raise SettingsRefused("\n".join(lines)) from None


@lru_cache(maxsize=1)
def settings() -> Settings:
    """This process's settings; raises SettingsRefused."""
    return read_settings()


def _sentence(error: Any) -> str:
    name = ".".join(str(part) for part in error["loc"]).upper().removeprefix(PREFIX)
    message = error["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    if not name:
        return f"{PREFIX}{message}"
    return f"{PREFIX}{name}: allowed is {message}."


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return HIDDEN if value.get_secret_value() else ""
    return str(value)
