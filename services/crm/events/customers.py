"""What happens to customers and their contacts."""

from __future__ import annotations

from dataclasses import dataclass, field

from libs.common.envelope import event
from libs.common.forms import ToldField


@event("crm.customer.registered.v1", key="customer_id")
@dataclass(frozen=True)
class CustomerRegistered:
    """There is a new customer; ``owner_id`` is the salesperson, ``currency`` the one of all its documents.

    ``group`` and ``region`` are what prices may be made for; ``fields`` is what it says of the company's own form.
    """

    customer_id: str
    number: str
    name: str
    currency: str
    owner_id: str | None = None
    country: str | None = None
    city: str | None = None
    active: bool = True
    group: str | None = None
    region: str | None = None
    fields: dict[str, str] = field(default_factory=dict)


@event("crm.customer.details_changed.v1", key="customer_id")
@dataclass(frozen=True)
class CustomerDetailsChanged:
    """Something about a customer changed; all fields carry the present values."""

    customer_id: str
    number: str
    name: str
    currency: str
    owner_id: str | None = None
    country: str | None = None
    city: str | None = None
    active: bool = True
    group: str | None = None
    region: str | None = None
    fields: dict[str, str] = field(default_factory=dict)


@event("crm.customer.owner_changed.v1", key="customer_id")
@dataclass(frozen=True)
class CustomerOwnerChanged:
    """A customer went from one salesperson to another; ``None`` is nobody."""

    customer_id: str
    owner_id: str | None = None
    previous_owner_id: str | None = None


@event("crm.contact.added.v1", key="customer_id")
@dataclass(frozen=True)
class ContactAdded:
    """There is a new person to talk to at a customer."""

    contact_id: str
    customer_id: str
    name: str
    email: str | None = None
    phone: str | None = None
    role: str | None = None


@event("crm.form.defined.v1", key="form_id")
@dataclass(frozen=True)
class FormDefined:
    """The company's own form of ``document`` has a new version; all its fields, also those that are retired."""

    form_id: str
    document: str
    version: int
    fields: tuple[ToldField, ...]
    defined_by: str
