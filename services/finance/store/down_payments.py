"""Down payments: what of them no invoice has deducted is taken by conditional updates."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import BigInteger, Connection, bindparam, func, insert, select, update

from libs.common.db import Prepared, rows_among
from libs.common.money import Money
from services.finance.domain.down_payment import DownPayment, DownPaymentLine
from services.finance.domain.taxes import Deduction
from services.finance.store.billing_tables import down_payment, invoice_deduction
from services.finance.store.exchange import company_of, company_values
from services.finance.store.tables import invoice_line
from services.finance.store.taxes import tax_of, tax_values

_FIND = Prepared(select(down_payment).where(down_payment.c.order_id == bindparam("b_order_id")))
_LINES = Prepared(
    select(invoice_line)
    .where(invoice_line.c.invoice_id == bindparam("b_invoice_id"))
    .order_by(invoice_line.c.line_no)
)
_ADD = Prepared(insert(down_payment))
_ADD_DEDUCTIONS = Prepared(insert(invoice_deduction))
_NET, _TAX = (bindparam(name, type_=BigInteger) for name in ("b_net", "b_tax"))
_TAKE = Prepared(
    update(down_payment)
    .where(
        down_payment.c.order_id == bindparam("b_order_id"),
        down_payment.c.left_net_minor >= _NET,
        down_payment.c.left_tax_minor >= _TAX,
    )
    .values(
        left_net_minor=down_payment.c.left_net_minor - _NET,
        left_tax_minor=down_payment.c.left_tax_minor - _TAX,
    )
)


def find(connection: Connection, order_id: str) -> DownPayment | None:
    """Return the order's down payment with its lines; its customer's account must be locked."""
    row = connection.execute(_FIND, {"b_order_id": order_id}).one_or_none()
    if row is None:
        return None
    lines = connection.execute(_LINES, {"b_invoice_id": row.invoice_id})
    return DownPayment(
        order_id=row.order_id,
        invoice_id=row.invoice_id,
        left_net=Money(row.left_net_minor, row.currency),
        left_tax=Money(row.left_tax_minor, row.currency),
        net=Money(row.net_minor, row.currency),
        company_net=company_of(row),
        lines=tuple(
            DownPaymentLine(
                each.order_line_id, Money(each.amount_minor, row.currency), tax_of(each, row.currency)
            )
            for each in lines
        ),
    )


def add(connection: Connection, new: DownPayment) -> None:
    """Insert a down payment of which nothing is deducted yet; its invoice must be there."""
    values = {
        "order_id": new.order_id,
        "invoice_id": new.invoice_id,
        "currency": new.left_net.currency,
        "net_minor": new.left_net.minor,
        "left_net_minor": new.left_net.minor,
        "left_tax_minor": new.left_tax.minor,
        **company_values(new.company_net),
    }
    connection.execute(_ADD, [values])


def take(connection: Connection, order_id: str, net: Money, tax: Money) -> bool:
    """Take so much off what is left of the down payment; false when so much is not left."""
    wanted = {"b_order_id": order_id, "b_net": net.minor, "b_tax": tax.minor}
    return connection.execute(_TAKE, wanted).rowcount == 1


def add_deductions(connection: Connection, invoice_id: str, new: Sequence[Deduction]) -> None:
    """Insert what an invoice deducts, line by line of its order."""
    rows = [
        {
            "invoice_id": invoice_id,
            "order_line_id": each.order_line_id,
            "amount_minor": each.amount.minor,
            **tax_values(each.tax),
        }
        for each in new
    ]
    if rows:
        connection.execute(_ADD_DEDUCTIONS, rows)


def deductions_of(connection: Connection, invoice_id: str, currency: str) -> tuple[Deduction, ...]:
    """Return what an invoice deducts."""
    query = (
        select(invoice_deduction)
        .where(invoice_deduction.c.invoice_id == invoice_id)
        .order_by(invoice_deduction.c.order_line_id)
    )
    return tuple(
        Deduction(row.order_line_id, Money(row.amount_minor, currency), tax_of(row, currency))
        for row in connection.execute(query)
    )


def deducted(connection: Connection, order_line_ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return what invoices have deducted for order lines, without tax and in tax, in minor units."""
    cut = invoice_deduction.c
    query = select(
        cut.order_line_id, func.sum(cut.amount_minor).label("net"), func.sum(cut.tax_minor).label("tax")
    ).group_by(cut.order_line_id)
    rows = rows_among(connection, query, cut.order_line_id, order_line_ids)
    return {row.order_line_id: (int(row.net), int(row.tax)) for row in rows}
