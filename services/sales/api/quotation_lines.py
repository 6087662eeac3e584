"""What a caller wants on a line of a quotation."""

from __future__ import annotations

from typing import Any

from libs.common.web import Strict, fields
from services.sales.domain.amounts import basis_points
from services.sales.domain.line_pricing import RequestedLine
from services.sales.domain.options import WantedOption

CHOICES = ("required", "optional", "alternative")


class WantedLineIn(Strict):
    """What is wanted; without a ``unit_price`` the policies say what it costs."""

    item_id = fields.IdField(required=True)
    quantity = fields.QuantityField(required=True)
    unit_price = fields.PriceField(
        metadata={"description": "Another price than the policies': for sales managers and API clients."}
    )
    discount_percent = fields.PercentField()


class QuotationLineIn(WantedLineIn):
    """What is offered, and whether the customer may choose it."""

    choice = fields.Choice(*CHOICES, metadata={"description": "Left out: required."})
    group = fields.Text(max=40, metadata={"description": "The alternatives of which one is ordered."})
    preselected = fields.Flag(
        metadata={"description": "Whether it counts and is ordered where the customer chooses nothing."}
    )


def requested(line: dict[str, Any]) -> RequestedLine:
    """Return the line as it is wanted."""
    given = dict(line)
    discount = basis_points(given.pop("discount_percent", 0))
    option = WantedOption(
        given.pop("choice", "required"), given.pop("group", None), given.pop("preselected", False)
    )
    return RequestedLine(**given, discount_bp=discount, option=option)
