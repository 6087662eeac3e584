"""Who may listen to what."""

from __future__ import annotations

import pytest

from libs.common.inbox import Subscriptions


def handler(tx: object, view: object, message: object) -> None:
    """Do nothing."""


def other(tx: object, view: object, message: object) -> None:
    """Do nothing either."""


def test_types_are_merged_in_order() -> None:
    first, second = Subscriptions("room"), Subscriptions("room")
    first.on("shop.sale.made.v1")(handler)
    second.on("shop.sale.made.v1")(other)
    second.on("mill.flour.ground.v1")(other)
    merged = first.merge(second)
    assert merged.types() == ("mill.flour.ground.v1", "shop.sale.made.v1")
    assert [s.handler for s in merged.handlers_of("shop.sale.made.v1")] == [handler, other]
    assert first.types() == ("shop.sale.made.v1",), "the parts stay as they were"


def test_what_is_made_ready_is_merged_too() -> None:
    made: list[str] = []
    first, second = Subscriptions("room"), Subscriptions("room")
    first.before_all(lambda _tx, _messages: made.append("first"))
    second.before_all(lambda _tx, _messages: made.append("second"))
    first.merge(second).prepare(None, [])  # type: ignore[arg-type]
    assert made == ["first", "second"]


def test_a_command_has_one_handler_in_the_service_it_names() -> None:
    room = Subscriptions("room")
    room.on("room.count_stock.v1")(handler)
    with pytest.raises(ValueError, match="has a handler already"):
        room.on("room.count_stock.v1")(other)
    with pytest.raises(ValueError, match="goes to the service it names"):
        room.on("shop.close.v1")(handler)


def test_a_handler_cannot_be_registered_twice_nor_for_a_wrong_name() -> None:
    room = Subscriptions("room")
    room.on("shop.sale.made.v1")(handler)
    with pytest.raises(ValueError, match="registered"):
        room.on("shop.sale.made.v1")(handler)
    for name in ("shop.sale.made", "Shop.sale.made.v1", "shop.sale.made.v0", "shop.v1"):
        with pytest.raises(ValueError, match="not the name"):
            room.on(name)(handler)


def test_subscriptions_of_two_services_do_not_mix() -> None:
    with pytest.raises(ValueError, match="do not belong"):
        Subscriptions("room").merge(Subscriptions("shop"))


def test_a_service_takes_every_command_to_it_but_only_the_events_it_wants() -> None:
    room = Subscriptions("room")
    room.on("shop.sale.made.v1")(handler)
    assert room.takes("shop.sale.made.v1")
    assert room.takes("room.count_stock.v1")
    assert not room.takes("shop.sale.undone.v1")
    assert not room.takes("shop.count_stock.v1")
    assert room.knows_stem("shop.sale.made.v2")
    assert not room.knows_stem("shop.sale.undone.v2")
