"""What forms refuse, each with the code that callers may act upon."""

from __future__ import annotations

from collections.abc import Iterable

from libs.common.errors import Forbidden, Invalid, MeridianError, NotFound, VersionMismatch


class FormInvalid(Invalid):
    """A form contradicts itself, or would take away what documents say already."""

    code = "form_invalid"


class FormNotFound(NotFound):
    """There is no such kind of document here, or no such version of its form."""

    code = "form_not_found"
    usual_cure = "list the forms"


class FormOutdated(VersionMismatch):
    """Somebody defined the next version meanwhile."""

    code = "form_outdated"
    usual_cure = "read the form again, and define the next version from that"


class FieldInvalid(Invalid):
    """A value does not fit its field, or there is no such field."""

    code = "field_invalid"


class FieldNotYours(Forbidden):
    """The field may be filled in by other roles only."""

    code = "field_not_yours"


class FieldsRefused(Invalid):
    """Several values do not fit; ``reasons`` has one refusal of each."""

    code = "field_invalid"

    def __init__(self, reasons: Iterable[MeridianError]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("; ".join(why.message for why in self.reasons[:3]))
