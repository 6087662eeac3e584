"""A prepared company: one finished order with everything that hangs on it, and fresh documents in every state.

Each file makes the documents of one topic and stands on those that it needs; ``whole`` joins them.
"""

from tests.security.shelf.users import PASSWORD
from tests.security.shelf.whole import Shelf

__all__ = ["PASSWORD", "Shelf"]
