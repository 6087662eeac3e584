"""The kinds of refusal every room may raise; the edge translates each kind to one HTTP status."""

from __future__ import annotations

from collections.abc import Iterable


class MeridianError(Exception):
    """A refusal that a person or a program can act upon.

    ``message`` says what is wrong, ``field`` names the input that caused it (dotted path), ``cure`` says what
    to do about it, and ``figures`` are the numbers behind the decision; all are shown to the caller.
    A kind of refusal that is always cured the same way says so once, in ``usual_cure``.
    """

    code = "error"
    usual_cure: str | None = None
    reasons: tuple[MeridianError, ...] = ()
    """Where several things are wrong at once: one refusal of each."""

    def __init__(
        self, message: str, *, field: str | None = None, cure: str | None = None, **figures: object
    ) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.cure = cure or self.usual_cure
        self.figures = figures


class Invalid(MeridianError):
    """The input can never be accepted as it stands (HTTP 422)."""

    code = "invalid"


class EntriesRefused(Invalid):
    """A command of many entries is refused whole; ``refusals`` pairs each bad entry's place, from 0, with its reason.

    An entry stands there once for each thing that is wrong with it.
    """

    code = "entries_refused"

    def __init__(self, refusals: Iterable[tuple[int, MeridianError]]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("; ".join(f"entry {place}: {why.message}" for place, why in self.refusals[:3]))


class NotFound(MeridianError):
    """There is no such thing, or the caller may not know that there is (HTTP 404)."""

    code = "not_found"
    usual_cure = "check the id, or list what you may see"


class Forbidden(MeridianError):
    """The caller is known but may not do this (HTTP 403)."""

    code = "forbidden"


class Refused(MeridianError):
    """A business rule says no in the present state (HTTP 409)."""

    code = "refused"


class VersionMismatch(MeridianError):
    """Somebody else changed the document since the caller read it (HTTP 412)."""

    code = "version_mismatch"
    usual_cure = "read it again and repeat the change"


class Later(MeridianError):
    """A fact that this message needs has not arrived yet; the consumer parks the message and tries again soon."""

    code = "later"
