"""The web process of the service desk, put together."""

from __future__ import annotations

from flask import Flask

from libs.common.db import Database
from libs.common.settings import ServiceSettings
from libs.common.web import TokenKeys, create_service_app, start_web_process
from services.service_desk.api.articles import articles, solutions
from services.service_desk.api.attachments import attachments, public_attachments, set_vault
from services.service_desk.api.company import set_clock, set_zone
from services.service_desk.api.conversation import conversation
from services.service_desk.api.deadlines import deadlines
from services.service_desk.api.documents import documents
from services.service_desk.api.findings import findings
from services.service_desk.api.follow_links import follow_links
from services.service_desk.api.installed_items import installed_items
from services.service_desk.api.intake import intake
from services.service_desk.api.lookup import lookup
from services.service_desk.api.mails import mails
from services.service_desk.api.public_tickets import public_tickets
from services.service_desk.api.relations import relations
from services.service_desk.api.roster import roster
from services.service_desk.api.routing import routing
from services.service_desk.api.satisfaction import ratings, satisfaction
from services.service_desk.api.service_summary import service_summary
from services.service_desk.api.tickets import tickets
from services.service_desk.settings import SERVICE, read_attachments_folder, read_settings

TALK = (
    conversation,
    attachments,
    follow_links,
    public_tickets,
    public_attachments,
    relations,
    ratings,
    satisfaction,
    mails,
    articles,
    solutions,
)
COURSE = (findings, documents, deadlines, intake, routing, roster, lookup)
NOUNS = (tickets, installed_items, service_summary, *COURSE, *TALK)


def create_app(database: Database, keys: TokenKeys, settings: ServiceSettings | None = None) -> Flask:
    """Return the web application over ``database``; the environment is read when no ``settings`` are given."""
    app = create_service_app(SERVICE, database, NOUNS, keys=keys, title="Meridian Service Desk")
    set_zone(app, (settings or read_settings()).company_zone)
    set_clock(app, database.clock)
    set_vault(app, read_attachments_folder())
    return app


def application() -> Flask:
    """Return the web application for a server such as gunicorn, as the environment says."""
    settings = read_settings()
    database = start_web_process(SERVICE, settings)
    return create_app(database, TokenKeys.from_file(settings.token_keys_file), settings)
