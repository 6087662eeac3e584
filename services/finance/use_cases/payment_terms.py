"""Define payment terms, and say which customer pays by which."""

from __future__ import annotations

from dataclasses import dataclass, replace

from libs.common.db import Transaction
from libs.common.errors import VersionMismatch
from services.finance.domain.payment_terms import PaymentTerms, PaymentTermsNotFound, TermsPart
from services.finance.store import dues
from services.finance.use_cases.accounts import lock_account


@dataclass(frozen=True)
class DefineTerms:
    """Terms of a name, or their next version; those that are not ``active`` count for nobody any more."""

    name: str
    parts: tuple[TermsPart, ...]
    active: bool = True
    expected_version: int | None = None
    discount_bp: int = 0
    discount_days: int = 0


@dataclass(frozen=True)
class AssignTerms:
    """By which terms a customer pays; ``None``: by the company's days."""

    customer_id: str
    name: str | None


def define_terms(tx: Transaction, command: DefineTerms) -> PaymentTerms:
    """Store the next version; invoices that are posted keep their days."""
    now = dues.find_terms(tx.connection, command.name)
    version = 0 if now is None else now.version
    if command.expected_version not in (None, version):
        raise VersionMismatch(f"the terms {command.name} are at version {version}")
    off = (command.discount_bp, command.discount_days)
    new = PaymentTerms(command.name, version + 1, command.parts, command.active, *off)
    if now is not None and replace(new, version=version) == now:
        return now
    dues.add_terms(tx, new)
    return new


def assign_terms(tx: Transaction, command: AssignTerms) -> str | None:
    """Let invoices that are posted from now on fall due by the terms."""
    lock_account(tx, command.customer_id)
    if command.name is not None:
        found = dues.find_terms(tx.connection, command.name)
        if found is None or not found.active:
            raise PaymentTermsNotFound(f"there are no terms {command.name}", field="terms")
    if dues.terms_name_of(tx.connection, command.customer_id) != command.name:
        dues.set_terms_of(tx, command.customer_id, command.name)
    return command.name
