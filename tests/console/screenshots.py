"""Takes a picture of each main screen, in both languages, on desk and phone; people look at them after a change.

python -m tests.console.screenshots docs/console [names of screens]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.console.desk_work import a_lead, a_ticket, an_opportunity
from tests.console.person import Person
from tests.console.screens import SCREENS, WHO, settled
from tests.e2e.systems import System, start_embedded
from tests.e2e.world import World, usd

ROOT = Path(__file__).resolve().parents[2]
QUALITY = 60


def main() -> None:
    """Write a JPEG of each screen, or of those that are named, into the folder that is named."""
    folder, only = Path(sys.argv[1]), set(sys.argv[2:])
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run([ROOT / "deploy" / "setup" / "console.sh"], check=True, cwd=ROOT)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        system = start_embedded(Path(home))
        documents = a_working_day(World(system))
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-dev-shm-usage"],
        )
        for language, phone in (("en", False), ("zh", True), ("zh", False), ("en", True)):
            _take(browser, system, documents, folder, only, language=language, phone=phone)
        browser.close()
        system.stop()


def _take(
    browser: Browser,
    system: System,
    documents: dict[str, str],
    folder: Path,
    only: set[str],
    *,
    language: str,
    phone: bool,
) -> None:
    """Take the screens that are named, or all."""
    wanted = [each for each in SCREENS if not only or each.name in only]
    for role in dict.fromkeys(each.role for each in wanted):
        who = WHO[role]
        person = Person(browser, system, phone=phone, language=language)
        person.log_in(who)
        for screen in [each for each in wanted if each.role == role]:
            page = person.go(screen.path.format(**documents))
            settled(page)
            name = f"{screen.name}-{language}-{'phone' if phone else 'desktop'}.jpg"
            page.screenshot(path=folder / name, type="jpeg", quality=QUALITY)
        person.leave()


def a_working_day(world: World) -> dict[str, str]:
    """Prepare what a company has on its desks at noon; return one document of each kind."""
    names = (
        ("PUMP-40", "Circulation pump 40 W"),
        ("VALVE-A", "Ball valve DN25"),
        ("SEAL-9", "Shaft seal 9 mm"),
    )
    prices = ("412.00", "38.50", "9.20")
    items = [_item(world, *name, price) for name, price in zip(names, prices, strict=True)]
    buyers = [
        _buyer(world, *each)
        for each in (("H-101", "Harbor Pumps"), ("N-204", "华北水务设备"), ("B-317", "Bergmann AG"))
    ]
    first = world.order(buyers[0], (items[0], "4"), (items[1], "20"))
    world.ship(world.delivery(first), [{"order_line_id": first["lines"][0]["id"], "quantity": "3"}])
    (invoice, *_) = world.invoices(first)
    paid = {"customer_id": buyers[0]["id"], "amount": invoice["open"], "reference": f"RE {invoice['number']}"}
    payment = world.system["fay"].post("/payments", paid, key=world.name("pay"))
    ticket = a_ticket(world, buyers[0], items[0])
    opportunity = an_opportunity(world, buyers[1], items[2], "Seals for the new hall", "qualified")
    an_opportunity(world, buyers[2], items[0], "Pumps, yearly contract", "proposition")
    an_opportunity(world, buyers[0], items[1], "Second line")
    lead = a_lead(world, "Quay Works")
    a_lead(world, "Nordsee Technik GmbH")
    waiting = world.order(buyers[0], (items[1], "900"), (items[2], "15"), wait_s=0)
    world.until_held(waiting, "stock")
    second = world.order(buyers[1], (items[2], "40"))
    world.delivery(second)
    asked = _asked_for(world, buyers[2], items[0])
    return {
        "customer": buyers[0]["id"],
        "order": waiting["id"],
        "quotation": asked["id"],
        "delivery": world.delivery(first)["id"],
        "payment": payment["id"],
        "ticket": ticket["id"],
        "opportunity": opportunity["id"],
        "lead": lead["id"],
    }


def _item(world: World, sku: str, name: str, price: str) -> Any:
    admin = world.system["admin"]
    item = admin.post("/items", {"sku": sku, "name": name, "uom": "piece", "decimals": 0}, key=sku)
    policy = {
        "name": f"List {sku}",
        "currency": "USD",
        "lines": [{"item_id": item["id"], "min_quantity": "1", "unit_price": usd(price)}],
    }
    world.priced(policy, sku)
    world.receive(item["id"], "120")
    return item


def _buyer(world: World, number: str, name: str) -> Any:
    body = {"name": name, "number": number, "city": "Rotterdam", "phone": "+31 10 555 0101"}
    made = world.system["sam"].post("/customers", body, key=number)
    world.arrived(made["id"])
    world.system["fay"].put(f"/accounts/{made['id']}/credit-limit", {"limit": usd("60000.00")})
    return made


def _asked_for(world: World, buyer: Any, item: Any) -> Any:
    """Have a discount wait for a manager's yes."""
    clauses = [{"field": "largest_discount", "comparison": "at_least", "percent": "10"}]
    steps = [{"name": "Sales manager", "approvers": [{"kind": "role", "name": "sales_manager"}]}]
    flow = {"name": "Deep discounts", "cases": [{"clauses": clauses}], "steps": steps}
    world.system["mia"].post("/approval-flows", flow, key="flow")
    line = {"item_id": item["id"], "quantity": "6", "discount_percent": "18"}
    sam = world.system["sam"]
    made = sam.post("/quotations", {"customer_id": buyer["id"], "lines": [line]}, key=world.name("quote"))
    return sam.post(f"/quotations/{made['id']}/send", {}, key=world.name("send"))


if __name__ == "__main__":
    main()
