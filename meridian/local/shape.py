"""Which processes make the production shape: a web process and a worker per service, and the gateway."""

from __future__ import annotations

import sys

from meridian.local.processes import Program
from meridian.target import Target
from meridian.topography import ROOT, SERVICES

GATEWAY_PORT = 8600
GUNICORN = ROOT / "deploy" / "gunicorn.conf.py"
WEB_THREADS = 16
GATEWAY_STREAMS = 32
GATEWAY_THREADS = 96 + GATEWAY_STREAMS
"""The gateway's own bound is lower (``most_at_once`` and ``most_waiting``); the rest answer those who are refused."""


def ports(first: int = GATEWAY_PORT) -> tuple[dict[str, str], dict[str, int]]:
    """Return the address of each service's web process and the health port of each worker."""
    urls = {name: f"http://127.0.0.1:{first + place}" for place, name in enumerate(SERVICES, start=1)}
    workers = {name: first + 10 + place for place, name in enumerate(SERVICES, start=1)}
    return urls, workers


def programs(target: Target) -> list[Program]:
    """Return every process of ``target``, services first; web processes as containers run them."""
    found: list[Program] = []
    for service in SERVICES:
        environment = _environment(target, service) | {"MERIDIAN_AMQP_URL": target.amqp_urls[service]}
        found.append(
            _web(target, f"{service}-web", f"services.{service}", target.service_urls[service], environment)
        )
        health = {"MERIDIAN_WORKER_HEALTH_PORT": str(target.worker_ports[service])}
        worker = [sys.executable, "-m", f"services.{service}.worker"]
        found.append(Program(f"{service}-worker", worker, environment | health))
    environment = _environment(target, "gateway") | _gateway_environment(target)
    environment["MERIDIAN_WEB_THREADS"] = str(GATEWAY_THREADS)
    found.append(_web(target, "gateway", "gateway", target.gateway_url, environment))
    return found


def _web(target: Target, name: str, package: str, url: str, environment: dict[str, str]) -> Program:
    """Return a web process; its meters have a folder of their own, for the processes that gunicorn makes of it."""
    address = url.removeprefix("http://")
    command = [sys.executable, "-m", "gunicorn", "--config", str(GUNICORN), "--bind", address]
    of_web = {
        "MERIDIAN_APPLICATION": f"{package}.app:application()",
        "MERIDIAN_WEB_WORKERS": "1",
        "MERIDIAN_WEB_THREADS": str(WEB_THREADS),
        "MERIDIAN_WEB_DRAIN_S": "0",  # no balancer stands before these
        "PROMETHEUS_MULTIPROC_DIR": str((target.home / "metrics" / name).resolve()),
    }
    return Program(name, command, of_web | environment)


def _environment(target: Target, store: str) -> dict[str, str]:
    return {
        "PYTHONPATH": str(ROOT),
        "MERIDIAN_DATABASE_URL": target.database_urls[store],
        "MERIDIAN_TOKEN_KEYS_FILE": str(target.token_keys.resolve()),
        "MERIDIAN_COMPANY_CURRENCY": target.currency,
        "MERIDIAN_COMPANY_ZONE": target.zone,
    }


def _gateway_environment(target: Target) -> dict[str, str]:
    urls = {f"MERIDIAN_{name.upper()}_URL": url for name, url in target.service_urls.items()}
    urls["MERIDIAN_MOST_STREAMS"] = str(GATEWAY_STREAMS)
    return urls | {"MERIDIAN_SIGNING_KEYS_FILE": str(target.signing_keys.resolve())}
