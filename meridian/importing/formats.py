"""The documented format: which files there are, in which order they are read, and what each column holds."""

from __future__ import annotations

from libs.common.importing import Format, may, must, values
from services.crm.imports.contacts import CONTACTS
from services.crm.imports.customers import CUSTOMERS
from services.finance.imports.credit_limits import CREDIT_LIMITS
from services.inventory.imports.items import ITEMS
from services.inventory.imports.stock import STOCK
from services.inventory.imports.suppliers import SUPPLIERS
from services.inventory.imports.warehouses import WAREHOUSES
from services.sales.imports.prices import PRICES

ROLES = ("sales", "sales_manager", "warehouse", "finance", "service", "admin", "api_client")
TICKET_KINDS = ("technical", "quality", "delivery", "billing", "other")


_number = values.words(32)
_short_number = values.words(20)
_line_no = values.whole(100_000, least=1)
_name = values.words(200)
_text = values.words(2000)

FORMATS: tuple[Format, ...] = (
    Format("users", "gateway", ("username",), (
        must("username", values.words(64), "Login name", "ann.lee"),
        must("name", _name, "Name as shown", "Ann Lee"),
        must("roles", values.words(200), "Roles, separated by blanks: " + ", ".join(ROLES), "sales"),
    )),
    CUSTOMERS,
    CONTACTS,
    SUPPLIERS,
    ITEMS,
    WAREHOUSES,
    CREDIT_LIMITS,
    PRICES,
    STOCK,
    Format("orders", "sales", ("number",), (
        must("number", _number, "Number that the order had", "2025-0001"),
        must("customer", _number, "Number of the customer", "K-100"),
        must("currency", values.currency, "Currency of the order", "USD"),
        must("ordered_on", values.day, "Day of the order", "2025-11-03"),
        may("promised_on", values.day, "Day that was promised", "2025-11-20"),
    )),
    Format("order_lines", "sales", ("order", "line_no"), (
        must("order", _number, "Number of the order", "2025-0001"),
        must("line_no", _line_no, "Number of the line", "1"),
        must("sku", values.words(64), "Item", "VALVE-A"),
        must("quantity", values.quantity, "Ordered", "12"),
        must("unit_price", values.amount, "Price of one", "14.00"),
        must("discount_percent", values.percent, "Discount, 0 to 100", "0"),
    ), part_of="orders", belongs_by=("order",)),
    Format("shipments", "inventory", ("number", "line_no", "lot"), (
        must("number", _number, "Number of the delivery note; its rows belong together", "L-2025-0001"),
        must("order", _number, "Number of the order", "2025-0001"),
        must("line_no", _line_no, "Line of the order", "1"),
        must("quantity", values.quantity, "Shipped", "12"),
        may("lot", values.words(64), "Lot"),
        must("shipped_on", values.day, "Day of shipment", "2025-11-18"),
    ), belongs_by=("number",)),
    Format("invoices", "finance", ("number",), (
        must("number", _short_number, "Number that the invoice had", "R-2025-0001"),
        must("shipment", _number, "Number of the delivery note it bills", "L-2025-0001"),
        must("posted_on", values.day, "Day of the invoice", "2025-11-18"),
        must("due_on", values.day, "Day it was due", "2025-12-18"),
    )),
    Format("payments", "finance", ("number", "invoice"), (
        must("number", _short_number, "Number of the payment; its rows belong together", "Z-2025-0001"),
        must("customer", _number, "Number of the customer", "K-100"),
        must("currency", values.currency, "Currency of the payment", "USD"),
        must("received_on", values.day, "Day it was received", "2025-12-10"),
        must("reference", values.words(140), "Reference at the bank", "RE R-2025-0001"),
        may("invoice", _short_number, "Invoice it pays; empty for money not yet allocated", "R-2025-0001"),
        must("amount", values.amount, "Amount for this invoice", "168.00"),
    ), belongs_by=("number",)),
    Format("tickets", "service_desk", ("number",), (
        must("number", _number, "Number that the ticket had", "H-2025-0001"),
        must("customer", _number, "Number of the customer", "K-100"),
        must("kind", values.choice(*TICKET_KINDS), "Kind of problem: " + ", ".join(TICKET_KINDS), "technical"),
        must("subject", _name, "In a few words", "Valve leaks"),
        may("description", _text, "In more words"),
        must("opened_on", values.day, "Day it was opened", "2025-12-01"),
        may("resolution", _text, "How it was resolved; empty while it is open"),
        may("resolved_on", values.day, "Day it was resolved; the day it was opened if not known"),
    )),
)  # fmt: skip


def parts_of(head: Format) -> tuple[Format, ...]:
    """Return the formats whose rows complete those of ``head``."""
    return tuple(format for format in FORMATS if format.part_of == head.name)


def format_of(name: str) -> Format:
    """Return the format called ``name``; ``KeyError`` when there is none."""
    return {found.name: found for found in FORMATS}[name]
