"""What the service desk refuses, each with the code that callers may act upon."""

from __future__ import annotations

from libs.common.errors import Forbidden, Invalid, NotFound, Refused


class UnknownCustomer(Invalid):
    """A ticket names a customer that the desk does not know, or that the caller may not know of."""

    code = "unknown_customer"


class NotHeldByCustomer(Invalid):
    """A ticket names an order or an item of which nothing was ever shipped to its customer."""

    code = "not_held_by_customer"


class DateInFuture(Invalid):
    """Something was dated later than tomorrow."""

    code = "date_in_future"


class ResolvedBeforeOpened(Invalid):
    """A ticket would be resolved on a day before the one on which it was opened."""

    code = "resolved_before_opened"


class CustomerNotFound(NotFound):
    """There is no such customer, or the caller may not know of it."""

    code = "customer_not_found"


class TicketNotFound(NotFound):
    """There is no such ticket, or the caller may not know of it."""

    code = "ticket_not_found"


class TicketNumberTaken(Refused):
    """Another ticket already has this number."""

    code = "ticket_number_taken"


class TicketStateRefuses(Refused):
    """The ticket is past, or before, the point where this can be done."""

    code = "ticket_state"


class QueueNotYours(Forbidden):
    """The ticket lies in a queue that another department works on."""

    code = "queue_not_yours"


class CalendarInvalid(Invalid):
    """Working hours that cannot be kept."""

    code = "calendar_invalid"


class SlaInvalid(Invalid):
    """A policy that promises some tickets nothing, or what cannot be kept."""

    code = "sla_invalid"


class FindingInvalid(Invalid):
    """What was noted names something that is not known here."""

    code = "finding_invalid"


class NoDeadlines(NotFound):
    """The ticket was written down after the fact: nothing was promised for it."""

    code = "no_deadlines"


class PeriodWrong(Invalid):
    """A period that ends before it begins."""

    code = "period_wrong"


class ItemNotFound(NotFound):
    """There is no such item."""

    code = "item_not_found"


class RoutingInvalid(Invalid):
    """Rules of routing that cannot be followed."""

    code = "routing_invalid"


class NotRoutedHere(NotFound):
    """The ticket is from before it was written down how tickets are routed."""

    code = "not_routed_here"
