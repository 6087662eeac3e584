"""The documented format: which files there are, in which order they are read, and what each column holds."""

from __future__ import annotations

from dataclasses import dataclass

from meridian.importing import values
from meridian.importing.values import Reader

ROLES = ("sales", "sales_manager", "warehouse", "finance", "service", "admin", "api_client")
TICKET_KINDS = ("technical", "quality", "delivery", "billing", "other")


@dataclass(frozen=True)
class Column:
    """One column: how to read it, whether it must be filled, what it means, and an example."""

    name: str
    read: Reader
    required: bool
    meaning: str
    example: str


@dataclass(frozen=True)
class Format:
    """One file. ``key`` are the columns that name a row: no two rows may have the same.

    ``part_of`` names the file whose rows these complete: the two are taken together or not at all. ``belongs_by``
    are the first columns of the key, by which rows belong together; without any, each row is for itself.
    """

    name: str
    owner: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    part_of: str | None = None
    belongs_by: tuple[str, ...] = ()

    @property
    def document(self) -> tuple[str, ...]:
        """The columns whose rows with the same values are one document, never taken apart."""
        return self.belongs_by or self.key

    @property
    def file(self) -> str:
        """The file's name."""
        return f"{self.name}.csv"


def _must(name: str, read: Reader, meaning: str, example: str) -> Column:
    return Column(name, read, True, meaning, example)


def _may(name: str, read: Reader, meaning: str, example: str = "") -> Column:
    return Column(name, read, False, meaning, example)


_number = values.words(32)
_short_number = values.words(20)
_line_no = values.whole(100_000, least=1)
_name = values.words(200)
_text = values.words(2000)

FORMATS: tuple[Format, ...] = (
    Format("users", "gateway", ("username",), (
        _must("username", values.words(64), "Login name", "ann.lee"),
        _must("name", _name, "Name as shown", "Ann Lee"),
        _must("roles", values.words(200), "Roles, separated by blanks: " + ", ".join(ROLES), "sales"),
    )),
    Format("customers", "crm", ("number",), (
        _must("number", _number, "Your number of the customer", "K-100"),
        _must("name", _name, "Company", "Harbor Pumps"),
        _must("currency", values.currency, "Currency that the customer buys in", "USD"),
        _may("owner", values.words(64), "Username of the salesperson", "ann.lee"),
        _may("country", values.words(80), "Country", "China"),
        _may("city", values.words(120), "City", "Shanghai"),
        _may("address", _text, "Street and number"),
        _may("postal_code", values.words(20), "Postal code"),
        _may("phone", values.words(40), "Telephone"),
        _may("group", values.words(40), "Group of customers that prices are made for", "wholesale"),
        _may("region", values.words(40), "Region that prices are made for", "north"),
    )),
    Format("contacts", "crm", ("customer", "name"), (
        _must("customer", _number, "Number of the customer", "K-100"),
        _must("name", _name, "Person", "Li Wei"),
        _may("role", values.words(120), "What the person does there", "Buyer"),
        _may("email", values.words(200), "Mail address"),
        _may("phone", values.words(40), "Telephone"),
    )),
    Format("suppliers", "inventory", ("number",), (
        _must("number", _number, "Your number of the supplier", "S-100"),
        _must("name", _name, "Company", "Northern Valves"),
        _may("contact_name", _name, "Person"),
        _may("country", values.words(80), "Country"),
        _may("city", values.words(120), "City"),
        _may("address", _text, "Street and number"),
        _may("phone", values.words(40), "Telephone"),
    )),
    Format("items", "inventory", ("sku",), (
        _must("sku", values.words(64), "Your code of the item", "VALVE-A"),
        _must("name", _name, "Name", "Valve A"),
        _may("category", values.words(120), "Category", "Valves"),
        _must("uom", values.words(16), "Unit of measure", "piece"),
        _must("decimals", values.whole(3), "Decimals that a quantity may have", "0"),
        _must("lot_tracked", values.yes_no, "Kept by lot: yes or no", "no"),
        _may("supplier", _number, "Number of the supplier", "S-100"),
        _may("serial_tracked", values.yes_no, "Each unit kept by its serial number: yes or no"),
    )),
    Format("warehouses", "inventory", ("code",), (
        _must("code", values.words(32), "Code", "MAIN"),
        _must("name", _name, "Name", "Main warehouse"),
        _must("default", values.yes_no, "Used where none is named: yes for one", "yes"),
    )),
    Format("credit_limits", "finance", ("customer",), (
        _must("customer", _number, "Number of the customer", "K-100"),
        _must("currency", values.currency, "The customer's currency", "USD"),
        _may("limit", values.amount, "Credit limit; empty for none", "20000.00"),
    )),
    Format("prices", "sales", ("policy", "sku", "min_quantity"), (
        _must("policy", _name, "Name of the price policy; its rows belong together", "List 2026"),
        _must("currency", values.currency, "Currency of the policy", "USD"),
        _may("customer", _number, "Number of the customer it is for; empty for all"),
        _may("customer_group", values.words(40), "Group of customers it is for; empty for all"),
        _may("channel", values.words(40), "Sales channel it is for; empty for all"),
        _may("region", values.words(40), "Region it is for; empty for all"),
        _may("valid_from", values.day, "First day", "2026-01-01"),
        _may("valid_until", values.day, "Last day"),
        _must("sku", values.words(64), "Item", "VALVE-A"),
        _must("min_quantity", values.quantity, "From this quantity on", "1"),
        _must("unit_price", values.amount, "Price of one, up to 4 decimals", "14.00"),
    ), belongs_by=("policy",)),
    Format("stock", "inventory", ("warehouse", "sku", "lot"), (
        _must("warehouse", values.words(32), "Code of the warehouse", "MAIN"),
        _must("sku", values.words(64), "Item", "VALVE-A"),
        _may("lot", values.words(64), "Lot, for items kept by lot"),
        _must("quantity", values.quantity, "On hand", "120"),
        _may("unit_cost", values.unit_cost, "What a unit cost, with its currency", "9.50 USD"),
        _may("serials", values.words(20_000), "Serials of the units, with spaces between; ranges as SN01..SN50"),
    )),
    Format("orders", "sales", ("number",), (
        _must("number", _number, "Number that the order had", "2025-0001"),
        _must("customer", _number, "Number of the customer", "K-100"),
        _must("currency", values.currency, "Currency of the order", "USD"),
        _must("ordered_on", values.day, "Day of the order", "2025-11-03"),
        _may("promised_on", values.day, "Day that was promised", "2025-11-20"),
    )),
    Format("order_lines", "sales", ("order", "line_no"), (
        _must("order", _number, "Number of the order", "2025-0001"),
        _must("line_no", _line_no, "Number of the line", "1"),
        _must("sku", values.words(64), "Item", "VALVE-A"),
        _must("quantity", values.quantity, "Ordered", "12"),
        _must("unit_price", values.amount, "Price of one", "14.00"),
        _must("discount_percent", values.percent, "Discount, 0 to 100", "0"),
    ), part_of="orders", belongs_by=("order",)),
    Format("shipments", "inventory", ("number", "line_no", "lot"), (
        _must("number", _number, "Number of the delivery note; its rows belong together", "L-2025-0001"),
        _must("order", _number, "Number of the order", "2025-0001"),
        _must("line_no", _line_no, "Line of the order", "1"),
        _must("quantity", values.quantity, "Shipped", "12"),
        _may("lot", values.words(64), "Lot"),
        _must("shipped_on", values.day, "Day of shipment", "2025-11-18"),
    ), belongs_by=("number",)),
    Format("invoices", "finance", ("number",), (
        _must("number", _short_number, "Number that the invoice had", "R-2025-0001"),
        _must("shipment", _number, "Number of the delivery note it bills", "L-2025-0001"),
        _must("posted_on", values.day, "Day of the invoice", "2025-11-18"),
        _must("due_on", values.day, "Day it was due", "2025-12-18"),
    )),
    Format("payments", "finance", ("number", "invoice"), (
        _must("number", _short_number, "Number of the payment; its rows belong together", "Z-2025-0001"),
        _must("customer", _number, "Number of the customer", "K-100"),
        _must("currency", values.currency, "Currency of the payment", "USD"),
        _must("received_on", values.day, "Day it was received", "2025-12-10"),
        _must("reference", values.words(140), "Reference at the bank", "RE R-2025-0001"),
        _may("invoice", _short_number, "Invoice it pays; empty for money not yet allocated", "R-2025-0001"),
        _must("amount", values.amount, "Amount for this invoice", "168.00"),
    ), belongs_by=("number",)),
    Format("tickets", "service_desk", ("number",), (
        _must("number", _number, "Number that the ticket had", "H-2025-0001"),
        _must("customer", _number, "Number of the customer", "K-100"),
        _must("kind", values.choice(*TICKET_KINDS), "Kind of problem: " + ", ".join(TICKET_KINDS), "technical"),
        _must("subject", _name, "In a few words", "Valve leaks"),
        _may("description", _text, "In more words"),
        _must("opened_on", values.day, "Day it was opened", "2025-12-01"),
        _may("resolution", _text, "How it was resolved; empty while it is open"),
        _may("resolved_on", values.day, "Day it was resolved; the day it was opened if not known"),
    )),
)  # fmt: skip


def parts_of(head: Format) -> tuple[Format, ...]:
    """Return the formats whose rows complete those of ``head``."""
    return tuple(format for format in FORMATS if format.part_of == head.name)


def format_of(name: str) -> Format:
    """Return the format called ``name``; ``KeyError`` when there is none."""
    return {found.name: found for found in FORMATS}[name]
