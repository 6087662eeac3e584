"""A field for what other services say in their own words."""

from __future__ import annotations

from typing import Any

from marshmallow.fields import Field


class Anything(Field[Any]):
    """JSON of any form, passed on as it came."""
