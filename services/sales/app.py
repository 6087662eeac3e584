"""The web process of sales, put together."""

from __future__ import annotations

from flask import Flask

from libs.common.db import Database
from libs.common.saga import waiting_since
from libs.common.settings import ServiceSettings
from libs.common.web import Intake, TokenKeys, create_service_app, start_web_process
from services.sales.api.approvals import approval_fields, approvals, delegations, flows
from services.sales.api.buyer_figures import buyer_figures
from services.sales.api.company import set_company
from services.sales.api.company_profile import profile
from services.sales.api.counter_sales import counter_sales
from services.sales.api.customers import customers
from services.sales.api.delivery_progress import delivery_progress
from services.sales.api.forms import forms
from services.sales.api.imports import imports
from services.sales.api.order_changes import order_changes
from services.sales.api.order_figures import order_figures
from services.sales.api.order_types import order_types
from services.sales.api.orders import orders
from services.sales.api.papers import quotation_papers
from services.sales.api.price_policies import price_policies
from services.sales.api.price_trials import price_trials
from services.sales.api.printing import set_press
from services.sales.api.process_health import process
from services.sales.api.product_figures import product_figures
from services.sales.api.promotions import promotions
from services.sales.api.public_quotations import public_quotations
from services.sales.api.quotation_templates import templates
from services.sales.api.quotations import quotations
from services.sales.api.revenue import revenue
from services.sales.api.standard_quotations import standard_quotations
from services.sales.api.taxes import tax_assignments, tax_codes, tax_settings
from services.sales.settings import SERVICE, read_longest_lag, read_papers, read_settings, read_terms

NOUNS = (
    price_policies, price_trials, promotions, quotations, standard_quotations, quotation_papers, public_quotations,
    profile, templates, approvals, flows, delegations, approval_fields, forms, orders, order_changes, counter_sales,
    order_types, revenue, customers,
    delivery_progress, tax_codes, tax_settings, tax_assignments,
    order_figures, buyer_figures, product_figures, process, *imports,
)  # fmt: skip


def create_app(database: Database, keys: TokenKeys, settings: ServiceSettings | None = None) -> Flask:
    """Return the web application over ``database``; the environment is read when no ``settings`` are given."""
    intake = Intake(waiting_since, longest_lag_s=read_longest_lag())
    app = create_service_app(SERVICE, database, NOUNS, keys=keys, title="Meridian Sales", intake=intake)
    set_company(app, read_terms(settings or read_settings()), database.clock)
    set_press(app, read_papers())
    return app


def application() -> Flask:
    """Return the web application for a server such as gunicorn, as the environment says."""
    settings = read_settings()
    database = start_web_process(SERVICE, settings)
    return create_app(database, TokenKeys.from_file(settings.token_keys_file), settings)
