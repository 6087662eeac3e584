"""That all books say the same: accounts, documents, credit notes and the ledger."""

from __future__ import annotations

from collections import Counter
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Connection, Select, Table, case, func, select, type_coerce

from libs.common.db import Database
from services.finance.store import chart
from services.finance.store.advance_tables import earmark
from services.finance.store.billing_tables import (
    cash_discount,
    cash_discount_part,
    down_payment,
    invoice_deduction,
    travelling,
)
from services.finance.store.credit_tables import (
    credit_allocation,
    credit_note,
    credit_note_line,
    credited_line,
)
from services.finance.store.payables_tables import bought_line, supplier_invoice, supplier_payment
from services.finance.store.settlement_tables import refund, write_off
from services.finance.store.supplier_credit_tables import supplier_credit_note
from services.finance.store.tables import (
    account,
    allocation,
    credit_hold,
    invoice,
    invoice_line,
    journal_entry,
    payment,
    posting,
    sales_order_line,
)

T = TypeVar("T")


def _sums(connection: Connection, query: Select[Any]) -> dict[str, int]:
    return {str(key): int(total) for key, total in connection.execute(query) if total}


def _sum_by(connection: Connection, key: Any, amount: Any, *where: Any) -> dict[str, int]:
    return _sums(connection, select(key, func.sum(amount)).where(*where).group_by(key))


def assert_books_agree(database: Database) -> None:
    """Recompute every running figure from its documents; sub-ledgers equal the control accounts."""
    with database.reading() as connection:
        _assert_accounts(connection)
        _assert_documents(connection)
        _assert_ledger(connection)


def _assert_accounts(connection: Connection) -> None:
    def figure(column: Any) -> dict[str, int]:
        return _sums(connection, select(account.c.customer_id, column))

    assert figure(account.c.held_minor) == _sum_by(
        connection, credit_hold.c.customer_id, credit_hold.c.held_minor
    )
    assert figure(account.c.receivable_minor) == _sum_by(
        connection, invoice.c.customer_id, invoice.c.open_minor
    )
    assert figure(account.c.unallocated_minor) == _added(
        _sum_by(connection, payment.c.customer_id, payment.c.unallocated_minor),
        _sum_by(connection, credit_note.c.customer_id, credit_note.c.unallocated_minor),
    )


def _added(*sums: dict[str, int]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for each in sums:
        total.update(each)
    return {key: amount for key, amount in total.items() if amount}


def _assert_documents(connection: Connection) -> None:
    with_tax = invoice_line.c.amount_minor + invoice_line.c.tax_minor
    lines = _sum_by(connection, invoice_line.c.invoice_id, with_tax)
    cut = invoice_deduction.c.amount_minor + invoice_deduction.c.tax_minor
    deducted = _sum_by(connection, invoice_deduction.c.invoice_id, -cut)
    assert _sums(connection, select(invoice.c.id, invoice.c.total_minor)) == _added(lines, deducted)
    goods = select(invoice.c.id).where(invoice.c.kind == "goods")
    billed = _sum_by(
        connection,
        invoice_line.c.order_line_id,
        invoice_line.c.amount_minor,
        invoice_line.c.invoice_id.in_(goods),
    )
    assert (
        _sums(connection, select(sales_order_line.c.order_line_id, sales_order_line.c.invoiced_minor))
        == billed
    )
    paid = invoice.c.total_minor - invoice.c.open_minor
    by_invoice = _sum_by(connection, allocation.c.invoice_id, allocation.c.amount_minor)
    settled = _sum_by(connection, credit_allocation.c.invoice_id, credit_allocation.c.amount_minor)
    assert _sums(connection, select(invoice.c.id, paid)) == _added(
        by_invoice,
        settled,
        _lost_by(connection, write_off.c.invoice_id),
        _let_off(connection, "granted"),
        _let_off(connection, "reversed", -1),
    )
    kept = _sum_by(connection, earmark.c.payment_id, earmark.c.left_minor)
    assert _sums(connection, select(payment.c.id, payment.c.earmarked_minor)) == kept
    used = payment.c.amount_minor - payment.c.unallocated_minor
    by_payment = _sum_by(connection, allocation.c.payment_id, allocation.c.amount_minor)
    refunded = _refunded(connection, refund.c.payment_id)
    assert _sums(connection, select(payment.c.id, used)) == _added(by_payment, refunded)
    _assert_credit_notes(connection)


def _let_off(connection: Connection, kind: str, sign: int = 1) -> dict[str, int]:
    off = cash_discount.c
    return _sum_by(connection, off.invoice_id, off.amount_minor * sign, off.kind == kind)


def _assert_credit_notes(connection: Connection) -> None:
    with_tax = credit_note_line.c.amount_minor + credit_note_line.c.tax_minor
    lines = _sum_by(connection, credit_note_line.c.credit_note_id, with_tax)
    assert _sums(connection, select(credit_note.c.id, credit_note.c.total_minor)) == lines
    used = credit_note.c.total_minor - credit_note.c.unallocated_minor
    by_note = _sum_by(connection, credit_allocation.c.credit_note_id, credit_allocation.c.amount_minor)
    refunded = _refunded(connection, refund.c.credit_note_id)
    assert _sums(connection, select(credit_note.c.id, used)) == _added(by_note, refunded)
    for counted, documents in (
        (credited_line.c.credited_minor, credit_note_line.c.amount_minor),
        (credited_line.c.credited_tax_minor, credit_note_line.c.tax_minor),
        (type_coerce(credited_line.c.credited_milli, BigInteger), credit_note_line.c.quantity_milli),
    ):
        assert _by_line(connection, credited_line, counted) == _by_line(
            connection, credit_note_line, type_coerce(documents, BigInteger)
        )
    over = select(credited_line).join(
        invoice_line,
        (invoice_line.c.invoice_id == credited_line.c.invoice_id)
        & (invoice_line.c.line_no == credited_line.c.line_no)
        & (
            (invoice_line.c.amount_minor < credited_line.c.credited_minor)
            | (invoice_line.c.quantity_milli < credited_line.c.credited_milli)
        ),
    )
    assert connection.execute(over).all() == []
    numbers = connection.execute(select(credit_note.c.number).order_by(credit_note.c.number)).scalars().all()
    assert numbers == [f"CN-{number:06d}" for number in range(1, len(numbers) + 1)]


def _lost_by(connection: Connection, key: Any) -> dict[str, int]:
    return _sum_by(connection, key, write_off.c.amount_minor, write_off.c.state == "posted")


def _refunded(connection: Connection, key: Any) -> dict[str, int]:
    return _sum_by(connection, key, refund.c.amount_minor, refund.c.state == "posted", key.is_not(None))


def _by_line(connection: Connection, table: Table, amount: Any) -> dict[tuple[str, int], int]:
    query = select(table.c.invoice_id, table.c.line_no, func.sum(amount)).group_by(
        table.c.invoice_id, table.c.line_no
    )
    return {(row[0], row[1]): int(row[2]) for row in connection.execute(query) if row[2]}


def _assert_ledger(connection: Connection) -> None:
    difference = posting.c.debit_minor - posting.c.credit_minor
    assert _sum_by(connection, posting.c.entry_id, difference) == {}
    balances = _by_role(_sum_by(connection, posting.c.account, difference), chart.codes_now(connection))
    assert balances.get("receivable", 0) == _total(connection, account.c.receivable_minor)
    assert -balances.get("advances", 0) == _total(connection, account.c.unallocated_minor)
    paid_out = _total(connection, supplier_payment.c.amount_minor)
    back = sum(_refunded(connection, refund.c.id).values())
    assert balances.get("bank", 0) == _total(connection, payment.c.amount_minor) - paid_out - back
    received = _total(connection, bought_line.c.received_minor)
    on_its_way = _total(connection, travelling.c.cost_left_minor)
    assert balances.get("in_transit", 0) == on_its_way
    codes = chart.codes_now(connection)
    goods = _of_kinds(connection, "goods_receipt", "supplier_return")
    assert -_by_role(goods, codes).get("grni", 0) == received
    sold = _by_role(_of_kinds(connection, "cost"), codes)
    assert sold.get("stock", 0) + balances.get("cost_of_sales", 0) + on_its_way == 0
    assert balances.get("wip", 0) == 0
    assert -balances.get("grni", 0) == received - _total(connection, bought_line.c.invoiced_minor)
    assert -balances.get("payable", 0) == _total(connection, supplier_invoice.c.open_minor) - _total(
        connection, supplier_credit_note.c.open_minor
    )
    assert balances.get("bad_debt", 0) == sum(_lost_by(connection, write_off.c.id).values())
    tax = _total(connection, invoice.c.tax_minor) - _total(connection, credit_note.c.tax_minor)
    parts = cash_discount_part.join(cash_discount, cash_discount.c.id == cash_discount_part.c.discount_id)
    sign = case((cash_discount.c.kind == "granted", 1), else_=-1)
    off = _of(connection, parts, cash_discount_part.c.amount_minor * sign)
    assert balances.get("cash_discount", 0) == off
    tax_off = _of(connection, parts, cash_discount_part.c.tax_minor * sign)
    assert -balances.get("output_vat", 0) == tax - tax_off
    kept = _total(connection, down_payment.c.left_net_minor)
    assert -balances.get("down_payments", 0) == kept
    assert -balances.get("revenue", 0) + tax + kept == _total(connection, invoice.c.total_minor) - _total(
        connection, credit_note.c.total_minor
    )
    numbers = (
        connection.execute(select(journal_entry.c.number).order_by(journal_entry.c.number)).scalars().all()
    )
    assert numbers == [f"JE-{number:06d}" for number in range(1, len(numbers) + 1)]


def _of_kinds(connection: Connection, *kinds: str) -> dict[str, int]:
    """Return what entries of some kinds did to each account."""
    entries = select(journal_entry.c.id).where(journal_entry.c.kind.in_(kinds))
    difference = posting.c.debit_minor - posting.c.credit_minor
    return _sum_by(connection, posting.c.account, difference, posting.c.entry_id.in_(entries))


def _by_role(balances: dict[str, int], codes: dict[str, str]) -> dict[str, int]:
    return {role: balances[code] for role, code in codes.items() if code in balances}


def _of(connection: Connection, tables: Any, amount: Any) -> int:
    query = select(func.coalesce(func.sum(amount), 0)).select_from(tables)
    return int(connection.execute(query).scalar_one())


def _total(connection: Connection, column: Any) -> int:
    return int(connection.execute(select(func.coalesce(func.sum(column), 0))).scalar_one())
