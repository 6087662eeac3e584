"""What sales refuses, each with the code that callers may act upon."""

from __future__ import annotations

from libs.common.errors import Forbidden, Invalid, NotFound, Refused


class UnknownItem(Invalid):
    """A line names an item that sales has not heard of."""

    code = "unknown_item"


class InactiveItem(Invalid):
    """A line names an item that is not sold any more."""

    code = "item_inactive"


class UnknownCustomer(Invalid):
    """A document names a customer that sales has not heard of, or that is not the caller's."""

    code = "unknown_customer"


class QuantityNotPositive(Invalid):
    """A quantity of nothing, or less, was asked for."""

    code = "quantity_not_positive"


class QuantityTooFine(Invalid):
    """A quantity has more decimals than its item's unit of measure allows: 1.5 pieces."""

    code = "quantity_too_fine"


class DiscountOutOfRange(Invalid):
    """A discount is not between 0 and 100 % with two decimals."""

    code = "discount_out_of_range"


class PriceNegative(Invalid):
    """A unit price is below zero."""

    code = "price_negative"


class CurrencyDiffers(Invalid):
    """A price is in another currency than the document that it stands on."""

    code = "currency_differs"


class NoPrice(Invalid):
    """No price policy says what this item costs this customer on that day."""

    code = "no_price"


class PriceOverrideForbidden(Forbidden):
    """A unit price differs from the policy's, and the caller may not decide that."""

    code = "price_override_forbidden"


class AmountTooLarge(Invalid):
    """An amount is larger than any that can be booked."""

    code = "amount_too_large"


class NoLines(Invalid):
    """A document has no lines, or more than it may have."""

    code = "lines_out_of_range"


class DateInFuture(Invalid):
    """A business date lies further ahead than a difference of time zones explains."""

    code = "date_in_future"


class DatesReversed(Invalid):
    """The end of a period lies before its beginning."""

    code = "dates_reversed"


class TierNamedTwice(Invalid):
    """A price policy has two prices for the same item from the same quantity on."""

    code = "tier_named_twice"


class PolicyNotFound(NotFound):
    """There is no such price policy, or the caller may not know of it."""

    code = "price_policy_not_found"


class QuotationNotFound(NotFound):
    """There is no such quotation, or the caller may not know of it."""

    code = "quotation_not_found"


class QuotationClosed(Refused):
    """The quotation is past the state in which this could be done."""

    code = "quotation_closed"


class QuotationExpired(Refused):
    """The quotation's last day of validity has passed."""

    code = "quotation_expired"


class OrderNotFound(NotFound):
    """There is no such order, or the caller may not know of it."""

    code = "order_not_found"


class OrderShipped(Refused):
    """Goods of the order have left the house: it can no longer be cancelled."""

    code = "order_shipped"


class OrderStateRefuses(Refused):
    """The order is in a state in which this cannot be done."""

    code = "order_state"


class ShippedTooMuch(Refused):
    """More of an order line is said to be shipped or invoiced than was ordered."""

    code = "more_than_ordered"


class CustomerNotFound(NotFound):
    """There is no such customer, or the caller may not know of it."""

    code = "customer_not_found"
