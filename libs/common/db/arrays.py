"""A list of values as one parameter, where PostgreSQL can take it: ``= ANY (array)`` instead of ``IN (one, two, ...)``.

The text is then the same for a list of any length, so there is one plan, and the plan is a good one: parameters that
are listed one by one are put together again for each row that is looked at, an array is there once.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import BinaryExpression, BindParameter, String, all_, any_, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql import operators, visitors
from sqlalchemy.types import TypeEngine


def with_arrays(statement: Any, names: Collection[str]) -> Any:
    """Return ``statement`` with its expanding parameters that are in ``names`` as arrays."""

    def replace(element: Any, **_: Any) -> Any:
        if not isinstance(element, BinaryExpression) or not _is_list(element.right, names):
            return None
        array = bindparam(element.right.key, type_=ARRAY(_unbounded(element.right.type)))
        if element.operator is operators.in_op:
            return element.left == any_(array)
        if element.operator is operators.not_in_op:
            return element.left != all_(array)
        return None

    return visitors.replacement_traverse(statement, {}, replace)


def _unbounded(type_: TypeEngine[Any]) -> TypeEngine[Any]:
    """Return the type of text without its length: cast to it, a text that is too long would be cut and then found."""
    return String() if isinstance(type_, String) else type_


def _is_list(element: Any, names: Collection[str]) -> bool:
    return isinstance(element, BindParameter) and element.expanding and element.key in names
