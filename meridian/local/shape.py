"""Which processes make the production shape: a web process and a worker per service, and the gateway."""

from __future__ import annotations

import sys

from meridian.local.processes import Program
from meridian.target import Target
from meridian.topography import ROOT, SERVICES

GATEWAY_PORT = 8600
WEB_THREADS = 16


def ports(first: int = GATEWAY_PORT) -> tuple[dict[str, str], dict[str, int]]:
    """Return the address of each service's web process and the health port of each worker."""
    urls = {name: f"http://127.0.0.1:{first + place}" for place, name in enumerate(SERVICES, start=1)}
    workers = {name: first + 10 + place for place, name in enumerate(SERVICES, start=1)}
    return urls, workers


def programs(target: Target) -> list[Program]:
    """Return every process of ``target``, services first."""
    found: list[Program] = []
    for service in SERVICES:
        environment = _environment(target, service)
        address = target.service_urls[service].removeprefix("http://")
        found.append(
            Program(
                f"{service}-web", _gunicorn(f"services.{service}.app:application()", address), environment
            )
        )
        health = {"MERIDIAN_WORKER_HEALTH_PORT": str(target.worker_ports[service])}
        found.append(
            Program(
                f"{service}-worker",
                [sys.executable, "-m", f"services.{service}.worker"],
                environment | health,
            )
        )
    found.append(
        Program(
            "gateway",
            _gunicorn("gateway.app:application()", target.gateway_url.removeprefix("http://")),
            _environment(target, "gateway") | _gateway_environment(target),
        )
    )
    return found


def _gunicorn(application: str, address: str) -> list[str]:
    return [
        sys.executable, "-m", "gunicorn", application, "--bind", address, "--worker-class", "gthread",
        "--workers", "1", "--threads", str(WEB_THREADS), "--graceful-timeout", "20", "--keep-alive", "30",
    ]  # fmt: skip


def _environment(target: Target, store: str) -> dict[str, str]:
    return {
        "PYTHONPATH": str(ROOT),
        "MERIDIAN_DATABASE_URL": target.database_urls[store],
        "MERIDIAN_AMQP_URL": target.amqp_url or "",
        "MERIDIAN_TOKEN_KEYS_FILE": str(target.token_keys.resolve()),
        "MERIDIAN_COMPANY_CURRENCY": target.currency,
        "MERIDIAN_COMPANY_ZONE": target.zone,
    }


def _gateway_environment(target: Target) -> dict[str, str]:
    urls = {f"MERIDIAN_{name.upper()}_URL": url for name, url in target.service_urls.items()}
    return urls | {"MERIDIAN_SIGNING_KEYS_FILE": str(target.signing_keys.resolve())}
