"""The gateway's web process, put together."""

from __future__ import annotations

from threading import Event
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from gateway.api import documents
from gateway.api.admission import admit_requests
from gateway.api.api_keys import api_keys
from gateway.api.audits import audits
from gateway.api.auth import auth
from gateway.api.changes import changes
from gateway.api.colleagues import colleagues
from gateway.api.console import serve_console
from gateway.api.customers import customers
from gateway.api.dashboards import dashboards
from gateway.api.docs import serve_docs
from gateway.api.inbox import inbox
from gateway.api.parts import EXTENSION, Parts
from gateway.api.proxy import pass_on_requests
from gateway.api.sessions import sessions
from gateway.api.timeline import timeline
from gateway.api.users import users
from gateway.auth.forgetting import Forgetting
from gateway.auth.identify import by_token_key_or_cookie
from gateway.auth.keys import Keyring
from gateway.auth.passwords import Passwords
from gateway.auth.sessions import Sessions
from gateway.changes.hub import Hub
from gateway.changes.news import News
from gateway.clients import sales
from gateway.clients.fan_out import FanOut
from gateway.clients.http import HttpTransport
from gateway.clients.intake import Intakes
from gateway.clients.services import Services
from gateway.clients.transport import Transport
from gateway.customer360.sections import CustomerPage
from gateway.dashboards.gather import Dashboards
from gateway.inbox.gather import Inboxes
from gateway.settings import SERVICE, SERVICES, GatewaySettings
from gateway.timeline.gather import Timelines
from libs.common.db import Database
from libs.common.observability import current_traceparent
from libs.common.web import SigningKeys, create_service_app, document_of, leaving_of, start_web_process
from libs.common.web.gate import Gate

NOUNS = (auth, sessions, users, colleagues, api_keys, customers, timeline, inbox, dashboards, audits, changes)


def create_app(
    settings: GatewaySettings,
    database: Database,
    transport: Transport,
    signing_keys: SigningKeys,
    *,
    follow_key_file: bool = False,
) -> Flask:
    """Return the web application; ``transport`` reaches the services over HTTP or within the process.

    With ``follow_key_file`` the signing keys are read again whenever ``settings.signing_keys_file`` changes.
    """
    followed = settings.signing_keys_file if follow_key_file else None
    keyring = Keyring(signing_keys, file=followed, clock=database.clock)
    identify = by_token_key_or_cookie(database, keyring, settings.access_lifetime)
    app = create_service_app(
        SERVICE, database, NOUNS, identify=identify, title="Meridian gateway", with_messages=False
    )
    app.extensions[EXTENSION] = _parts(settings, database, transport, keyring, leaving_of(app))
    pass_on_requests(app)
    intakes = Intakes(sales.INTAKE, database.clock)
    admit_requests(app, Gate(settings.most_at_once, settings.most_waiting), intakes)
    serve_console(app, settings.console_folder)
    serve_docs(app, lambda: _whole_document(app, settings))
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies)  # type: ignore[method-assign]
    return app


def _whole_document(app: Flask, settings: GatewaySettings) -> dict[str, Any]:
    contracts = documents.read_contracts(settings.contracts_folder, SERVICES)
    return documents.merge(document_of(app), contracts)


def _parts(
    settings: GatewaySettings, database: Database, transport: Transport, keyring: Keyring, leaving: Event
) -> Parts:
    passwords = Passwords(memory_kib=settings.password_memory_kib, rounds=settings.password_rounds)
    services = Services(SERVICES, transport, keyring, database.clock, traceparent=current_traceparent)
    fan_out = FanOut()
    return Parts(
        database=database,
        passwords=passwords,
        sessions=Sessions(database, passwords, keyring, settings.access_lifetime, settings.refresh_lifetime),
        forgetting=Forgetting(database),
        services=services,
        customer_page=CustomerPage(services, fan_out, settings.compose_deadline_s),
        timelines=Timelines(services, fan_out, settings.compose_deadline_s),
        dashboards=Dashboards(services, fan_out, settings.compose_deadline_s, settings.company_zone),
        changes=Hub(News(services), leaving, settings.most_streams),
        inboxes=Inboxes(services, fan_out, settings.compose_deadline_s),
        call_deadline_s=settings.call_deadline_s,
        company_zone=settings.company_zone,
    )


def application() -> Flask:
    """Return the web application for a server such as gunicorn, as the environment says.

    The first start makes the signing keys; every start writes their public half for the services.
    """
    settings = GatewaySettings.from_environment()
    database = start_web_process(SERVICE, settings)
    signing_keys = SigningKeys.load_or_create(settings.signing_keys_file)
    signing_keys.publish(settings.token_keys_file)
    transport = HttpTransport(settings.service_urls)
    return create_app(settings, database, transport, signing_keys, follow_key_file=True)


def openapi_document() -> dict[str, Any]:
    """Return the OpenAPI document of the gateway's own routes, for its contract; nothing is contacted."""
    settings = GatewaySettings()
    database = Database("sqlite://", service=SERVICE)
    try:
        return document_of(
            create_app(settings, database, HttpTransport(settings.service_urls), SigningKeys.fresh())
        )
    finally:
        database.close()
