"""The web process of finance, put together."""

from __future__ import annotations

from flask import Flask

from libs.common.db import Database
from libs.common.web import TokenKeys, create_service_app, start_web_process
from services.finance.api.accounts import accounts
from services.finance.api.advances import advances
from services.finance.api.ageing import ageing
from services.finance.api.approvals import approval_fields, approvals, delegations, flows
from services.finance.api.bank import bank_lines, bank_statements
from services.finance.api.chart import ledger_accounts
from services.finance.api.company import set_company
from services.finance.api.credit import account_credit, credit_policies, group_limits, what_ifs
from services.finance.api.credit_notes import credit_notes
from services.finance.api.credit_overrides import overrides
from services.finance.api.dunning import dunning
from services.finance.api.exchange_rates import exchange_rates
from services.finance.api.imports import imports
from services.finance.api.invoices import invoices
from services.finance.api.ledger import general_ledger, journal_entries, trial_balance
from services.finance.api.papers import papers
from services.finance.api.payment_terms import account_terms, payment_terms
from services.finance.api.payments import payments
from services.finance.api.periods import periods
from services.finance.api.printing import set_press
from services.finance.api.receivable_figures import receivable_figures
from services.finance.api.revaluations import exchange_revaluations
from services.finance.api.settlement import refunds, write_off_tolerances, write_offs
from services.finance.api.supplier_credit_notes import supplier_credit_notes
from services.finance.api.supplier_invoices import supplier_invoices, uninvoiced_receipts
from services.finance.api.supplier_payments import payables_ageing, supplier_accounts, supplier_payments
from services.finance.api.tax_report import tax_report
from services.finance.api.terms_proposals import terms_proposals
from services.finance.settings import SERVICE, FinanceSettings, read_settings

NOUNS = (
    accounts,
    receivable_figures,
    terms_proposals,
    advances,
    account_credit,
    approvals,
    flows,
    delegations,
    approval_fields,
    ageing,
    bank_lines,
    bank_statements,
    credit_notes,
    credit_policies,
    group_limits,
    overrides,
    what_ifs,
    dunning,
    invoices,
    payments,
    journal_entries,
    general_ledger,
    ledger_accounts,
    trial_balance,
    account_terms,
    payment_terms,
    periods,
    tax_report,
    exchange_rates,
    refunds,
    write_off_tolerances,
    write_offs,
    supplier_invoices,
    uninvoiced_receipts,
    supplier_payments,
    supplier_accounts,
    payables_ageing,
    papers,
    exchange_revaluations,
    supplier_credit_notes,
    *imports,
)


def create_app(database: Database, keys: TokenKeys, settings: FinanceSettings | None = None) -> Flask:
    """Return the web application over ``database``; the environment is read when no ``settings`` are given."""
    app = create_service_app(SERVICE, database, NOUNS, keys=keys, title="Meridian Finance")
    known = settings or read_settings()
    set_company(app, known.terms, database.clock)
    set_press(app, known.letterhead, known.papers)
    return app


def application() -> Flask:
    """Return the web application for a server such as gunicorn, as the environment says."""
    settings = read_settings()
    common = settings.common
    database = start_web_process(SERVICE, common)
    return create_app(database, TokenKeys.from_file(common.token_keys_file), settings)
