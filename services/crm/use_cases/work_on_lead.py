"""Work on a lead: change it, give it away, disqualify it, merge it with its twin, make a customer of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from libs.common.db import Transaction
from libs.common.errors import VersionMismatch
from libs.common.money import Money
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.crm.domain import lead as rules
from services.crm.domain.customer import Customer, visible_to
from services.crm.domain.identity import keys_of
from services.crm.domain.lead import Lead, Reason, visible_lead
from services.crm.domain.ownership import Registrar
from services.crm.domain.sight import Owners
from services.crm.events import LeadDisqualified, LeadMerged, LeadOwnerChanged, LeadQualified
from services.crm.store import contacts, customers, leads
from services.crm.use_cases.add_contact import AddContact, add_contact
from services.crm.use_cases.open_opportunity import OpenOpportunity, known_campaign, open_opportunity
from services.crm.use_cases.register_customer import RegisterCustomer, register_customer


@dataclass(frozen=True)
class AboutLead:
    """Which one, by whom; ``owners`` are the salespeople whose leads the caller sees."""

    lead_id: str
    by: Registrar
    owners: Owners = None
    expected_version: int | None = None


@dataclass(frozen=True)
class Qualify:
    """What a lead becomes: a customer of ``currency``, or ``customer_id``'s, with an opportunity."""

    currency: str
    customer_id: str | None = None
    title: str | None = None
    value: Money | None = None
    expected_close_on: date | None = None
    lines: tuple[tuple[str, Quantity], ...] = ()


def change_lead(tx: Transaction, about: AboutLead, changes: Mapping[str, Any]) -> Lead:
    """Change what is known of an open lead."""
    before = _locked(tx, about)
    rules.require_open(before, "changed")
    known_campaign(tx, changes.get("campaign_id"))
    after = replace(before, **changes)
    return before if after == before else leads.save(tx.connection, after)


def assign_lead(tx: Transaction, about: AboutLead, owner_id: str | None) -> Lead:
    """Give an open lead to another salesperson and tell of it; to the same one tells nothing."""
    before = _locked(tx, about)
    rules.require_open(before, "given away")
    return before if before.owner_id == owner_id else give_lead(tx, before, owner_id)


def give_lead(tx: Transaction, locked: Lead, owner_id: str | None) -> Lead:
    """Give a lead that this transaction holds to another salesperson and tell of it."""
    saved = leads.save(tx.connection, replace(locked, owner_id=owner_id))
    publish(tx, LeadOwnerChanged(saved.id, owner_id, locked.owner_id))
    return saved


def disqualify_lead(tx: Transaction, about: AboutLead, reason: Reason, detail: str | None) -> Lead:
    """Say that it will not become a customer, and why."""
    saved = leads.save(tx.connection, rules.disqualified(_locked(tx, about), reason, detail, tx.now))
    publish(tx, LeadDisqualified(saved.id, saved.number, str(reason)))
    return saved


def merge_leads(tx: Transaction, about: AboutLead, gone_id: str) -> Lead:
    """Let ``gone_id`` go on as the lead that this is about, with everything that hangs on it.

    Both are locked in the order of their ids: of two merges of the same leads, whichever way round, one wins.
    """
    locked = leads.lock_all(tx.connection, {about.lead_id, gone_id})
    kept = _expected(visible_lead(locked.get(about.lead_id), about.owners), about)
    gone = visible_lead(locked.get(gone_id), about.owners, "lead_id")
    fuller, merged = rules.merged(kept, gone, tx.now)
    leads.save(tx.connection, merged)
    saved = leads.save(tx.connection, fuller)
    leads.move_all(tx.connection, gone.id, kept.id)
    publish(tx, LeadMerged(gone.id, gone.number, kept.id))
    return saved


def qualify_lead(tx: Transaction, about: AboutLead, command: Qualify) -> Lead:
    """Make the customer (or take the one named), its contact and an opportunity, and hand over all activities."""
    before = _locked(tx, about)
    rules.require_open(before, "qualified")
    customer = _customer(tx, before, about, command)
    contact_id = _contact(tx, before, customer, about.owners)
    opportunity = open_opportunity(
        tx,
        OpenOpportunity(
            customer_id=customer.id,
            title=command.title or before.company_name,
            by=about.by.subject,
            value=command.value,
            source=before.source,
            campaign_id=before.campaign_id,
            expected_close_on=command.expected_close_on,
            lines=command.lines,
        ),
    )
    became = rules.qualified(before, customer.id, contact_id, opportunity.id, tx.now)
    saved = leads.save(tx.connection, became)
    leads.hand_over_activities(tx.connection, saved)
    told = LeadQualified(
        lead_id=saved.id,
        number=saved.number,
        customer_id=customer.id,
        opportunity_id=opportunity.id,
        contact_id=contact_id,
        campaign_id=saved.campaign_id,
        source=saved.source,
    )
    publish(tx, told)
    return saved


def _customer(tx: Transaction, lead: Lead, about: AboutLead, command: Qualify) -> Customer:
    if command.customer_id is not None:
        return visible_to(customers.find(tx.connection, command.customer_id), about.owners)
    new = RegisterCustomer(
        name=lead.company_name,
        currency=command.currency,
        owner_id=lead.owner_id or (None if about.by.assigns else about.by.subject),
        country=lead.country,
        city=lead.city,
        phone=lead.phone,
        email=lead.email,
    )
    return register_customer(tx, new, by=about.by)


def _contact(tx: Transaction, lead: Lead, customer: Customer, owners: Owners) -> str | None:
    """Return the contact of the lead's person: one that the customer has already, by mail, or a new one."""
    if lead.person is None:
        return None
    known = contacts.known_by_mail(tx.connection, customer.id, keys_of(email=lead.email))
    if known is not None:
        return known
    return add_contact(tx, AddContact(customer.id, lead.person, lead.email, lead.phone, owners=owners)).id


def _locked(tx: Transaction, about: AboutLead) -> Lead:
    return _expected(visible_lead(leads.lock(tx.connection, about.lead_id), about.owners), about)


def _expected(lead: Lead, about: AboutLead) -> Lead:
    if about.expected_version not in (None, lead.version):
        raise VersionMismatch(f"{lead.number} is at version {lead.version}")
    return lead
