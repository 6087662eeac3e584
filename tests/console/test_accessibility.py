"""Every screen, in light and dark, on desk and phone: no serious finding of axe, and nothing wider than the phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.console.admin_work import a_flow, a_parked_message, a_policy, a_promotion, an_audit, own_fields
from tests.console.books_work import a_bank_line, a_credit_note
from tests.console.conftest import ROOT
from tests.console.desk_work import a_lead, a_ticket, an_opportunity
from tests.console.person import PHONE, Person
from tests.console.screens import SCREENS, WHO, settled
from tests.console.warehouse_work import a_count, a_picked_note, a_purchase, a_received_return, a_return
from tests.e2e.world import World

Enter = Callable[..., Person]
AXE = ROOT / "gateway" / "console" / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def documents(system: Any) -> dict[str, str]:
    """Give one document of each kind, so that no screen is looked at empty."""
    world = World(system)
    item, other, customer = world.item(stock="5"), world.item(stock="5"), world.customer()
    order = world.order(customer, (item, "2"))
    world.ship(world.delivery(order), [{"order_line_id": order["lines"][0]["id"], "quantity": "1"}])
    (invoice, *_) = world.invoices(order)
    paid = {"customer_id": customer["id"], "amount": invoice["open"], "reference": invoice["number"]}
    payment = system["fay"].post("/payments", paid, key=world.name("pay"))
    ticket = a_ticket(world, customer, item)
    opportunity = an_opportunity(world, customer, item, "Pumps for the new hall")
    lead = a_lead(world, world.name("Quay Works"))
    held = world.order(customer, (item, "50"), wait_s=0)
    world.until_held(held, "stock")
    an_audit(system)
    own_fields(world)
    gone = world.order(customer, (other, "3"))
    world.ship(world.delivery(gone))
    allowed = a_return(world, gone, "1")
    world.system["mia"].post(f"/returns/{allowed['id']}/approve", {}, key=world.name("yes"))
    return {
        "shipped": gone["id"],
        "return": a_return(world, gone, "1")["id"],
        "return_allowed": allowed["id"],
        "return_received": a_received_return(world, gone, "1")["id"],
        "customer": customer["id"],
        "order": held["id"],
        "item": item["id"],
        "quotation": order["quotation_id"],
        "delivery": world.delivery(order)["id"],
        "invoice": invoice["id"],
        "payment": payment["id"],
        "credit_note": a_credit_note(world, invoice, "5.00")["id"],
        "bank_line": a_bank_line(world, invoice)["id"],
        "ticket": ticket["id"],
        "article": world.system["sid"].every("/articles")[0]["id"],
        "opportunity": opportunity["id"],
        "lead": lead["id"],
        "order_type": world.system["mia"].every("/order-types")[0]["id"],
        "flow": a_flow(world)["id"],
        "policy": a_policy(world, item)["id"],
        "picked": a_picked_note(world, other, "2")["id"],
        "purchase": a_purchase(world, other, "4")["id"],
        "count": a_count(world, other)["id"],
        "promotion": a_promotion(world, item)["id"],
        "parked": a_parked_message(system),
    }


def findings(page: Page) -> list[str]:
    """Return what axe finds serious on the page as it is."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{each['id']}: {each['help']} {[node['target'] for node in each['nodes']][:3]}"
        for each in found["violations"]
        if each["impact"] in SERIOUS
    ]


def test_axe_finds_what_is_wrong(person: Enter) -> None:
    page = person("mia").page
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<button></button>')")

    assert [each for each in findings(page) if each.startswith("button-name")]


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize("role", sorted(WHO))
def test_no_screen_has_a_serious_finding(
    person: Enter, documents: dict[str, str], role: str, phone: bool
) -> None:
    who, faults = person(WHO[role], phone=phone), []
    for screen in [each for each in SCREENS if each.role == role]:
        page = who.go(screen.path.format(**documents))
        settled(page)
        for theme in ("light", "dark"):
            page.evaluate(
                f"document.documentElement.classList.toggle('dark', {str(theme == 'dark').lower()})"
            )
            faults += [f"{screen.name}, {theme}: {each}" for each in findings(page)]
        wide = page.evaluate("document.documentElement.scrollWidth")
        if phone and wide > PHONE["width"]:
            faults.append(f"{screen.name}: {wide} wide")
    assert not faults, "\n".join(faults)


def test_the_login_has_no_serious_finding(person: Enter) -> None:
    who = person("mia")
    who.log_out()

    assert findings(who.page) == []


def test_what_a_browser_loads_at_first_is_small(person: Enter) -> None:
    """Login and home together: at most 300 kB of script, as it goes over the wire."""
    sizes: dict[str, int] = {}
    who = person("mia")
    who.context.on("response", lambda answer: sizes.update({answer.url: _size(answer)}))
    who.context.clear_cookies()
    who.page.goto(f"{who.url}/login")
    who.log_in("mia")
    settled(who.page)
    scripts = sum(size for url, size in sizes.items() if Path(url).suffix == ".js")

    assert 20_000 < scripts <= 300_000


def _size(answer: Any) -> int:
    return int(answer.headers.get("content-length", 0))
