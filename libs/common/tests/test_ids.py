"""A derived id is the same on every machine, at every attempt and in every version: messages already sent bear it."""

from __future__ import annotations

import uuid

import pytest

from libs.common.ids import SystemIds, derived_id, is_id, is_time_ordered, unguessable_id

NAMESPACE = uuid.UUID("6f1d9a52-2f0b-5c0e-9a3e-0c6a4a1f7b10")


@pytest.mark.parametrize(
    "parts", [("saga", "order_to_cash", "o-1"), ("",), ("é", "中", "\x00"), ("a" * 300, "b")]
)
def test_a_derived_id_is_the_uuid5_of_its_parts(parts: tuple[str, ...]) -> None:
    assert derived_id(*parts) == str(uuid.uuid5(NAMESPACE, "\x1f".join(parts)))
    assert is_id(derived_id(*parts))


def test_parts_are_kept_apart() -> None:
    assert derived_id("a", "b") != derived_id("ab")


def test_only_a_uuid_of_version_7_is_in_time_order() -> None:
    made = SystemIds().new()
    assert is_time_ordered(made)
    assert not any(map(is_time_ordered, [made.upper(), derived_id("a"), unguessable_id(), "", "7"]))
