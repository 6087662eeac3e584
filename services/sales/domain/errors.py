"""What sales refuses, each with the code that callers may act upon."""

from __future__ import annotations

from libs.common.errors import Forbidden, Invalid, NotFound, Refused


class UnknownItem(Invalid):
    """A line names an item that sales has not heard of."""

    code = "unknown_item"
    usual_cure = "choose an item from GET /api/v1/items; a new one arrives within seconds"


class InactiveItem(Invalid):
    """A line names an item that is not sold any more."""

    code = "item_inactive"
    usual_cure = "choose an item that is still sold"


class UnknownCustomer(Invalid):
    """A document names a customer that sales has not heard of, or that is not the caller's."""

    code = "unknown_customer"
    usual_cure = "choose a customer from GET /api/v1/customers; a new one arrives within seconds"


class QuantityNotPositive(Invalid):
    """A quantity of nothing, or less, was asked for."""

    code = "quantity_not_positive"
    usual_cure = "give a quantity above zero, or leave the line out"


class QuantityTooFine(Invalid):
    """A quantity has more decimals than its item's unit of measure allows: 1.5 pieces."""

    code = "quantity_too_fine"
    usual_cure = "round the quantity to the item's unit of measure"


class DiscountOutOfRange(Invalid):
    """A discount is not between 0 and 100 % with two decimals."""

    code = "discount_out_of_range"
    usual_cure = "give 0 to 100 with up to 2 decimals"


class PriceNegative(Invalid):
    """A unit price is below zero."""

    code = "price_negative"
    usual_cure = "give a price of zero or more"


class CurrencyDiffers(Invalid):
    """A price is in another currency than the document that it stands on."""

    code = "currency_differs"
    usual_cure = "give the price in the document's currency"


class NoPrice(Invalid):
    """No price policy says what this item costs this customer on that day."""

    code = "no_price"
    usual_cure = "define a price policy for the item and day, or let a sales manager set the price"


class PriceOverrideForbidden(Forbidden):
    """A unit price differs from the policy's, and the caller may not decide that."""

    code = "price_override_forbidden"
    usual_cure = "leave the price out to take the policy's, or ask a sales manager"


class AmountTooLarge(Invalid):
    """An amount is larger than any that can be booked."""

    code = "amount_too_large"
    usual_cure = "split the document"


class NoLines(Invalid):
    """A document has no lines, or more than it may have."""

    code = "lines_out_of_range"
    usual_cure = "give at least one line, and split a document that is too long"


class DateInFuture(Invalid):
    """A business date lies further ahead than a difference of time zones explains."""

    code = "date_in_future"
    usual_cure = "give today or an earlier day"


class DatesReversed(Invalid):
    """The end of a period lies before its beginning."""

    code = "dates_reversed"
    usual_cure = "give an end that does not lie before the beginning"


class TierNamedTwice(Invalid):
    """A price policy has two prices for the same item from the same quantity on."""

    code = "tier_named_twice"
    usual_cure = "give each item one price per minimum quantity"


class PriceGivenTwice(Invalid):
    """A line of a price policy has a fixed price and a formula, or neither."""

    code = "price_or_formula"
    usual_cure = "give a unit_price, or a formula with percent_off or percent_on, and not both"


class UnknownBase(Invalid):
    """A price is worked out of a price policy that does not exist."""

    code = "unknown_base"
    usual_cure = (
        "give the name of a price policy from GET /api/v1/price-policies, or take the list price as base"
    )


class BaseOfItself(Invalid):
    """A price policy would be worked out of itself, be it by way of others."""

    code = "base_of_itself"
    usual_cure = "take a base that is not worked out of this policy"


class BaseOfAnotherCustomer(Invalid):
    """A price would be worked out of what one other customer pays, and so give it away."""

    code = "base_of_another_customer"
    usual_cure = "take a base that is for all or for a group"


class PolicyNotFound(NotFound):
    """There is no such price policy, or the caller may not know of it."""

    code = "price_policy_not_found"


class QuotationNotFound(NotFound):
    """There is no such quotation, or the caller may not know of it."""

    code = "quotation_not_found"


class NotRevised(NotFound):
    """The quotation revises nothing, so there is nothing that it changed."""

    code = "quotation_not_revised"
    usual_cure = "choose a quotation whose revises is not null"


class NoEarlierRevision(Invalid):
    """A revision is to be compared with one that is not earlier."""

    code = "no_earlier_revision"
    usual_cure = "give the number of an earlier revision, or leave it out for the one before"


class QuotationClosed(Refused):
    """The quotation is past the state in which this could be done."""

    code = "quotation_closed"
    usual_cure = "issue a new quotation"


class QuotationExpired(Refused):
    """The quotation's last day of validity has passed."""

    code = "quotation_expired"
    usual_cure = "issue a new quotation with a later last day"


class NothingToRepeat(Refused):
    """The customer has no order that could be offered again."""

    code = "nothing_to_repeat"
    usual_cure = "issue a quotation with lines of its own"


class OrderNotFound(NotFound):
    """There is no such order, or the caller may not know of it."""

    code = "order_not_found"


class OrderShipped(Refused):
    """Goods of the order have left the house: it can no longer be cancelled."""

    code = "order_shipped"
    usual_cure = "take the goods back as a return instead"


class OrderStateRefuses(Refused):
    """The order is in a state in which this cannot be done."""

    code = "order_state"
    usual_cure = "look at the state of the order"


class ShippedTooMuch(Refused):
    """More of an order line is said to be shipped or invoiced than was ordered."""

    code = "more_than_ordered"
    usual_cure = "check the quantities against the order"


class CustomerNotFound(NotFound):
    """There is no such customer, or the caller may not know of it."""

    code = "customer_not_found"


class OrderRecorded(Refused):
    """The order was brought in from another system, which alone can end it."""

    code = "order_recorded"


class OrderNumberTaken(Refused):
    """Another order already has this number."""

    code = "order_number_taken"


class NumberOfSeries(Invalid):
    """A number from elsewhere looks like one that this system gives itself."""

    code = "number_of_series"


class OrderWithoutLines(Invalid):
    """An order without a single line."""

    code = "order_without_lines"
