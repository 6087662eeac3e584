"""What is refused about opportunities, each with the code that callers may act upon."""

from __future__ import annotations

from libs.common.errors import Invalid, NotFound, Refused


class OpportunityNotFound(NotFound):
    """There is no such opportunity, or the caller may not know of it."""

    code = "opportunity_not_found"
    usual_cure = "list the opportunities"


class OpportunityStateRefuses(Refused):
    """The opportunity is past, or before, the point where this can be done."""

    code = "opportunity_state"


class NothingToQuote(Refused):
    """An opportunity without lines is to be quoted."""

    code = "nothing_to_quote"
    usual_cure = "add lines to the opportunity first"


class AlreadyQuoted(Refused):
    """There is a quotation of this opportunity that the customer can still accept, or one is being drawn up."""

    code = "already_quoted"


class AlreadyOrdered(Refused):
    """The customer has ordered: the opportunity cannot be open again."""

    code = "already_ordered"


class UnknownStage(Invalid):
    """A stage is named that the pipeline does not have."""

    code = "unknown_stage"


class StageListWrong(Invalid):
    """The stages of a pipeline contradict each other."""

    code = "stage_list_wrong"
    usual_cure = "name each stage once"


class StageInUse(Refused):
    """A stage in which there are open opportunities would disappear."""

    code = "stage_in_use"


class UnknownItem(Invalid):
    """A line names an item that crm has not heard of."""

    code = "unknown_item"
    usual_cure = "choose one from GET /api/v1/items"


class ItemNotSold(Invalid):
    """A line names an item that is not sold any more."""

    code = "item_not_sold"
    usual_cure = "choose another item"


class QuantityWrong(Invalid):
    """A line wants nothing, or wants it more finely than the item is divided."""

    code = "quantity_wrong"


class ValueWrong(Invalid):
    """The value of an opportunity is negative, or in another currency than its customer's."""

    code = "value_wrong"
