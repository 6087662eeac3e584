"""What is refused of bills of materials and production orders, each with the code that callers may act upon."""

from __future__ import annotations

from libs.common.errors import Invalid, NotFound, Refused


class UnknownComponent(Invalid):
    """A bill of materials names a component that inventory does not have."""

    code = "unknown_component"
    usual_cure = "register the item first"


class BomCycle(Invalid):
    """An item would go into itself, over however many levels."""

    code = "bom_cycle"


class BomTooDeep(Invalid):
    """A bill of materials would stand in more levels than are worked out."""

    code = "bom_too_deep"


class BomTooLarge(Refused):
    """All levels together have more lines than are shown at once."""

    code = "bom_too_large"


class BomNotFound(NotFound):
    """There is no bill of materials for this item."""

    code = "bom_not_found"
    usual_cure = "choose one from GET /api/v1/boms"


class BomMissing(Refused):
    """An item is to be made, and nobody said of what."""

    code = "bom_missing"
    usual_cure = "store its bill of materials with POST /api/v1/boms first"


class ProductionOrderNotFound(NotFound):
    """There is no such production order."""

    code = "production_order_not_found"
    usual_cure = "choose one from GET /api/v1/production-orders"


class ProductionStateRefuses(Refused):
    """The production order is past the point where this could be done, or not there yet."""

    code = "production_state"


class NothingMade(Invalid):
    """A report says of nothing that it was made."""

    code = "nothing_made"


class ScrapReasonMissing(Invalid):
    """Something was scrapped, and the report does not say why."""

    code = "scrap_reason_missing"


class MoreThanPlanned(Refused):
    """More was finished than was planned and the tolerance allows."""

    code = "more_than_planned"


class LessThanPlanned(Refused):
    """An order is to be closed although less was finished than the tolerance allows."""

    code = "less_than_planned"


class ComponentsMissing(Refused):
    """More components would be used up than there are for the order."""

    code = "components_missing"


class ComponentNotOnOrder(Invalid):
    """A component was named that does not go into the order's item."""

    code = "component_not_on_order"


class ConsumedTwice(Invalid):
    """The same component and lot was named twice in one report."""

    code = "consumed_twice"


class QuantityOutOfReach(Invalid):
    """So much would take more of a component than can be counted."""

    code = "quantity_out_of_reach"


class DueInPast(Invalid):
    """Something should be ready on a day that is over."""

    code = "due_in_past"
