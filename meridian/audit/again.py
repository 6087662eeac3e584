"""The checks that work something out again, by the rules that it was made by: what no query can."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from services.finance.reports.exchange_proof import accounts_that_disagree
from services.inventory.reports.proof import orders_that_disagree
from services.sales.reports.change_proof import changed_orders_that_disagree
from services.sales.reports.proof import coupons_that_disagree, lines_that_disagree
from services.sales.reports.tax_proof import documents_whose_tax_disagrees


@dataclass(frozen=True)
class Repetition:
    """A check of one store; ``offenders`` gives what comes out differently."""

    invariant: str
    name: str
    says: str
    store: str
    offenders: Callable[[Connection], Iterable[str]]


REPETITIONS = (
    Repetition(
        "I3",
        "line_is_what_its_trace_says",
        "Every quotation line is what its price trace, worked out again, says.",
        "sales",
        lines_that_disagree,
    ),
    Repetition(
        "I3",
        "an_order_is_its_quotation_and_its_changes",
        "Every changed order is what its applied changes, one after the other and priced again, make of it.",
        "sales",
        changed_orders_that_disagree,
    ),
    Repetition(
        "I4",
        "a_coupon_is_used_where_it_took_something_off",
        "An order uses the coupon of its quotation exactly if that took something off what was ordered.",
        "sales",
        coupons_that_disagree,
    ),
    Repetition(
        "I3",
        "components_are_shares_of_the_bill",
        "Every production order's components are, worked out again, what its bill of materials says.",
        "inventory",
        orders_that_disagree,
    ),
    Repetition(
        "I3",
        "tax_is_what_its_rule_says",
        "The tax of every quotation, worked out again by its rule, is what its lines say, and its total contains it.",
        "sales",
        documents_whose_tax_disagrees,
    ),
    Repetition(
        "I2",
        "company_books_carry_what_is_open",
        "Receivables and advances of other currencies are carried at what open documents, worked out again, come to.",
        "finance",
        accounts_that_disagree,
    ),
)
