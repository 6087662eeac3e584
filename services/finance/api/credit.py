"""Credit over HTTP: how a customer stands and why, what would be if, and by which rules it is judged."""

from __future__ import annotations

from datetime import date
from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, expected_version, fields
from services.finance.api.accounts import LIMIT_SOURCES, STATUSES
from services.finance.api.company import company_day, company_terms
from services.finance.api.who import CREDIT_DECIDERS, READERS, only_owner
from services.finance.domain.limits import GroupLimit
from services.finance.domain.standing import MOST_DAYS, CreditPolicy, DeliveryCheck
from services.finance.domain.what_if import ExpectedPayment, Outlook, Question
from services.finance.reports.credit import (
    CreditView,
    credit_of,
    credit_policy,
    list_group_limits,
    what_if,
)
from services.finance.use_cases.accounts import InheritLimit, inherit_limit
from services.finance.use_cases.credit_policy import (
    SetCreditPolicy,
    SetGroupLimit,
    set_credit_policy,
    set_group_limit,
)

MOST_PAYMENTS = 100
_REASONS = ("stopped", "no_limit", "over_limit", "overdue", "near_limit", "overdue_early")

account_credit = Noun("account_credit", "/api/v1/accounts", description="How a customer stands, and why")
credit_policies = Noun("credit_policy", "/api/v1/credit-policy", description="How credit is judged")
group_limits = Noun(
    "credit_group_limits", "/api/v1/credit-group-limits", description="What groups are trusted with"
)
what_ifs = Noun("credit_what_if", "/api/v1/credit-what-if", description="What would become of an order")


class ReasonOut(Strict):
    """Why a customer stands so; of the figures those that belong to the code are not null."""

    code = fields.Choice(*_REASONS)
    amount = fields.MoneyField(allow_none=True, metadata={"description": "over_limit: what is above it."})
    percent = fields.CountField(
        allow_none=True, metadata={"description": "over_limit, near_limit: how much of the limit is used."}
    )
    from_percent = fields.CountField(allow_none=True, metadata={"description": "From where on it counts."})
    days = fields.CountField(
        allow_none=True, metadata={"description": "overdue, overdue_early: since when the oldest is due."}
    )
    allowed_days = fields.CountField(allow_none=True, metadata={"description": "How long it may be."})
    note = fields.Text(max=500, allow_none=True, metadata={"description": "stopped: what the person wrote."})


class ExposureOut(Strict):
    """What credit is used for; total = unconfirmed + undelivered + not_due + overdue - unallocated."""

    unconfirmed = fields.MoneyField(metadata={"description": "Held for orders that are not confirmed yet."})
    undelivered = fields.MoneyField(metadata={"description": "Of confirmed orders, not yet delivered."})
    not_due = fields.MoneyField(metadata={"description": "Open of invoices, not due yet."})
    overdue = fields.MoneyField(metadata={"description": "Open of invoices past their due day."})
    unallocated = fields.MoneyField(metadata={"description": "Money and credit not yet matched."})
    total = fields.MoneyField(negative=True)


class HabitOut(Strict):
    """How a customer paid in the last twelve months; null as long as nothing was paid."""

    since = fields.DateField()
    payments = fields.CountField(metadata={"description": "How often an invoice or a part of it was paid."})
    paid = fields.MoneyField()
    paid_late = fields.MoneyField(metadata={"description": "What of it was paid after its due day."})
    average_days_to_pay = fields.Text(
        max=12, allow_none=True, metadata={"description": "Weighted by amount, from posting to payment."}
    )
    average_days_late = fields.Text(
        max=12, allow_none=True, metadata={"description": "Weighted by amount; what was in time counts 0."}
    )
    late_percent = fields.Text(max=12, allow_none=True, metadata={"description": "paid_late / paid x 100."})


class CreditOut(Strict):
    """A customer's credit."""

    customer_id = fields.IdField()
    number = fields.Text(max=200)
    name = fields.Text(max=1000)
    owner_id = fields.Text(max=64, allow_none=True)
    group = fields.Text(max=40, allow_none=True)
    currency = fields.Text(max=3)
    limit = fields.MoneyField(allow_none=True, metadata={"description": "null: credit is not checked."})
    limit_source = fields.Choice(*LIMIT_SOURCES)
    status = fields.Choice(*STATUSES)
    reasons = fields.ListOf(ReasonOut, least=0, metadata={"description": "The decisive one first."})
    exposure = fields.Nested(ExposureOut)
    room = fields.MoneyField(negative=True, allow_none=True)
    used_percent = fields.CountField(least=-(2**31), allow_none=True)
    waiting = fields.MoneyField(metadata={"description": "Asked for by orders that wait for credit."})
    waiting_orders = fields.CountField()
    oldest_due_on = fields.DateField(allow_none=True)
    days_overdue = fields.CountField()
    policy_version = fields.CountField(least=1)
    habit = fields.Nested(HabitOut)


class DeliveryCheckIn(Strict):
    """When credit is asked once more before goods leave, and from which status on they stay in the house."""

    when = fields.Choice(
        "never",
        "always",
        "after_days",
        required=True,
        metadata={"description": "after_days: once the order was confirmed so many days ago."},
    )
    days = fields.CountField(least=1, most=MOST_DAYS, load_default=None, allow_none=True)
    from_status = fields.Choice(
        "hold", "stop", load_default="hold", metadata={"description": "stop: only a stop keeps goods back."}
    )


class CreditPolicyIn(Strict):
    """From where on a customer is watched, and from where on no more credit is given."""

    watch_percent = fields.CountField(
        least=1, most=100, required=True, metadata={"description": "Watched: so much of the limit is used."}
    )
    watch_overdue_days = fields.CountField(
        most=MOST_DAYS,
        required=True,
        allow_none=True,
        metadata={"description": "Watched: overdue by so many days or more. null: never for that."},
    )
    grace_days = fields.CountField(
        most=MOST_DAYS,
        required=True,
        allow_none=True,
        metadata={"description": "On hold: overdue by more days than these. null: never for that."},
    )
    delivery_check = fields.Nested(
        DeliveryCheckIn,
        load_default=None,
        allow_none=True,
        metadata={"description": "Left out or null: as it is."},
    )


class CreditPolicyOut(CreditPolicyIn):
    """The policy that applies now."""

    version = fields.CountField(least=1)
    delivery_check = fields.Nested(DeliveryCheckIn, attribute="delivery")


class GroupLimitIn(Strict):
    """What the customers of a group are trusted with in a currency, as far as they have no limit of their own."""

    group = fields.Text(max=40, required=True)
    currency = fields.CurrencyField(required=True)
    limit = fields.MoneyField(
        required=True, allow_none=True, metadata={"description": "null: credit is not checked."}
    )
    active = fields.Flag(
        load_default=True,
        metadata={"description": "false: takes it back; the company's default counts again."},
    )


class GroupLimitOut(Strict):
    """A group's limit."""

    group = fields.Text(max=40)
    currency = fields.Text(max=3)
    limit = fields.MoneyField(allow_none=True)
    active = fields.Flag()
    version = fields.CountField(least=1)


class ExpectedPaymentIn(Strict):
    """Money that is expected."""

    amount = fields.MoneyField(required=True)
    received_on = fields.DateField(metadata={"description": "Left out: on the day that is asked about."})


class WhatIfIn(Strict):
    """An order of so much, and what is paid until the day."""

    customer_id = fields.IdField(required=True)
    order_amount = fields.MoneyField(required=True)
    payments = fields.ListOf(ExpectedPaymentIn, least=0, most=MOST_PAYMENTS)
    on = fields.DateField(metadata={"description": "Left out: today. Not in the past."})


class WhatIfOut(Strict):
    """How the customer would stand then, with the order if it is granted."""

    on = fields.DateField()
    granted = fields.Flag(metadata={"description": "false: the order would wait."})
    status = fields.Choice(*STATUSES, attribute="standing.status")
    reasons = fields.ListOf(ReasonOut, least=0, attribute="standing.reasons")
    exposure = fields.MoneyField(negative=True)
    limit = fields.MoneyField(allow_none=True)
    room = fields.MoneyField(negative=True, allow_none=True)
    shortfall = fields.MoneyField(
        metadata={"description": "What must come free for it and for those that wait before it."}
    )
    position = fields.CountField(least=1, metadata={"description": "Its place among those that wait."})
    overdue = fields.MoneyField()
    oldest_due_on = fields.DateField(allow_none=True)


@account_credit.query(
    "/<uuid:customer_id>/credit", answer=CreditOut, roles=READERS, summary="How a customer stands"
)
def show_credit(connection: Connection, customer_id: str) -> CreditView:
    """Show whose limit it is, what it is used for, the status with its reasons, and how the customer pays."""
    return credit_of(connection, customer_id, company_terms(), company_day(), only_owner=only_owner())


@account_credit.command(
    "POST",
    "/<uuid:customer_id>/inherit-credit-limit",
    answer=CreditOut,
    roles=CREDIT_DECIDERS,
    summary="Take the customer's own limit away",
)
def inherit(tx: Transaction, customer_id: str) -> CreditView:
    """Let the limit of the group, or the company's default, count again; orders that then fit are granted."""
    terms = company_terms()
    inherit_limit(tx, InheritLimit(customer_id, expected_version()), terms)
    return credit_of(tx.connection, customer_id, terms, terms.today(tx.now), only_owner=None)


@credit_policies.query("/", answer=CreditPolicyOut, roles=READERS, summary="The credit policy")
def show_policy(connection: Connection) -> CreditPolicy:
    """Show from where on customers are watched, and on hold."""
    return credit_policy(connection, company_terms())


@credit_policies.command(
    "PUT",
    "/",
    body=CreditPolicyIn,
    answer=CreditPolicyOut,
    roles=CREDIT_DECIDERS,
    summary="Set the credit policy",
)
def put_policy(tx: Transaction, body: dict[str, Any]) -> CreditPolicy:
    """Set the policy from now on; who waits and is let through by it is granted within minutes."""
    check = body["delivery_check"]
    command = SetCreditPolicy(
        body["watch_percent"],
        body["watch_overdue_days"],
        body["grace_days"],
        expected_version(),
        None if check is None else DeliveryCheck(**check),
    )
    return set_credit_policy(tx, command, company_terms())


@group_limits.query("/", answer=GroupLimitOut, roles=READERS, paged=True, summary="List limits of groups")
def index_groups(connection: Connection, page: PageRequest) -> Page:
    """List what groups are trusted with, by name."""
    rows = list_group_limits(connection, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.group, row.currency))


@group_limits.command(
    "PUT",
    "/",
    body=GroupLimitIn,
    answer=GroupLimitOut,
    roles=CREDIT_DECIDERS,
    summary="Set a group's limit",
)
def put_group(tx: Transaction, body: dict[str, Any]) -> GroupLimit:
    """Give the limit to all customers of the group without one of their own; who waits and then fits is granted."""
    return set_group_limit(tx, SetGroupLimit(**body), company_terms())


@what_ifs.command(
    "POST", "/", body=WhatIfIn, answer=WhatIfOut, roles=READERS, summary="What would become of an order"
)
def ask(tx: Transaction, body: dict[str, Any]) -> Outlook:
    """Tell whether an order would be granted on a day, after these payments; nothing is changed."""
    today = company_day()
    on: date = body.get("on") or today
    payments = tuple(
        ExpectedPayment(each["amount"], each.get("received_on") or on) for each in body.get("payments", ())
    )
    question = Question(body["order_amount"], on, payments)
    return what_if(
        tx.connection, body["customer_id"], question, company_terms(), today, only_owner=only_owner()
    )
