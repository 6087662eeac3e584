"""The kinds of refusal every room may raise; the edge translates each kind to one HTTP status."""

from __future__ import annotations


class MeridianError(Exception):
    """A refusal that a person or a program can act upon.

    ``message`` says what is wrong, ``field`` names the input that caused it (dotted path), ``cure`` says what
    to do about it, and ``figures`` are the numbers behind the decision; all are shown to the caller.
    """

    code = "error"

    def __init__(
        self, message: str, *, field: str | None = None, cure: str | None = None, **figures: object
    ) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.cure = cure
        self.figures = figures


class Invalid(MeridianError):
    """The input can never be accepted as it stands (HTTP 422)."""

    code = "invalid"


class NotFound(MeridianError):
    """There is no such thing, or the caller may not know that there is (HTTP 404)."""

    code = "not_found"


class Forbidden(MeridianError):
    """The caller is known but may not do this (HTTP 403)."""

    code = "forbidden"


class Refused(MeridianError):
    """A business rule says no in the present state (HTTP 409)."""

    code = "refused"


class VersionMismatch(MeridianError):
    """Somebody else changed the document since the caller read it (HTTP 412)."""

    code = "version_mismatch"


class Later(MeridianError):
    """A fact that this message needs has not arrived yet; the consumer parks the message and tries again soon."""

    code = "later"
