"""What is open and by when it is to be paid, instalment by instalment: what is paid pays what falls due first.

An instalment keeps what falls due after it, so what is open of it follows from what is open of its invoice: nothing
has to be moved as money comes. An invoice without instalments falls due as a whole.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, case, func, insert, literal, select

from libs.common.db import Prepared, Transaction, above_zero
from libs.common.money import Money
from services.finance.domain.payment_terms import Instalment, PaymentTerms, TermsPart
from services.finance.domain.what_if import Due
from services.finance.store.dues_tables import customer_terms, invoice_instalment, payment_terms
from services.finance.store.tables import invoice

PART = invoice_instalment
DUE_ON: ColumnElement[Any] = func.coalesce(PART.c.due_on, invoice.c.due_on)


def open_part(open_: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return what is open of an instalment (or of the whole, where there is none) when ``open_`` is of the invoice."""
    return case(
        (PART.c.number.is_(None), open_),
        (open_ <= PART.c.later_minor, literal(0)),
        (open_ >= PART.c.later_minor + PART.c.amount_minor, PART.c.amount_minor),
        else_=open_ - PART.c.later_minor,
    )


OPEN = open_part(invoice.c.open_minor)
NOT_PAID = above_zero(invoice.c.open_minor)
IS_OPEN = NOT_PAID & (OPEN > 0)
WITH_PARTS = invoice.outerjoin(PART, PART.c.invoice_id == invoice.c.id)
_OF_CUSTOMER = invoice.c.customer_id == bindparam("b_customer_id")
_OPEN_OF = Prepared(
    select(DUE_ON.label("due_on"), OPEN.label("open_minor"), invoice.c.currency)
    .select_from(WITH_PARTS)
    .where(_OF_CUSTOMER, IS_OPEN)
    .order_by(DUE_ON)
)
_OLDEST = Prepared(select(func.min(DUE_ON)).select_from(WITH_PARTS).where(_OF_CUSTOMER, IS_OPEN))
_TERMS_OF = Prepared(
    select(customer_terms.c.terms_name)
    .where(customer_terms.c.customer_id == bindparam("b_customer_id"))
    .order_by(customer_terms.c.id.desc())
    .limit(1)
)
_TERMS = Prepared(
    select(payment_terms)
    .where(payment_terms.c.name == bindparam("b_name"))
    .order_by(payment_terms.c.version.desc())
    .limit(1)
)
_ADD = Prepared(insert(invoice_instalment))


def open_of(connection: Connection, customer_id: str) -> list[Due]:
    """Return the customer's open amounts, what falls due first first."""
    rows = connection.execute(_OPEN_OF, {"b_customer_id": customer_id})
    return [Due(row.due_on, Money(row.open_minor, row.currency)) for row in rows]


def oldest_due_on(connection: Connection, customer_id: str) -> Any:
    """Return the day by which the customer's oldest open amount was or is to be paid; ``None``: nothing is open."""
    return connection.execute(_OLDEST, {"b_customer_id": customer_id}).scalar_one()


def parts_of(connection: Connection, invoice_id: str, currency: str) -> list[Instalment]:
    """Return the instalments of an invoice, none where it falls due as a whole."""
    query = select(PART).where(PART.c.invoice_id == invoice_id).order_by(PART.c.number)
    return [
        Instalment(
            row.number, row.due_on, Money(row.amount_minor, currency), Money(row.later_minor, currency)
        )
        for row in connection.execute(query)
    ]


def add_parts(
    connection: Connection, invoice_id: str, parts: tuple[Instalment, ...], terms: PaymentTerms
) -> None:
    """Store the instalments of an invoice."""
    by = {"invoice_id": invoice_id, "terms_name": terms.name, "terms_version": terms.version}
    rows = [
        by
        | {
            "number": part.number,
            "due_on": part.due_on,
            "amount_minor": part.amount.minor,
            "later_minor": part.later.minor,
        }
        for part in parts
    ]
    connection.execute(_ADD, rows)


def terms_name_of(connection: Connection, customer_id: str) -> str | None:
    """Return the name of the terms by which a customer pays; ``None``: by the company's days."""
    found: str | None = connection.execute(_TERMS_OF, {"b_customer_id": customer_id}).scalar_one_or_none()
    return found


def terms_of(connection: Connection, customer_id: str) -> PaymentTerms | None:
    """Return the terms by which a customer pays as they are now; ``None``: by the company's days."""
    name = terms_name_of(connection, customer_id)
    found = None if name is None else find_terms(connection, name)
    return found if found is not None and found.active else None


def find_terms(connection: Connection, name: str) -> PaymentTerms | None:
    """Return the last version of the terms of a name."""
    row = connection.execute(_TERMS, {"b_name": name}).one_or_none()
    return None if row is None else to_terms(row)


def to_terms(row: Any) -> PaymentTerms:
    """Return the terms of a row of the table."""
    parts = tuple(TermsPart(**part) for part in row.parts)
    return PaymentTerms(row.name, row.version, parts, bool(row.active), row.discount_bp, row.discount_days)


def current_terms() -> Select[Any]:
    """Select the last version of all terms."""
    later = payment_terms.alias()
    newer = select(later.c.version).where(
        later.c.name == payment_terms.c.name, later.c.version > payment_terms.c.version
    )
    return select(payment_terms).where(~newer.exists())


def add_terms(tx: Transaction, new: PaymentTerms) -> None:
    """Store the next version of terms; one that another has stored meanwhile breaks the key."""
    tx.connection.execute(
        insert(payment_terms).values(
            name=new.name,
            version=new.version,
            parts=[vars(part) for part in new.parts],
            active=new.active,
            discount_bp=new.discount_bp,
            discount_days=new.discount_days,
            set_by=tx.cause.actor,
            set_at=tx.now,
        )
    )


def set_terms_of(tx: Transaction, customer_id: str, name: str | None) -> None:
    """Let a customer pay by these terms from now on, or by the company's days again."""
    tx.connection.execute(
        insert(customer_terms).values(
            id=tx.new_id(),
            customer_id=customer_id,
            terms_name=name,
            set_by=tx.cause.actor,
            set_at=tx.now,
        )
    )
