"""Payment terms over HTTP: in how many parts and by when invoices are to be paid, and who pays by which."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, expected_version, fields
from services.finance.api.who import CREDIT_DECIDERS, READERS, only_owner
from services.finance.domain.payment_terms import (
    MOST_DAYS,
    MOST_DISCOUNT_BP,
    MOST_PARTS,
    WHOLE_BP,
    PaymentTerms,
    TermsPart,
)
from services.finance.reports.payment_terms import list_terms, terms_name
from services.finance.use_cases.payment_terms import AssignTerms, DefineTerms, assign_terms, define_terms

payment_terms = Noun("payment_terms", "/api/v1/payment-terms", description="By when invoices are to be paid")
account_terms = Noun("account_terms", "/api/v1/accounts", description="By which terms a customer pays")


class TermsPartSchema(Strict):
    """A share of the invoice and when it is due."""

    share_bp = fields.CountField(
        least=1,
        most=WHOLE_BP,
        required=True,
        metadata={"description": "In hundredths of a percent; all parts together are 10000."},
    )
    days = fields.CountField(most=MOST_DAYS, required=True)
    end_of_month = fields.Flag(
        load_default=False, metadata={"description": "true: the days count from the end of its month."}
    )


class PaymentTermsIn(Strict):
    """New terms, or the next version of those of this name."""

    name = fields.Text(max=40, required=True)
    parts = fields.ListOf(TermsPartSchema, most=MOST_PARTS, required=True)
    active = fields.Flag(
        load_default=True, metadata={"description": "false: they count for nobody any more."}
    )
    discount_bp = fields.CountField(
        most=MOST_DISCOUNT_BP,
        load_default=0,
        metadata={
            "description": "What may be left out, in hundredths of a percent, by whoever pays all of it early."
        },
    )
    discount_days = fields.CountField(
        most=MOST_DAYS,
        load_default=0,
        metadata={"description": "Within how many days of the invoice that is."},
    )


class PaymentTermsOut(PaymentTermsIn):
    """Terms as they are now."""

    version = fields.CountField(least=1)


class AccountTermsIn(Strict):
    """By which terms the customer pays; null: by the company's days."""

    terms = fields.Text(max=40, required=True, allow_none=True)


class AccountTermsOut(AccountTermsIn):
    """By which terms the customer pays."""

    customer_id = fields.IdField()


@payment_terms.query("/", answer=PaymentTermsOut, roles=READERS, paged=True, summary="List payment terms")
def index(connection: Connection, page: PageRequest) -> Page:
    """List all terms as they are now, by name."""
    rows = list_terms(connection, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.name,))


@payment_terms.command(
    "PUT", "/", body=PaymentTermsIn, answer=PaymentTermsOut, roles=CREDIT_DECIDERS, summary="Define terms"
)
def define(tx: Transaction, body: dict[str, Any]) -> PaymentTerms:
    """Define terms; invoices that are posted keep their days."""
    parts = tuple(TermsPart(**part) for part in body["parts"])
    off = (body["discount_bp"], body["discount_days"])
    command = DefineTerms(body["name"], parts, body["active"], expected_version(), *off)
    return define_terms(tx, command)


@account_terms.query(
    "/<uuid:customer_id>/payment-terms", answer=AccountTermsOut, roles=READERS, summary="A customer's terms"
)
def show(connection: Connection, customer_id: str) -> dict[str, str | None]:
    """Show by which terms a customer pays."""
    return {"customer_id": customer_id, "terms": terms_name(connection, customer_id, only_owner())}


@account_terms.command(
    "PUT",
    "/<uuid:customer_id>/payment-terms",
    body=AccountTermsIn,
    answer=AccountTermsOut,
    roles=CREDIT_DECIDERS,
    summary="Set a customer's terms",
)
def assign(tx: Transaction, body: dict[str, Any], customer_id: str) -> dict[str, str | None]:
    """Let invoices that are posted from now on fall due by these terms."""
    return {"customer_id": customer_id, "terms": assign_terms(tx, AssignTerms(customer_id, body["terms"]))}
