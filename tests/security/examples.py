"""A valid request of every operation: only beside one can a single hostile field be what is refused.

A route that is new here fails ``test_every_operation_has_an_example``: write the request that a well-meaning caller
would send, with every field that the schema knows, into the ``examples_of_*`` that it belongs to. Here they are joined.
"""

from __future__ import annotations

from collections import Counter
from functools import reduce
from operator import or_

from tests.security.example import Make
from tests.security.examples_of_admin import ADMIN
from tests.security.examples_of_approvals import APPROVALS
from tests.security.examples_of_approving import APPROVING
from tests.security.examples_of_bank import BANK
from tests.security.examples_of_books import BOOKS
from tests.security.examples_of_changes import CHANGES
from tests.security.examples_of_console import CONSOLE
from tests.security.examples_of_customers import CUSTOMERS
from tests.security.examples_of_deliveries import DELIVERIES
from tests.security.examples_of_delivery_credit import DELIVERY_CREDIT
from tests.security.examples_of_desk import DESK
from tests.security.examples_of_documents import DOCUMENTS
from tests.security.examples_of_dunning import DUNNING
from tests.security.examples_of_fields import FIELDS
from tests.security.examples_of_figures import FIGURES
from tests.security.examples_of_fulfilment import FULFILMENT
from tests.security.examples_of_import import IMPORT
from tests.security.examples_of_inventory import INVENTORY
from tests.security.examples_of_leads import LEADS
from tests.security.examples_of_ledger import LEDGER
from tests.security.examples_of_overview import OVERVIEW
from tests.security.examples_of_payables import PAYABLES
from tests.security.examples_of_pipeline import PIPELINE
from tests.security.examples_of_prices import PRICES
from tests.security.examples_of_production import PRODUCTION
from tests.security.examples_of_purchasing import PURCHASING
from tests.security.examples_of_quoting import QUOTING
from tests.security.examples_of_receivables import RECEIVABLES
from tests.security.examples_of_recommend import RECOMMEND
from tests.security.examples_of_sales import SALES
from tests.security.examples_of_serials import SERIALS
from tests.security.examples_of_settlement import SETTLEMENT
from tests.security.examples_of_sharing import SHARING
from tests.security.examples_of_shelf_lives import SHELF_LIVES
from tests.security.examples_of_stock import STOCK
from tests.security.examples_of_talk import TALK
from tests.security.examples_of_taxes import TAXES
from tests.security.examples_of_tickets import TICKETS
from tests.security.examples_of_users import USERS

ROOMS: tuple[dict[str, Make], ...] = (
    ADMIN,
    APPROVALS,
    APPROVING,
    BANK,
    BOOKS,
    CHANGES,
    CONSOLE,
    CUSTOMERS,
    DELIVERIES,
    DELIVERY_CREDIT,
    DESK,
    DOCUMENTS,
    DUNNING,
    FIELDS,
    FIGURES,
    FULFILMENT,
    IMPORT,
    INVENTORY,
    LEADS,
    LEDGER,
    OVERVIEW,
    PAYABLES,
    PIPELINE,
    PRICES,
    PRODUCTION,
    PURCHASING,
    QUOTING,
    RECEIVABLES,
    RECOMMEND,
    SALES,
    SERIALS,
    SETTLEMENT,
    SHELF_LIVES,
    STOCK,
    SHARING,
    TALK,
    TAXES,
    TICKETS,
    USERS,
)
EXAMPLES: dict[str, Make] = reduce(or_, ROOMS)


def in_two_rooms(rooms: tuple[dict[str, Make], ...] = ROOMS) -> list[str]:
    """Return the operations of which joining keeps one example and drops another."""
    return [
        operation for operation, times in Counter(key for room in rooms for key in room).items() if times > 1
    ]
