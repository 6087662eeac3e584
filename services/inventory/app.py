"""The web process of inventory, put together."""

from __future__ import annotations

from flask import Flask

from libs.common.db import Database
from libs.common.settings import ServiceSettings
from libs.common.web import TokenKeys, create_service_app, start_web_process
from services.inventory.api.approvals import approval_fields, approvals, delegations, flows
from services.inventory.api.boms import boms
from services.inventory.api.bookings import adjustments, opening_stock, receipts
from services.inventory.api.carriers import carriers
from services.inventory.api.company_day import COMPANY_CLOCK, COMPANY_ZONE
from services.inventory.api.customers import customers
from services.inventory.api.deliveries import deliveries
from services.inventory.api.discrepancies import discrepancies
from services.inventory.api.figures import figures
from services.inventory.api.forms import forms
from services.inventory.api.fulfilment import fulfilment
from services.inventory.api.imports import imports
from services.inventory.api.item_costs import inventory_turnover, item_costs
from services.inventory.api.items import items
from services.inventory.api.on_time_in_full import otif
from services.inventory.api.pick_lists import pick_lists
from services.inventory.api.production_orders import production_orders
from services.inventory.api.purchase_orders import purchase_orders
from services.inventory.api.queue_rule import queue_rule
from services.inventory.api.reorder_points import reorder_points
from services.inventory.api.requisitions import requisitions
from services.inventory.api.reservations import reservations
from services.inventory.api.returns import returns
from services.inventory.api.sell_through import sell_through
from services.inventory.api.serials import serials, serials_of_item
from services.inventory.api.shelf_lives import shelf_life_rules, short_dated
from services.inventory.api.stock import stock, stock_moves
from services.inventory.api.stock_counts import stock_count_rules, stock_counts
from services.inventory.api.supplier_returns import returnable_receipts, supplier_returns
from services.inventory.api.suppliers import suppliers
from services.inventory.api.supply import (
    availability,
    item_suppliers,
    purchasing_rules,
    supplier_prices,
    supply_policies,
)
from services.inventory.api.transfers import transfers
from services.inventory.api.warehouses import warehouses
from services.inventory.settings import SERVICE, read_settings

NOUNS = (
    items, suppliers, warehouses, opening_stock, receipts, adjustments, stock, stock_moves, reservations,
    deliveries, returns, customers, supply_policies, availability, item_suppliers, supplier_prices,
    purchasing_rules, reorder_points, requisitions, purchase_orders, boms, production_orders, discrepancies,
    carriers, fulfilment, figures, pick_lists, otif, sell_through, serials, serials_of_item, queue_rule, item_costs,
    inventory_turnover, stock_counts, stock_count_rules, transfers, approvals, flows, delegations, approval_fields,
    forms, supplier_returns, returnable_receipts, shelf_life_rules, short_dated,
    *imports,
)  # fmt: skip


def create_app(database: Database, keys: TokenKeys, settings: ServiceSettings | None = None) -> Flask:
    """Return the web application over ``database``; the environment is read when no ``settings`` are given."""
    app = create_service_app(SERVICE, database, NOUNS, keys=keys, title="Meridian Inventory")
    app.config[COMPANY_ZONE] = (settings or read_settings()).company_zone
    app.config[COMPANY_CLOCK] = database.clock
    return app


def application() -> Flask:
    """Return the web application for a server such as gunicorn, as the environment says."""
    settings = read_settings()
    database = start_web_process(SERVICE, settings)
    return create_app(database, TokenKeys.from_file(settings.token_keys_file), settings)
