"""What inventory refuses, each with the code that callers may act upon."""

from __future__ import annotations

from libs.common.errors import Invalid, NotFound, Refused


class UnknownItem(Invalid):
    """A line names an item that inventory does not have."""

    code = "unknown_item"


class UnknownWarehouse(Invalid):
    """A document names a warehouse that inventory does not have."""

    code = "unknown_warehouse"


class SkuTaken(Refused):
    """Another item already has this SKU."""

    code = "sku_taken"


class WarehouseCodeTaken(Refused):
    """Another warehouse already has this code."""

    code = "warehouse_code_taken"


class QuantityNotPositive(Invalid):
    """A quantity of nothing, or less, was asked for."""

    code = "quantity_not_positive"


class QuantityTooFine(Invalid):
    """A quantity has more decimals than its item's unit of measure allows: 1.5 pieces."""

    code = "quantity_too_fine"


class LotMissing(Invalid):
    """An item that is tracked by lot came without one."""

    code = "lot_missing"


class LotNotTracked(Invalid):
    """An item that is not tracked by lot came with one."""

    code = "lot_not_tracked"


class LotExpiryDiffers(Refused):
    """A lot that is already in stock came again with another expiry date."""

    code = "lot_expiry_differs"


class DateInFuture(Invalid):
    """A document was dated later than tomorrow."""

    code = "date_in_future"


class StockLimitExceeded(Refused):
    """More would lie in one place than a quantity can hold."""

    code = "stock_limit_exceeded"


class StockInsufficient(Refused):
    """A correction would take away stock that is not there or is promised to an order."""

    code = "stock_insufficient"


class ItemNotFound(NotFound):
    """There is no such item."""

    code = "item_not_found"
    usual_cure = "list the items"


class DeliveryNotFound(NotFound):
    """There is no such delivery note, or the caller may not know of it."""

    code = "delivery_not_found"


class DeliveryStateRefuses(Refused):
    """The delivery note is past the point where this could be done."""

    code = "delivery_state"


class LineNotOnDelivery(Invalid):
    """A line was named that is not on the delivery note."""

    code = "line_not_on_delivery"


class LineNamedTwice(Invalid):
    """The same line was named twice in one request."""

    code = "line_named_twice"


class MoreThanOnDelivery(Refused):
    """More was to be picked or shipped than the delivery note holds."""

    code = "more_than_on_delivery"


class SupplierNumberTaken(Refused):
    """Another supplier has this number."""

    code = "supplier_number_taken"


class UnknownSupplier(Invalid):
    """No supplier has this number."""

    code = "unknown_supplier"


class NumberOfSeries(Invalid):
    """A number from elsewhere looks like one that this system gives itself."""

    code = "number_of_series"


class DeliveryNumberTaken(Refused):
    """Another delivery note has this number."""

    code = "delivery_number_taken"


class NoWarehouse(Refused):
    """Nothing can be booked before there is a default warehouse."""

    code = "no_warehouse"


class NothingShipped(Invalid):
    """A delivery note without a single line."""

    code = "nothing_shipped"


class OrderNotRecorded(Refused):
    """A past delivery names an order that was not brought in: this system delivers its own orders itself."""

    code = "order_not_recorded"


class LineNotOnOrder(Invalid):
    """A past delivery names a line that its order does not have."""

    code = "line_not_on_order"


class MoreThanOrdered(Refused):
    """A past delivery holds more of an order line than is left of it."""

    code = "more_than_ordered"


class QuarantineIsForReturns(Invalid):
    """A place of quarantine holds what came back, until it is inspected; nothing else is booked there."""

    code = "quarantine_is_for_returns"
    usual_cure = "name the warehouse to which the quarantine belongs"


class TransitIsForTransfers(Invalid):
    """What is under way between warehouses is moved by its transfer; nothing else is booked there."""

    code = "transit_is_for_transfers"
    usual_cure = "name a warehouse"


class NotShipped(Refused):
    """Goods cannot come back of a delivery that has not left."""

    code = "not_shipped"


class ReturnNotFound(NotFound):
    """There is no such return, or the caller may not know of it."""

    code = "return_not_found"
    usual_cure = "list the returns"


class ReturnStateRefuses(Refused):
    """The return is past the point where this could be done, or not there yet."""

    code = "return_state"
    usual_cure = "read the return again and go on from its present state"


class ReturnExceedsShipped(Refused):
    """More was to come back than was shipped and did not come back before."""

    code = "return_exceeds_shipped"


class LotNotOnDelivery(Invalid):
    """A line left in several lots, or in other ones than the one that was named."""

    code = "lot_not_on_delivery"


class LineNotOnReturn(Invalid):
    """A line was named that the return does not have."""

    code = "line_not_on_return"


class ReceivedMoreThanApproved(Refused):
    """More came back than the return allows."""

    code = "received_more_than_approved"


class NothingReceived(Invalid):
    """A receipt of nothing."""

    code = "nothing_received"
    usual_cure = "cancel the return if nothing comes back"


class InspectionIncomplete(Invalid):
    """What is restocked and scrapped of a line is not what was received of it."""

    code = "inspection_incomplete"


class AlreadyInspected(Refused):
    """A line was inspected before, and its goods are not in quarantine any more."""

    code = "already_inspected"
