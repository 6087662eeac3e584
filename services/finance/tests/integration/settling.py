"""Small ways to write off, to give money back, to say yes to it, and to let a customer pay in parts."""

from __future__ import annotations

from typing import Any

from libs.common.approvals import AboutApproval, DecideApproval, Sight, Voice, decide_approval
from libs.common.db import Database
from services.finance.domain.payment_terms import PaymentTerms, TermsPart
from services.finance.domain.settlement import Refund, WriteOff
from services.finance.tests.builders import TERMS, usd
from services.finance.use_cases.decide_approval import REACTIONS
from services.finance.use_cases.payment_terms import AssignTerms, DefineTerms, assign_terms, define_terms
from services.finance.use_cases.refunds import RequestRefund, request_refund
from services.finance.use_cases.write_offs import (
    RequestWriteOff,
    ReverseWriteOff,
    SetTolerance,
    request_write_off,
    reverse_write_off,
    set_tolerance,
)


def tolerate(database: Database, amount: str) -> None:
    database.transact(lambda tx: set_tolerance(tx, SetTolerance(usd(amount))))


def give_up(database: Database, invoice_id: str, amount: str | None = None) -> WriteOff:
    command = RequestWriteOff(invoice_id, "Too little to ask for", "fin-1", amount and usd(amount))  # type: ignore[arg-type]
    return database.transact(lambda tx: request_write_off(tx, command, TERMS))


def claim_again(database: Database, write_off_id: str) -> WriteOff:
    command = ReverseWriteOff(write_off_id, "They paid after all", "fin-1")
    return database.transact(lambda tx: reverse_write_off(tx, command, TERMS))


def ask_refund(database: Database, amount: str | None = None, **source: str) -> Refund:
    """``source`` is payment_id or credit_note_id."""
    command = RequestRefund("Paid twice", "fin-1", amount=None if amount is None else usd(amount), **source)
    return database.transact(lambda tx: request_refund(tx, command, TERMS))


def say_yes(database: Database, approval_id: str | None) -> Any:
    assert approval_id is not None
    about = AboutApproval(approval_id, Sight((Voice("fin-2", frozenset({"finance"})),), tuple(REACTIONS)))
    yes = DecideApproval(about, "approved")
    return database.transact(lambda tx: decide_approval(tx, yes, REACTIONS, TERMS))


def in_parts(database: Database, customer_id: str) -> PaymentTerms:
    """Let a customer pay a third at once, a third after a month, and the rest at the end of the month after 45 days."""
    parts = (TermsPart(3333, 0), TermsPart(3333, 30), TermsPart(3334, 45, end_of_month=True))
    terms = database.transact(lambda tx: define_terms(tx, DefineTerms("thirds", parts)))
    database.transact(lambda tx: assign_terms(tx, AssignTerms(customer_id, terms.name)))
    return terms
