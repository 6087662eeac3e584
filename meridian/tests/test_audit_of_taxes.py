"""What the audit says of taxes: nothing of sound books, and the offender once a figure is changed."""

from __future__ import annotations

from functools import partial

import pytest

from libs.common.testing.plugin import MakeDatabase
from libs.common.web import SigningKeys
from meridian.tests.test_audit_bites import FINANCE, offenders, unguarded
from meridian.tests.test_audit_prices import apply, complaints
from services.finance.tests.builders import TERMS, harbor_pumps
from services.finance.tests.integration.books import credit
from services.finance.tests.integration.test_taxes import three_valves
from services.finance.use_cases.accounts import keep_customer
from services.sales.tests.builders import MIGRATIONS, Desk, chai_line

IN_FINANCE = {
    "UPDATE posting SET credit_minor = credit_minor - 1 WHERE account = '2200' AND credit_minor = 434": (
        "I02_output_tax_is_what_documents_bear"
    ),
    "UPDATE posting SET tax_ppm = 90000 WHERE tax_ppm = 130000 AND debit_minor > 0": (
        "I02_output_tax_is_what_documents_bear"
    ),
    "UPDATE invoice_line SET tax_minor = tax_minor + 1 WHERE tax_minor = 434": (
        "I03_invoice_is_the_sum_of_its_lines"
    ),
    "UPDATE credit_note SET tax_minor = tax_minor - 1": "I03_credit_note_is_the_sum_of_its_lines",
    "UPDATE credit_note_line SET tax_minor = tax_minor + 400": "I03_credited_is_within_invoiced",
    "UPDATE credited_line SET credited_tax_minor = 0": "I13_credited_is_the_sum_of_credit_note_lines",
    "UPDATE sales_order_line SET invoiced_tax_minor = 0 WHERE tax_minor = 1300": (
        "I03_invoiced_is_the_sum_of_invoice_lines"
    ),
}
IN_SALES = {
    "UPDATE quotation_line SET tax_minor = tax_minor + 1": "tax_is_what_its_rule_says",
    "UPDATE quotation SET tax_rounding = 'document'": "tax_is_what_its_rule_says",
    "UPDATE quotation SET tax_minor = 0": "I03_quotation_becomes_one_order",
    "UPDATE sales_order SET tax_minor = 0": "I03_order_is_the_sum_of_its_lines",
    "UPDATE sales_order_line SET tax_code = 'VAT6'": "I03_order_line_is_the_quoted_line",
}


@pytest.mark.parametrize("fault", IN_FINANCE)
def test_what_is_wrong_with_taxes_in_the_books_is_found(make_database: MakeDatabase, fault: str) -> None:
    check = IN_FINANCE[fault]
    books = make_database("finance", FINANCE)
    books.transact(lambda tx: keep_customer(tx, harbor_pumps(), TERMS))
    _, second, _ = three_valves(books)
    credit(books, second.invoice_id, (1, "0.5", None))
    assert offenders(books, "finance", check) == 0
    unguarded(books, fault)
    assert offenders(books, "finance", check) >= 1


@pytest.mark.parametrize("fault", IN_SALES)
def test_what_is_wrong_with_taxes_of_quotations_and_orders_is_found(
    make_database: MakeDatabase, fault: str
) -> None:
    desk = Desk(make_database("sales", MIGRATIONS), SigningKeys.fresh())
    taxes = {"prices": "exclusive", "rounding": "line", "standard_code": "VAT13", "valid_from": "2020-01-01"}
    assert desk.client("fay", "finance").put("/api/v1/tax-settings", json=taxes).status_code == 200
    desk.order(*[chai_line("1", discount_bp=333)] * 3)
    assert desk.database.read(complaints) == set()
    desk.database.transact(partial(apply, statement=fault))
    assert IN_SALES[fault] in desk.database.read(complaints)
