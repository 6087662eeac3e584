"""What a service says once, to have rows of one kind brought in over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from libs.common.db import Transaction
from libs.common.importing import Format, Loader

Owners = Mapping[str, str]
"""User ids by login name."""


@dataclass(frozen=True)
class ImportMount:
    """Rows of one format.

    ``noun`` stands before the address (``customer`` gives ``/customer-imports``). ``loader`` returns what takes the
    rows, with all that it has to know beside them; ``by_owner`` says that rows name users, whose ids the caller sends.
    """

    noun: str
    format: Format
    loader: Callable[[Transaction, Owners], Loader]
    by_owner: bool = False

    @property
    def name(self) -> str:
        """The kind in words, such as ``credit limits``."""
        return self.format.name.replace("_", " ")

    @property
    def prefix(self) -> str:
        """The address, below the API's."""
        return f"/{self.noun}-imports"


def plainly(loader: Loader) -> Callable[[Transaction, Owners], Loader]:
    """Return a mount's ``loader`` that has nothing to know beside the rows."""
    return lambda _tx, _owners: loader
