"""Sales over the counter, over HTTP: offered, ordered, handed over, invoiced and paid in one act."""

from __future__ import annotations

from typing import Any

from libs.common.db import Database, Transaction
from libs.common.web import Noun, fields
from services.sales.api.company import company_terms
from services.sales.api.orders import OrderOut, order_again
from services.sales.api.own_fields import OwnFieldsIn, filling
from services.sales.api.quotation_lines import WantedLineIn, requested
from services.sales.api.who import SELLERS, only_owner, pen
from services.sales.domain.order import Order
from services.sales.domain.quotation import MAX_LINES
from services.sales.reports.orders import is_over
from services.sales.sagas.ordering import sell_at_counter
from services.sales.use_cases.issue_quotation import IssueQuotation

CASH_AND_CARRY = "cash_and_carry"

counter_sales = Noun("counter_sales", "/api/v1/counter-sales", description="Sales over the counter")


class CounterSaleIn(OwnFieldsIn):
    """What a customer takes with him and pays in cash."""

    customer_id = fields.IdField(required=True)
    channel = fields.Text(
        max=40, metadata={"description": "The way by which the customer buys, as price policies name it."}
    )
    coupon = fields.Text(max=40, metadata={"description": "Its code, where the customer has one."})
    order_type = fields.Text(
        max=40,
        load_default=CASH_AND_CARRY,
        metadata={"description": "A type that is handed over at the counter."},
    )
    lines = fields.ListOf(WantedLineIn, most=MAX_LINES, required=True)


def is_ended(database: Database, answer: dict[str, Any]) -> bool:
    """Tell whether the sale is done, or was given up."""
    return database.read(lambda connection: is_over(connection, answer["id"]))


@counter_sales.command(
    "POST",
    "/",
    body=CounterSaleIn,
    answer=OrderOut,
    status=201,
    roles=SELLERS,
    location="/api/v1/orders/{id}",
    wait=is_ended,
    reload=order_again,
    intake=True,
    summary="Sell over the counter",
)
def sell(tx: Transaction, body: dict[str, Any]) -> Order:
    """Sell what is there: the goods leave, are invoiced and paid in cash; ``Prefer: wait=N`` waits for all of it.

    The order is ``done`` when the cash is booked, or ``cancelled`` with its reason, such as ``out_of_stock``.
    """
    lines = tuple(requested(line) for line in body.pop("lines"))
    own = filling(body)
    wanted = IssueQuotation(**body, lines=lines, pen=pen(), only_owner=only_owner(), filling=own)
    return sell_at_counter(tx, wanted, company_terms())
