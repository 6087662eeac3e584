"""What is refused about invoices, each with the code that callers may act upon."""

from __future__ import annotations

from libs.common.errors import NotFound, Refused


class InvoiceNotFound(NotFound):
    """No invoice has this id, or the caller may not know of it."""

    code = "invoice_not_found"


class ShippedMoreThanOrdered(Refused):
    """A shipment holds more of an order line than the order has left."""

    code = "shipped_more_than_ordered"


class ShippedUnknownLine(Refused):
    """A shipment names a line that its order does not have."""

    code = "shipped_unknown_line"


class ShippedToAnother(Refused):
    """A shipment's customer, or the customer's currency, is not the order's."""

    code = "shipped_to_another"
