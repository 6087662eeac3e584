"""Why an order is not changed, or not so; each with what can be done instead."""

from __future__ import annotations

from libs.common.errors import Invalid, NotFound, Refused


class ChangeNotFound(NotFound):
    """The order has no change of this number."""

    code = "order_change_not_found"
    usual_cure = "choose one from GET /api/v1/orders/{order_id}/changes"


class OrderNotChangeable(Refused):
    """The order is in a state in which nothing of it can be changed."""

    code = "order_not_changeable"


class TypeNotChangeable(Refused):
    """Orders of this type cannot be changed, or not in this way."""

    code = "order_type_not_changeable"


class ChangeOpen(Refused):
    """Another change of the order is not decided yet."""

    code = "order_change_open"
    usual_cure = "wait until it is decided, or withdraw it"


class ChangeEnded(Refused):
    """The change is past the point up to which it can be taken back."""

    code = "order_change_ended"
    usual_cure = "propose another change that undoes it"


class UnknownOrderLine(Invalid):
    """The order has no line of this number."""

    code = "unknown_order_line"
    usual_cure = "give the line_no of a line of the order; new goods go into added"


class LineChangedTwice(Invalid):
    """A change says two things about one line."""

    code = "line_changed_twice"
    usual_cure = "name each line once, with all that changes of it"


class LineChangeContradicts(Invalid):
    """A line is to be removed and changed at once, or priced anew at a given price."""

    code = "line_change_contradicts"
    usual_cure = "give remove alone, or reprice without a unit_price"


class BelowShipped(Refused):
    """Less of a line is wanted than has left already."""

    code = "quantity_below_shipped"
    usual_cure = "give at least what was shipped; goods that left come back as a return"


class NothingLeftOfOrder(Refused):
    """The change would leave an order of which nothing was or will be shipped."""

    code = "nothing_left_of_order"
    usual_cure = "cancel the order instead"


class NothingLeftOfLine(Refused):
    """Price or discount of a line of which everything has left is to be changed."""

    code = "nothing_left_of_line"
    usual_cure = "credit what was invoiced with a credit note"


class NothingChanges(Invalid):
    """The order would be what it is."""

    code = "nothing_changes"
    usual_cure = "give a quantity, price, discount or day that differs"


class TaxRuleChanged(Refused):
    """Prices of today are with tax and those of the order are not, or the other way round."""

    code = "tax_rule_changed"
    usual_cure = "give a unit_price as the order has its prices, or make another order"
