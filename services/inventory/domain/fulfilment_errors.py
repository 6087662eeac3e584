"""What is refused on the way from the shelf to the customer's door."""

from __future__ import annotations

from libs.common.errors import Invalid, NotFound, Refused


class LotNotOnNote(Invalid):
    """A lot was named that the delivery note does not propose for the line."""

    code = "lot_not_on_note"
    usual_cure = "name a lot that the note shows for this line"


class LotReasonMissing(Invalid):
    """Another lot than the proposed one was taken, and nobody said why."""

    code = "lot_reason_missing"


class LotExpired(Refused):
    """A lot whose day is over may not leave the house."""

    code = "lot_expired"


class LotNotAvailable(Refused):
    """Less of the lot is free than was taken of it: it is not there, or promised to other orders."""

    code = "lot_not_available"


class NothingPicked(Invalid):
    """A pick of nothing that leaves a note behind."""

    code = "nothing_picked"


class DiscrepancyNotFound(NotFound):
    """There is no such stock discrepancy."""

    code = "discrepancy_not_found"
    usual_cure = "list the stock discrepancies"


class DiscrepancySettled(Refused):
    """A stock discrepancy is settled once."""

    code = "discrepancy_settled"


class FoundMoreThanMissing(Invalid):
    """More was found again than was missing."""

    code = "found_more_than_missing"


class CarrierNotFound(NotFound):
    """There is no such carrier."""

    code = "carrier_not_found"
    usual_cure = "list the carriers"


class CarrierCodeTaken(Refused):
    """Another carrier has this code."""

    code = "carrier_code_taken"


class UnknownCarrier(Invalid):
    """A shipment names a carrier that there is not, or that is not used any more."""

    code = "unknown_carrier"
    usual_cure = "name an active carrier, or open one first"


class TrackingUrlWithoutNumber(Invalid):
    """A carrier's tracking address does not say where the number belongs, or is no web address."""

    code = "tracking_url_without_number"


class TrackingNumberTaken(Refused):
    """Another delivery went with this carrier under this number."""

    code = "tracking_number_taken"


class TrackingWithoutCarrier(Invalid):
    """Tracking numbers were given, and no carrier to whom they belong."""

    code = "tracking_without_carrier"


class DeliveredBeforeShipped(Invalid):
    """Goods cannot arrive before they left."""

    code = "delivered_before_shipped"


class PackingIncomplete(Refused):
    """Something of what was picked is neither in a package nor left out."""

    code = "packing_incomplete"


class PackedLeavesWhole(Refused):
    """What is packed leaves as it is packed, not in parts."""

    code = "packed_leaves_whole"
    usual_cure = "ship all of it, or put it back and pack anew"


class PackingRequired(Refused):
    """The warehouse ships only what is packed."""

    code = "packing_required"


class ShipsComplete(Refused):
    """The order leaves in one piece or not at all."""

    code = "ships_complete"


class PickListNotFound(NotFound):
    """There is no such pick list."""

    code = "pick_list_not_found"
    usual_cure = "list the pick lists"


class PickListStateRefuses(Refused):
    """A pick list is picked or given up once."""

    code = "pick_list_state"
    usual_cure = "read the pick list again"


class NoteNotForPickList(Refused):
    """A note is not ready, is of another warehouse, or is on another pick list."""

    code = "note_not_for_pick_list"
    usual_cure = "leave it out, or pick it by itself"


class NothingToPick(Refused):
    """No note is ready that is on no pick list."""

    code = "nothing_to_pick"
    usual_cure = "wait for orders, or pick what is on the lists"


class GroupNamedTwice(Invalid):
    """A group of customers stands twice in the rule of the queue."""

    code = "group_named_twice"
