"""What a service says once, to have forms of its documents over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from libs.common.db import Transaction
from libs.common.forms import Form, FormKind
from libs.common.web import Strict


@dataclass(frozen=True)
class FormsMount:
    """Forms of one service.

    ``prefix`` stands before the address (``crm`` gives ``/crm-forms``); ``authors`` define forms; ``told`` tells
    others of a new version, in the same commit, where they decide on what the documents say.
    """

    prefix: str
    about: str
    kinds: tuple[FormKind, ...]
    authors: tuple[str, ...]
    told: Callable[[Transaction, Form], None] | None = None

    @property
    def documents(self) -> tuple[str, ...]:
        """The names of the kinds."""
        return tuple(kind.name for kind in self.kinds)

    def kind(self, name: str) -> FormKind:
        """Return the kind of this name."""
        return next(each for each in self.kinds if each.name == name)


def names_of(*shown: type[Strict]) -> frozenset[str]:
    """Return the names under which documents show what is their own: no field of a form may have one of them."""
    return frozenset(field.data_key or name for each in shown for name, field in each().fields.items())
