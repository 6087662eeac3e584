"""Dunning over HTTP: the policy, whom it is time to remind, the reminders and their letters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, expected_version, fields
from services.finance.api.company import company_day, company_terms
from services.finance.api.who import BOOKKEEPERS, CREDIT_DECIDERS, READERS, only_owner
from services.finance.domain.dunning import MOST_DAYS, MOST_LEVELS, DunningLevel, DunningPolicy
from services.finance.domain.letters import Letter
from services.finance.reports.dunning import (
    ReminderSearch,
    ReminderView,
    letter_of,
    list_reminders,
    one_reminder,
    policy_now,
)
from services.finance.reports.dunning import proposals as proposals_of
from services.finance.use_cases.dunning import SetPolicy, remind, remind_all, set_policy

MOST_AT_ONCE = 50

dunning = Noun("dunning", "/api/v1/dunning", description="Reminders of what is overdue")


class LevelSchema(Strict):
    """A level: from how many days past due, and whether the customer gets no more credit then."""

    after_days = fields.CountField(least=1, most=MOST_DAYS, required=True)
    stops_credit = fields.Flag(load_default=False)


class PolicyIn(Strict):
    """The levels in their order, and the days that lie at least between two reminders of an invoice."""

    levels = fields.ListOf(LevelSchema, most=MOST_LEVELS, required=True)
    days_between = fields.CountField(most=MOST_DAYS, required=True)
    automatic = fields.Flag(
        load_default=False, metadata={"description": "true: what is due is issued by itself, every hour."}
    )


class PolicyOut(PolicyIn):
    """The policy that applies now."""

    version = fields.CountField(least=1)


class LineOut(Strict):
    """An overdue invoice, at the level that it has reached; ``raised`` by this reminder."""

    invoice_id = fields.IdField()
    number = fields.Text(max=20)
    order_number = fields.Text(max=200)
    due_on = fields.DateField()
    days_overdue = fields.CountField(least=1)
    open = fields.MoneyField()
    level = fields.CountField(least=1)
    raised = fields.Flag()


class ProposalOut(Strict):
    """A customer whom it is time to remind, and what the reminder would say."""

    customer_id = fields.IdField()
    customer_number = fields.Text(max=200)
    customer_name = fields.Text(max=1000)
    level = fields.CountField(least=1)
    stops_credit = fields.Flag()
    total = fields.MoneyField()
    lines = fields.ListOf(LineOut)


class ReminderIn(Strict):
    """Whom to remind."""

    customer_id = fields.IdField(required=True)


class ReminderFilter(Strict):
    """Whose reminders."""

    customer_id = fields.IdField()


class ReminderOut(Strict):
    """A reminder that was issued."""

    id = fields.IdField()
    number = fields.Text(max=20)
    customer_id = fields.IdField()
    customer_number = fields.Text(max=200)
    customer_name = fields.Text(max=1000)
    level = fields.CountField(least=1)
    policy_version = fields.CountField(least=1)
    issued_on = fields.DateField()
    total = fields.MoneyField()
    lines = fields.ListOf(LineOut)


class RunIn(Strict):
    """Everybody whom it is time to remind."""


class RunOut(Strict):
    """What a run issued; with ``more`` there are others, for the next run."""

    issued = fields.ListOf(fields.Text(max=20), least=0)
    more = fields.Flag()


class LetterFilter(Strict):
    """In which language."""

    language = fields.Choice("en", "zh", load_default="en")


class LetterOut(Strict):
    """The text that goes with a reminder."""

    language = fields.Choice("en", "zh")
    subject = fields.Text(max=2000)
    body = fields.Text(max=1_000_000)


@dataclass(frozen=True)
class Run:
    """The numbers of the reminders that a run issued."""

    issued: tuple[str, ...]
    more: bool


@dunning.query("/policy", answer=PolicyOut, roles=READERS, summary="The dunning policy")
def show_policy(connection: Connection) -> DunningPolicy:
    """Show the levels that apply now."""
    return policy_now(connection)


@dunning.command(
    "PUT", "/policy", body=PolicyIn, answer=PolicyOut, roles=CREDIT_DECIDERS, summary="Set the dunning policy"
)
def put_policy(tx: Transaction, body: dict[str, Any]) -> DunningPolicy:
    """Set the levels from now on; reminders that were issued stay as they are."""
    levels = tuple(DunningLevel(**level) for level in body["levels"])
    command = SetPolicy(levels, body["days_between"], body.get("automatic", False), expected_version())
    return set_policy(tx, command)


@dunning.query(
    "/proposals", answer=ProposalOut, roles=BOOKKEEPERS, paged=True, summary="Whom it is time to remind"
)
def proposals(connection: Connection, page: PageRequest) -> Page:
    """List the customers whom it is time to remind today, and what each reminder would say."""
    rows = proposals_of(connection, company_day(), after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.customer_id,))


@dunning.command(
    "POST",
    "/reminders",
    body=ReminderIn,
    answer=ReminderOut,
    status=201,
    roles=BOOKKEEPERS,
    location="/api/v1/dunning/reminders/{id}",
    summary="Remind a customer",
)
def issue(tx: Transaction, body: dict[str, Any]) -> ReminderView:
    """Issue the next reminder of a customer; refused when it is not time for one."""
    issued = remind(tx, body["customer_id"], company_terms())
    return one_reminder(tx.connection, issued.reminder_id)


@dunning.command(
    "POST",
    "/runs",
    body=RunIn,
    answer=RunOut,
    roles=BOOKKEEPERS,
    summary="Remind all whom it is time to remind",
)
def run(tx: Transaction, _body: dict[str, Any]) -> Run:
    """Issue the reminders of up to 50 customers at once; run it again while there are more."""
    issued, more = remind_all(tx, company_terms(), MOST_AT_ONCE)
    return Run(tuple(each.number for each in issued), more)


@dunning.query(
    "/reminders",
    answer=ReminderOut,
    roles=READERS,
    filters=ReminderFilter,
    paged=True,
    summary="Find reminders",
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List reminders, newest first."""
    wanted = ReminderSearch(filters.get("customer_id"), only_owner())
    rows = list_reminders(connection, wanted, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.id,))


@dunning.query(
    "/reminders/<uuid:reminder_id>", answer=ReminderOut, roles=READERS, summary="Look at a reminder"
)
def show(connection: Connection, reminder_id: str) -> ReminderView:
    """Show a reminder."""
    return one_reminder(connection, reminder_id, only_owner=only_owner())


@dunning.query(
    "/reminders/<uuid:reminder_id>/letter",
    answer=LetterOut,
    roles=READERS,
    filters=LetterFilter,
    summary="The letter of a reminder",
)
def letter(connection: Connection, filters: dict[str, Any], reminder_id: str) -> Letter:
    """Show the text that goes with a reminder, in English or Chinese."""
    return letter_of(connection, reminder_id, filters.get("language", "en"), only_owner=only_owner())
