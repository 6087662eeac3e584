"""The web process of crm, put together."""

from __future__ import annotations

from flask import Flask

from libs.common.db import Database
from libs.common.settings import ServiceSettings
from libs.common.web import TokenKeys, create_service_app, start_web_process
from services.crm.api.activities import activities
from services.crm.api.budget_proposals import budget_proposals
from services.crm.api.calendars import calendars, public_calendars
from services.crm.api.campaigns import campaigns
from services.crm.api.company import set_base_currency, set_clock
from services.crm.api.contacts import contacts
from services.crm.api.customer_page import customer_page
from services.crm.api.customers import customers
from services.crm.api.forms import forms
from services.crm.api.funnel import funnel
from services.crm.api.imports import imports
from services.crm.api.leads import lead_scores, leads
from services.crm.api.opportunities import opportunities
from services.crm.api.overview import overview
from services.crm.api.pipeline import pipeline, stages
from services.crm.api.purchase_potential import purchase_potential
from services.crm.api.recommendations import better_items, recommendations
from services.crm.api.relationship import relationship
from services.crm.api.suggestions import suggestions
from services.crm.api.teams import handovers, sales_targets, sales_teams, territories
from services.crm.api.web_forms import public_web_forms, web_forms
from services.crm.settings import SERVICE, read_settings

OF_LEADS = (
    leads, lead_scores, campaigns, budget_proposals, web_forms, public_web_forms, sales_teams, territories,
    sales_targets, handovers, calendars, public_calendars,
)  # fmt: skip
OF_BUYING = (recommendations, better_items, purchase_potential, suggestions)
NOUNS = (
    customers,
    customer_page,
    contacts,
    forms,
    overview,
    relationship,
    opportunities,
    activities,
    pipeline,
    stages,
    funnel,
    *OF_LEADS,
    *OF_BUYING,
    *imports,
)


def create_app(database: Database, keys: TokenKeys, settings: ServiceSettings | None = None) -> Flask:
    """Return the web application over ``database``; the environment is read when no ``settings`` are given."""
    app = create_service_app(SERVICE, database, NOUNS, keys=keys, title="Meridian CRM")
    known = settings or read_settings()
    set_base_currency(app, known.company_currency)
    set_clock(app, database.clock, known.company_zone)
    return app


def application() -> Flask:
    """Return the web application for a server such as gunicorn, as the environment says."""
    settings = read_settings()
    database = start_web_process(SERVICE, settings)
    return create_app(database, TokenKeys.from_file(settings.token_keys_file), settings)
