"""R7.4: whoever has, wrote, decided or did something is shown by name, everywhere; a person is chosen by name."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.request import Request, urlopen
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect

from libs.common.clock import SystemClock
from meridian.demo.gateway import Gateway
from meridian.demo.gateway import Person as Caller
from tests.console.books_work import a_credit_note
from tests.console.desk_work import a_lead, a_ticket, an_opportunity
from tests.console.person import PATIENCE_MS, Person
from tests.console.warehouse_work import a_count, a_purchase
from tests.e2e.world import World

Enter = Callable[..., Person]
NOBODY = re.compile(r"Unknown person|[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-")
"""What stands where a name should: that there is none, or an id."""


def _names(world: World) -> dict[str, str]:
    """Return what each person is called, by login name."""
    return {each["username"]: each["name"] for each in world.system["admin"].every("/users")}


def _shows(place: Page | Locator, *names: str) -> None:
    """Wait until these names are there; nobody is unknown, and nobody is an id."""
    box = place.locator("main#content") if isinstance(place, Page) else place
    for name in names:
        expect(box).to_contain_text(name, timeout=PATIENCE_MS)
    expect(box).not_to_contain_text(NOBODY)


def _pick(box: Locator, text: str) -> None:
    """Open a list of people, type, and take who is found."""
    box.click(force=True)
    box.fill(text)
    box.page.locator(".el-select-dropdown:visible .el-select-dropdown__item", has_text=text).first.click()


def test_r7_4_sellers_see_the_names_of_who_has_and_who_did_what(person: Enter, world: World) -> None:
    customer, item, called = world.customer(), world.item(stock="5"), _names(world)
    order = world.order(customer, (item, "1"))
    made = an_opportunity(world, customer, item, world.name("New hall"))
    lead = a_lead(world, world.name("Quay Works"))
    mia = person("mia")
    rows = {"/leads": lead["company_name"], "/quotations": customer["name"], "/orders": order["number"]}
    for path, text in rows.items():
        _shows(mia.go(path).locator("tbody tr", has_text=text).first, called["sam"])
    _shows(mia.go("/opportunities").locator(f"[data-card={made['number']}]"), called["sam"])
    _shows(mia.go(f"/opportunities/{made['id']}"), called["sam"])
    _shows(mia.go(f"/quotations/{order['quotation_id']}"), called["sam"])
    page = mia.go(f"/orders/{order['id']}")
    _shows(page.locator(".timeline"), called["sam"])
    _shows(page, called["sam"])
    _shows(mia.go(f"/customers/{customer['id']}").locator("[data-section=relationship]"), called["sam"])
    _shows(mia.go("/customers"), called["sam"])


def test_r7_4_clerk_accountant_and_technician_see_the_names_of_colleagues(
    person: Enter, world: World
) -> None:
    customer, item, called = world.customer(), world.item(stock="9"), _names(world)
    order = world.order(customer, (item, "2"))
    world.ship(world.delivery(order))
    credit = a_credit_note(world, world.invoices(order)[0], "5.00")
    ticket = a_ticket(world, customer, item)
    count, purchase = a_count(world, item), a_purchase(world, world.item(), "4")
    wim = person("wim")
    _shows(wim.go("/warehouse/counts").locator("tbody tr", has_text=count["number"]), called["wim"])
    _shows(wim.go(f"/warehouse/purchases/{purchase['id']}"), called["fay"])
    _shows(wim.go(f"/items/{item['id']}").locator("[data-section=moves]"), called["wim"])
    fay = person("fay")
    _shows(fay.go(f"/finance/credit-notes/{credit['id']}"), called["fay"])
    _shows(fay.go(f"/finance/ledger/entries?document={credit['id']}"), called["fay"])
    _shows(fay.go("/finance/ageing"))
    sid = person("sid")
    page = sid.go(f"/service/tickets/{ticket['id']}")
    _shows(page.locator("[data-side=note]"), called["sid"])
    page.locator(".article summary").first.click()
    _shows(page.locator(".article").first, called["sid"])
    sam = person("sam", phone=True)
    _shows(sam.go(f"/service/tickets/{ticket['id']}").locator("[data-assignee]"), called["sid"])
    _shows(sam.page.locator("[data-side=agent]"), called["sid"])
    _shows(sam.page.locator("[data-side=customer]"), f"written down by {called['sid']}")


def test_r7_4_who_asks_for_an_approval_is_named(person: Enter, world: World) -> None:
    customer, item = world.customer(), world.item(stock="5")
    clauses = [{"field": "customer_id", "comparison": "equals", "texts": [customer["id"]]}]
    steps = [{"name": "Manager", "approvers": [{"kind": "role", "name": "sales_manager"}]}]
    flow = {"name": world.name("All"), "cases": [{"clauses": clauses}], "steps": steps}
    world.system["mia"].post("/approval-flows", flow, key=world.name("flow"))
    body = {"customer_id": customer["id"], "lines": [{"item_id": item["id"], "quantity": "1"}]}
    quote = world.system["sam"].post("/quotations", body, key=world.name("quote"))
    world.system["sam"].post(f"/quotations/{quote['id']}/send", {}, key=world.name("send"))
    mia, asked = person("mia", phone=True), f"asked by {_names(world)['sam']}"
    _shows(mia.page.locator("section", has=mia.page.get_by_text(quote["number"])).first, asked)
    card = mia.go("/approvals").locator(f"[data-approval='{quote['number']}']")
    _shows(card, asked)
    card.locator("summary").click()
    _shows(card.locator("[data-history]"), _names(world)["sam"], "Still to come: Manager")
    card.get_by_label("Comment").fill("Not below cost")
    card.get_by_role("button", name="Reject").click()
    expect(card).to_have_count(0)
    history = person("sam").go(f"/quotations/{quote['id']}").locator("[data-history]")
    _shows(history, "Rejected", _names(world)["mia"], "Not below cost")


def test_r7_4_who_has_left_keeps_the_name_and_a_program_has_its_own(person: Enter, world: World) -> None:
    admin, gateway = world.system["admin"], world.system.target.gateway_url
    name, shop = world.name("Zoe Gone"), world.name("Web shop")
    mine = _lead_of_a_leaver(world, name)
    key = admin.post("/api-keys", {"name": shop}, key=world.name("key"))["key"]
    body = {"company_name": world.name("From the shop"), "source": "web"}
    asked = Request(
        f"{gateway}/api/v1/leads",
        json.dumps(body).encode(),
        {"X-API-Key": key, "Content-Type": "application/json", "Idempotency-Key": world.name("k")},
    )
    with urlopen(asked) as answer:
        theirs = json.load(answer)
    mia = person("mia")
    page = mia.go(f"/leads/{mine['id']}")
    _shows(page, name)
    expect(page.locator("[data-owner] .el-select")).to_contain_text(name)
    _shows(mia.go(f"/leads/{theirs['id']}"), shop)
    box = mia.page.get_by_role("combobox", name="Salesperson")
    box.click(force=True)
    listed = mia.page.locator(".el-select-dropdown:visible .el-select-dropdown__item")
    expect(listed.filter(has_text=_names(world)["sam"])).to_have_count(1)
    expect(listed.filter(has_text=name)).to_have_count(0)
    expect(listed.filter(has_text=shop)).to_have_count(0)


def _lead_of_a_leaver(world: World, name: str) -> Any:
    """Let a salesperson write a lead down and leave."""
    admin, password = world.system["admin"], "a long sentence of theirs"
    login = {"username": world.name("leaver").lower(), "name": name, "roles": ["sales"], "password": password}
    made = admin.post("/users", login, key=world.name("user"))
    caller = Caller(Gateway(world.system.target.gateway_url), login["username"], password)
    body = {"company_name": world.name("Of theirs"), "source": "fair"}
    lead = caller.post("/leads", body, key=world.name("lead"))
    admin.patch(f"/users/{made['id']}", {"active": False})
    return lead


def test_r7_4_a_lead_is_given_to_a_colleague_who_is_chosen_by_name(person: Enter, world: World) -> None:
    lead, called = a_lead(world, world.name("Quay Works")), _names(world)
    mia = person("mia")
    page = mia.go(f"/leads/{lead['id']}")
    _pick(page.get_by_role("combobox", name="Salesperson"), called["mia"])
    mia.press("Give to them")
    mia.sees("It is theirs now.")
    ids = {each["username"]: each["id"] for each in world.system["admin"].every("/users")}
    assert world.system["mia"].get(f"/leads/{lead['id']}")["owner_id"] == ids["mia"]
    sam = person("sam")
    expect(sam.go("/leads").get_by_role("combobox", name="Salesperson")).to_have_count(0)


def test_r7_4_all_that_one_has_is_handed_over_by_name(person: Enter, world: World) -> None:
    name, called = world.name("Ned Leaving"), _names(world)
    lead = _lead_of_a_leaver(world, name)
    mia = person("mia")
    mia.page.locator(".side").get_by_text("Administration").click()
    mia.page.get_by_role("link", name="Handing over").click()
    _pick(mia.page.get_by_role("combobox", name="From whom"), name)
    _pick(mia.page.get_by_role("combobox", name="To whom"), called["sam"])
    mia.press("Hand over")
    expect(mia.page.locator("[data-handed]")).to_contain_text("1 leads")
    _shows(mia.go(f"/leads/{lead['id']}"), called["sam"])


def _where_it_is_another_day(world: World) -> str:
    """Return a zone in which it is not the company's day now: from one end of the world to the other it is two."""
    ends = ("Pacific/Kiritimati", "Etc/GMT+12")
    now = SystemClock().now()
    return next(zone for zone in ends if now.astimezone(ZoneInfo(zone)).date() != world.system.today)


def test_r7_4_a_deputy_is_named_and_told_by_name(person: Enter, world: World) -> None:
    called = _names(world)
    fay = person("fay", language="zh", zone=_where_it_is_another_day(world))
    page = fay.go("/approvals")
    fay.press("指定代理人")
    _pick(page.get_by_role("combobox", name="代理人"), called["mia"])
    fay.press("保存")
    fay.sees("已指定，届时由其代您审批。")
    rows = page.locator("[data-deputy]", has_text=f"{called['fay']} → {called['mia']}")
    expect(rows).to_have_count(3)
    _shows(person("mia").go("/approvals").locator("[data-deputies]"), called["fay"])
    for left in (2, 1, 0):
        rows.first.get_by_role("button", name="恢复本人审批").click()
        expect(rows).to_have_count(left)
