"""Ids that a terminal gives to what it begins before anybody can be asked, so that what follows can name it."""

from __future__ import annotations

from libs.common.errors import Invalid, Refused


class GivenIdTaken(Refused):
    """There is a document with the id that was given to this one."""

    code = "id_taken"
    usual_cure = "give each document a new UUIDv7; send the same act again under its own Idempotency-Key"


class GivenIdNotInOrder(Invalid):
    """The id is not in time order, so that an index would not grow at one end."""

    code = "id_not_in_order"
    usual_cure = "give a UUIDv7, or none"
