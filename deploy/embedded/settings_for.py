"""The THROUGHLINE_* settings of each process: what it needs, and no secret of another's."""

import json

from deploy.embedded.ports import HOST
from deploy.embedded.site import Site
from deploy.migrations.bootstrap import SERVICES, service_url

WORKERS = ("worker", "bridge")
PREFIX = "THROUGHLINE_"
# The one gives links out, the other writes them into a message.
_SIGN_LINKS = ("referrals", "notifications")


def settings_for(name: str, site: Site) -> dict[str, str]:
    if name == "migrations":
        return {
            f"{PREFIX}DATABASE_ADMIN_URL": site.database_admin_url,
            f"{PREFIX}ROLE_PASSWORDS": json.dumps(site.secrets.role_passwords),
        }
    chosen = _shared(name, site)
    if name in SERVICES:
        chosen |= _service(name, site)
    if name in WORKERS:
        chosen |= _worker(name, site)
    if name == "issuer":
        chosen |= {
            "ISSUER_KEY_FILE": str(site.folder / "issuer.key"),
            "CLIENT_SECRET": site.secrets.client_secret,
            "HTTP_PORT": str(site.ports.get("issuer", 0)),
        }
    if name == "mail":
        chosen |= {
            "HTTP_PORT": str(site.ports.get("mail-page", 0)),
            "MAIL_FOLDER": str(site.folder / "mail"),
        }
    return {f"{PREFIX}{key}": text for key, text in chosen.items() if text}


def _shared(name: str, site: Site) -> dict[str, str]:
    issuer = site.url("issuer")
    return {
        "ENVIRONMENT": "development",
        "SERVICE_NAME": name,
        "KAFKA_BOOTSTRAP": site.kafka_bootstrap,
        "OIDC_ISSUER": issuer,
        "OIDC_JWKS_URL": f"{issuer}/.well-known/jwks.json" if issuer else "",
        "SMTP_HOST": HOST if "mail" in site.ports else "",
        "SMTP_PORT": str(site.ports.get("mail", "")),
        "PUBLIC_URL": site.url("notifications"),
        "STATEMENT_URL": site.url("cases"),
        "LINK_URL": site.url("referrals"),
        "NOTIFICATIONS_URL": site.url("notifications"),
        "CLOCK_PLAN": site.clock_plan,
        "HTTP_HOST": HOST,
        "TRACES_DIR": str(site.folder / "traces"),
        "CLIENT_ID": "throughline-worker",
    }


def _service(name: str, site: Site) -> dict[str, str]:
    password = site.secrets.role_passwords[name]
    return {
        "DATABASE_URL": service_url(site.database_admin_url, name, password),
        "DATABASE_SCHEMA": name,
        "HTTP_PORT": str(site.ports[name]),
        "MASTER_KEYS": site.secrets.master_keys,
        "LINK_KEYS": site.secrets.link_keys if name in _SIGN_LINKS else "",
        "TEXT_GATEWAY_URL": _text_gateway(site) if name == "notifications" else "",
    }


def _worker(name: str, site: Site) -> dict[str, str]:
    issuer = site.url("issuer")
    return {
        "TEMPORAL_ADDRESS": site.temporal_address,
        "METRICS_PORT": str(site.ports[name]),
        "PAYLOAD_KEYS": site.secrets.payload_keys,
        "TOKEN_URL": f"{issuer}/token" if issuer else "",
        "CLIENT_SECRET": site.secrets.client_secret,
    }


def _text_gateway(site: Site) -> str:
    """The mail sink takes text messages too."""
    page = site.url("mail-page")
    return f"{page}/texts" if page else ""
