"""What is refused about serial numbers."""

from __future__ import annotations

from libs.common.errors import Invalid, NotFound, Refused


class SerialsMissing(Invalid):
    """Units of an item that is kept by serial number were moved, and not as many serials were named."""

    code = "serials_missing"
    usual_cure = "name the serial of each unit, or ranges of them such as SN0001..SN0050"


class SerialsNotTracked(Invalid):
    """Serials were named of an item that is not kept by serial number."""

    code = "serials_not_tracked"
    usual_cure = "leave the serials out"


class SerialNamedTwice(Invalid):
    """The same serial was named twice in one request."""

    code = "serial_named_twice"
    usual_cure = "name each serial once"


class SerialRangeInvalid(Invalid):
    """A range of serials does not count up, or holds too many."""

    code = "serial_range_invalid"
    usual_cure = "write it as SN0001..SN0050: the same letters, as many digits, from the first to the last"


class SerialMalformed(Invalid):
    """A serial is too long, or holds a space or a slash."""

    code = "serial_malformed"
    usual_cure = "give up to 64 characters without spaces and slashes"


class SerialNeedsWholeUnits(Invalid):
    """A serial is one unit: its item cannot be divided, and is not kept by lot as well."""

    code = "serial_needs_whole_units"
    usual_cure = "give it 0 decimals and no lots"


class SerialKnown(Refused):
    """A serial was to come in that is here already, or left for good or to a customer."""

    code = "serial_known"


class SerialNotThere(Refused):
    """A serial is not where it was to be taken from: not in stock there, or in somebody else's hands."""

    code = "serial_not_there"
    usual_cure = "look the serial up at GET /api/v1/serials and name one that is there"


class SerialNotShipped(Refused):
    """A serial was to come back that did not leave on this line of this delivery."""

    code = "serial_not_shipped"
    usual_cure = "name a serial that the delivery note shows for the line"


class SerialAnnounced(Refused):
    """Another return that is open holds the serial."""

    code = "serial_announced"
    usual_cure = "go on with that return, or cancel it"


class SerialNotFound(NotFound):
    """There is no such serial of the item."""

    code = "serial_not_found"
    usual_cure = "look it up at GET /api/v1/serials"
