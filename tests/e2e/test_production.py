"""What is not there is made by itself: from the shortage to the delivery; through the gateway, in both modes."""

from __future__ import annotations

from typing import Any

from meridian.demo.people import wait_for
from tests.e2e.test_procurement import Buyers, assert_sound, waiting
from tests.e2e.world import World


class Makers(Buyers):
    """Wim, who releases, makes and reports."""

    def made_of(self, item: Any, *parts: tuple[Any, str]) -> None:
        """Let an item be made of parts of (item, quantity) when it runs short."""
        components = [{"item_id": part["id"], "quantity": quantity} for part, quantity in parts]
        self.post(self.wim, "/boms", {"item_id": item["id"], "output": "1", "components": components})
        self.wim.put(f"/items/{item['id']}/supply-policy", {"method": "make"})

    def order(self, item: Any, **wanted: str) -> Any:
        """Return the production order of an item once it is as wanted."""

        def look() -> Any:
            found = self.wim.every("/production-orders", item_id=item["id"])
            return next((each for each in found if wanted.items() <= each.items()), None)

        return wait_for(look, f"a production order with {wanted}")

    def act(self, person: Any, order: Any, verb: str, body: dict[str, Any] | None = None) -> Any:
        return self.post(person, f"/production-orders/{order['id']}/{verb}", body or {})


def test_r3_5_a_shortage_is_made_by_itself_and_what_is_finished_frees_the_order_that_waits(
    world: World,
) -> None:
    customer, makers = world.customer(limit="90000.00"), Makers(world)
    pump, rotor, steel = world.item(stock="1"), world.item(), world.item(stock="4")
    makers.made_of(pump, (rotor, "1"))
    makers.made_of(rotor, (steel, "2"))
    makers.let_it_be_bought(steel)

    sold = waiting(world, customer, pump, "4")
    order = makers.order(pump, state="request", need="3", origin="shortage")
    assert order["requested_by"] is None
    released = makers.act(makers.wim, order, "release")
    assert (released["state"], released["components"][0]["missing"]) == ("waiting", "3")
    below = makers.order(rotor, state="request", need="3")
    makers.act(makers.wim, below, "release")
    assert makers.asked(steel, state="open")["need"] == "2"
    when = world.system["sam"].get(f"/items/{pump['id']}/availability")
    assert [(each["number"], each["quantity"]) for each in when["in_production"]] == [(order["number"], "3")]

    world.receive(steel["id"], "2")
    makers.order(rotor, state="assigned")
    makers.act(makers.wim, below, "start")
    makers.act(makers.wim, below, "reports", {"finished": "3"})
    makers.order(pump, state="assigned")
    makers.act(makers.wim, order, "start")
    makers.act(makers.wim, order, "reports", {"finished": "2"})
    assert [hold["code"] for hold in world.open_holds(sold)] == ["stock"]
    done = makers.act(makers.wim, order, "reports", {"finished": "1"})

    assert (done["state"], done["finished"]) == ("done", "3")
    world.until(sold, "the confirmation", state="confirmed")
    world.ship(world.delivery(sold))
    moves = makers.wim.every("/stock-moves", document_id=done["reports"][1]["id"])
    assert {(move["kind"], move["quantity"]) for move in moves} == {
        ("production", "1"),
        ("consumption", "-1"),
    }
    assert makers.asked(steel, state="cancelled")["reason"] == "the need is gone"
    assert_sound(world)


def test_r2_3_it_says_what_an_item_takes_over_all_levels_and_where_it_is_used(world: World) -> None:
    makers = Makers(world)
    pump, rotor, steel = (world.item() for _ in range(3))
    makers.made_of(rotor, (steel, "1.5"))
    makers.made_of(pump, (rotor, "2"), (steel, "1"))

    found = makers.wim.get(f"/boms/{pump['id']}?quantity=3")
    assert [(each["level"], each["sku"], each["quantity"]) for each in found["explosion"]] == [
        (1, rotor["sku"], "6"),
        (2, steel["sku"], "9"),
        (1, steel["sku"], "3"),
    ]
    used = makers.wim.get(f"/boms/{rotor['id']}")["where_used"]
    assert [(each["sku"], each["quantity"]) for each in used] == [(pump["sku"], "2")]
