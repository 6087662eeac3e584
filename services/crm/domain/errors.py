"""What crm refuses, each with the code that callers may act upon."""

from __future__ import annotations

from libs.common.errors import Forbidden, Invalid, NotFound, Refused


class CustomerNotFound(NotFound):
    """There is no such customer, or the caller may not know of it."""

    code = "customer_not_found"


class NumberTaken(Refused):
    """Another customer already has this number."""

    code = "customer_number_taken"


class UnknownCurrency(Invalid):
    """A currency was named that ISO 4217 does not know."""

    code = "unknown_currency"


class PricingNotAllowed(Forbidden):
    """Somebody who may not decide what customers pay named a group or region."""

    code = "pricing_not_allowed"
    usual_cure = "leave it out, or ask a sales manager to set it"


class OwnerNotAllowed(Forbidden):
    """Somebody who may only have customers of their own named another owner."""

    code = "owner_not_allowed"
