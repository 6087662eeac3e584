"""Campaigns with their costs and members, and web forms: load, lock, add, save."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from libs.common.db import Transaction, upsert_into
from libs.common.errors import VersionMismatch
from libs.common.money import Money
from services.crm.domain.campaign import Campaign, Cost, Member
from services.crm.domain.web_form import WebForm
from services.crm.store.lead_tables import campaign, campaign_cost, campaign_member, web_form, web_form_hour


def read(row: Any) -> Campaign:
    """Return the campaign in a row of its table."""
    told = row._asdict()
    currency = told.pop("currency")
    budget, cost = (Money(told.pop(f"{name}_minor"), currency) for name in ("budget", "cost"))
    return Campaign(budget=budget, cost=cost, **told)


def find(connection: Connection, campaign_id: str) -> Campaign | None:
    """Return the campaign, or nothing."""
    row = connection.execute(select(campaign).where(campaign.c.id == campaign_id)).one_or_none()
    return read(row) if row else None


def lock(connection: Connection, campaign_id: str) -> Campaign | None:
    """Return the campaign, or nothing, and keep it to this transaction."""
    query = select(campaign).where(campaign.c.id == campaign_id).with_for_update(key_share=True)
    row = connection.execute(query).one_or_none()
    return read(row) if row else None


def add(connection: Connection, new: Campaign) -> bool:
    """Store a new campaign; false when its code is taken."""
    statement = upsert_into(connection, campaign).values(**_values(new))
    statement = statement.on_conflict_do_nothing(index_elements=["code"]).returning(campaign.c.id)
    return connection.execute(statement).one_or_none() is not None


def save(connection: Connection, changed: Campaign) -> Campaign:
    """Store the changed campaign as its next version; ``VersionMismatch`` when somebody was faster."""
    values = _values(changed) | {"version": changed.version + 1}
    statement = update(campaign).where(campaign.c.id == changed.id, campaign.c.version == changed.version)
    if connection.execute(statement.values(**values)).rowcount != 1:
        raise VersionMismatch(f"campaign {changed.code} was changed meanwhile")
    return replace(changed, version=changed.version + 1)


def read_cost(row: Any) -> Cost:
    """Return the entry in a row of its table."""
    told = row._asdict()
    return Cost(amount=Money(told.pop("amount_minor"), told.pop("currency")), **told)


def find_cost(connection: Connection, campaign_id: str, cost_id: str) -> Cost | None:
    """Return the entry of the campaign, or nothing."""
    query = select(campaign_cost).where(
        campaign_cost.c.id == cost_id, campaign_cost.c.campaign_id == campaign_id
    )
    row = connection.execute(query).one_or_none()
    return read_cost(row) if row else None


def add_cost(connection: Connection, new: Cost) -> bool:
    """Store an entry and add it to its campaign; false when what it takes back was taken back before."""
    values = dict(vars(new))
    amount = values.pop("amount")
    values |= {"amount_minor": amount.minor, "currency": amount.currency}
    statement = upsert_into(connection, campaign_cost).values(**values)
    statement = statement.on_conflict_do_nothing(index_elements=["reverses_id"]).returning(campaign_cost.c.id)
    if connection.execute(statement).one_or_none() is None:
        return False
    more = update(campaign).where(campaign.c.id == new.campaign_id)
    connection.execute(more.values(cost_minor=campaign.c.cost_minor + amount.minor))
    return True


def add_member(connection: Connection, new: Member) -> bool:
    """Store a member; false when the campaign addressed them before."""
    statement = upsert_into(connection, campaign_member).values(**vars(new))
    statement = statement.on_conflict_do_nothing().returning(campaign_member.c.id)
    return connection.execute(statement).one_or_none() is not None


def find_member(connection: Connection, campaign_id: str, member_id: str) -> Member | None:
    """Return the member of the campaign, or nothing, kept to this transaction."""
    query = select(campaign_member).where(
        campaign_member.c.id == member_id, campaign_member.c.campaign_id == campaign_id
    )
    row = connection.execute(query.with_for_update()).one_or_none()
    return Member(**row._asdict()) if row else None


def save_answer(connection: Connection, changed: Member) -> None:
    """Store what a member answered."""
    values = {"answer": changed.answer, "answered_at": changed.answered_at}
    connection.execute(update(campaign_member).where(campaign_member.c.id == changed.id).values(**values))


def _values(of: Campaign) -> dict[str, Any]:
    values = dict(vars(of))
    budget, cost = values.pop("budget"), values.pop("cost")
    return values | {"budget_minor": budget.minor, "cost_minor": cost.minor, "currency": budget.currency}


def form_of(connection: Connection, token: str) -> WebForm | None:
    """Return the form that a token stands for, or nothing."""
    row = connection.execute(select(web_form).where(web_form.c.token == token)).one_or_none()
    return WebForm(**row._asdict()) if row else None


def lock_form(connection: Connection, form_id: str) -> WebForm | None:
    """Return the form, or nothing, and keep it to this transaction."""
    query = select(web_form).where(web_form.c.id == form_id).with_for_update(key_share=True)
    row = connection.execute(query).one_or_none()
    return WebForm(**row._asdict()) if row else None


def add_form(connection: Connection, new: WebForm) -> None:
    """Store a new form."""
    connection.execute(insert(web_form).values(**vars(new)))


def save_form(connection: Connection, changed: WebForm) -> WebForm:
    """Store the changed form as its next version; ``VersionMismatch`` when somebody was faster."""
    values = vars(changed) | {"version": changed.version + 1}
    statement = update(web_form).where(web_form.c.id == changed.id, web_form.c.version == changed.version)
    if connection.execute(statement.values(**values)).rowcount != 1:
        raise VersionMismatch("the form was changed meanwhile")
    return replace(changed, version=changed.version + 1)


def count_visit(tx: Transaction, form: WebForm, address: str) -> bool:
    """Count a lead from an address within this hour, in one statement; false when the form takes no more of them."""
    hour: datetime = tx.now.replace(minute=0, second=0, microsecond=0)
    values = {"form_id": form.id, "address": address, "hour": hour, "taken": 1}
    statement = upsert_into(tx.connection, web_form_hour).values(**values)
    statement = statement.on_conflict_do_update(
        index_elements=["form_id", "address", "hour"],
        set_={"taken": web_form_hour.c.taken + 1},
        where=web_form_hour.c.taken < form.per_hour,
    )
    counted = tx.connection.execute(statement.returning(web_form_hour.c.taken)).one_or_none()
    return counted is not None
