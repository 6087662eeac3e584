"""What a company has on its desks at noon, for pictures: written by the people themselves, through the API.

It is the company of ``tests.console.year``, with a year behind it. What is made here is numbered in the order of these
lines, so that two runs give the same documents.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from meridian.demo.people import wait_for
from tests.console.admin_work import a_flow, a_parked_message, a_policy, a_promotion, an_audit, own_fields
from tests.console.books_work import HEAD, a_credit_note
from tests.console.desk_work import a_ticket
from tests.console.pipeline_work import leads, opportunities, things_to_do
from tests.console.warehouse_work import a_count, a_received_return, a_return
from tests.e2e.systems import System
from tests.e2e.world import World, usd


class Noon(World):
    """A world whose names are read by people: the first of a kind bears no number."""

    def __init__(self, system: System) -> None:
        super().__init__(system)
        self._used: Counter[str] = Counter()
        self.today = system.today
        self.customers = {each["number"]: each for each in system["mia"].every("/customers")}
        self.items = {each["sku"]: each for each in system["wim"].every("/items")}
        for each in self.customers.values():
            self.arrived(each["id"])

    def name(self, stem: str) -> str:
        """Return a name that nothing else has."""
        self._used[stem] += 1
        return stem if self._used[stem] == 1 else f"{stem} {self._used[stem]}"

    def day(self, days: int) -> str:
        """Return the day so many days from today."""
        return f"{self.today + timedelta(days=days):%Y-%m-%d}"

    def sold(self, number: str, *lines: tuple[str, str], by: str = "sam", leaves: int = 5) -> Any:
        """Let a customer order items by their SKU, to leave in so many days; return the order once it is decided."""
        person = self.system[by]
        wanted = [{"item_id": self.items[sku]["id"], "quantity": quantity} for sku, quantity in lines]
        body = {"customer_id": self.customers[number]["id"], "promised_on": self.day(leaves), "lines": wanted}
        quotation = person.post("/quotations", body, key=self.name("quote"))
        person.post(f"/quotations/{quotation['id']}/send", {}, key=self.name("send"))
        return person.post(f"/quotations/{quotation['id']}/accept", {}, key=self.name("accept"), wait_s=10)


def a_working_day(system: System) -> dict[str, str]:
    """Prepare the day; return one document of each kind by name."""
    world = Noon(system)
    _teams(world)
    own_fields(world)
    campaigns = _campaigns(world)
    lead, new_customers = leads(world, campaigns)
    opportunity = opportunities(world)
    sales = _sales(world)
    back = _returns(world, _from_lead_to_cash(world, new_customers))
    money = _money(world, sales["invoice"])
    desk = _desk(world)
    things_to_do(world)
    rules = _rules(world)
    an_audit(system)
    asked = _quotations(world)
    return {
        "customer": world.customers["A-002"]["id"],
        "order": sales["waiting"]["id"],
        "quotation": asked["sent"]["id"],
        "asked": asked["asked"]["id"],
        "delivery": sales["note"]["id"],
        "picked": sales["picked"]["id"],
        "invoice": sales["invoice"]["id"],
        "item": world.items["PUMP-25"]["id"],
        "lead": lead["id"],
        "opportunity": opportunity["id"],
        "purchase": _purchases(world)["id"],
        "count": a_count(world, *[world.items[sku] for sku in ("PUMP-25", "SEAL-12", "BEAR-6", "HOSE-20")])[
            "id"
        ],
        "ticket": desk["id"],
        "article": world.system["sid"].every("/articles")[0]["id"],
        "order_type": system["mia"].every("/order-types")[0]["id"],
        "parked": a_parked_message(system),
        **{name: each["id"] for name, each in (money | rules | back).items()},
    }


def _teams(world: Noon) -> None:
    mia = world.system["mia"]
    ids = {name: world.system[name].get("/auth/me")["id"] for name in ("sam", "ida", "ned", "mia")}
    teams = []
    for name, members in (("North and west", ("sam", "ida")), ("East and south", ("ned",))):
        body = {"name": name, "manager_id": ids["mia"], "members": [ids[each] for each in members]}
        teams.append(mia.post("/sales-teams", body, key=world.name("team")))
    aims = [{"owner_id": ids[name], "amount": usd(amount)} for name, amount in
            (("sam", "30000.00"), ("ida", "90000.00"), ("ned", "14000.00"))]  # fmt: skip
    aims += [{"team_id": team["id"], "amount": usd(amount)} for team, amount in
             zip(teams, ("120000.00", "14000.00"), strict=True)]  # fmt: skip
    mia.put("/sales-targets", {"month": f"{world.today:%Y-%m}", "targets": aims})


def _campaigns(world: Noon) -> list[Any]:
    mia, made = world.system["mia"], []
    for code, name, channel, budget, spent in (
        ("FAIR", "Autumn fair", "event", "12000.00", "9400.00"),
        ("SEARCH", "Search, pumps", "search", "6000.00", "3150.00"),
        ("MAIL", "Letter to dealers", "mail", "1500.00", "640.00"),
    ):
        body = {
            "code": code,
            "name": name,
            "channel": channel,
            "budget": usd(budget),
            "starts_on": world.day(-40),
        }
        campaign = mia.post("/campaigns", body, key=world.name("campaign"))
        cost = {"day": world.day(-20), "amount": usd(spent), "description": "Paid so far"}
        mia.post(f"/campaigns/{campaign['id']}/costs", cost, key=world.name("cost"))
        made.append(campaign)
    return made


def _sales(world: Noon) -> dict[str, Any]:
    """Sell: some is shipped and billed, some is ready, some waits for goods or for credit."""
    shipped = world.sold("A-002", ("PUMP-60", "4"), ("VALVE-32", "24"), by="ida", leaves=0)
    note = world.delivery(shipped)
    world.ship(note, [{"order_line_id": shipped["lines"][0]["id"], "quantity": "3"},
                      {"order_line_id": shipped["lines"][1]["id"], "quantity": "24"}])  # fmt: skip
    (invoice, *_) = world.invoices(shipped)
    paid_up = world.sold("A-001", ("SEAL-12", "80"), ("BEAR-6", "40"), leaves=1)
    world.ship(world.delivery(paid_up))
    world.pay(world.invoices(paid_up)[0])
    world.sold("A-004", ("MOTOR-1", "6"), ("CTRL-3", "6"), leaves=2)
    ready = world.sold("A-006", ("VALVE-50", "20"), ("FILT-80", "12"), by="ned", leaves=1)
    world.sold("A-008", ("HOSE-20", "60"), by="ida", leaves=3)
    boxed = world.sold("A-010", ("PUMP-25", "10"), ("SEAL-12", "20"), leaves=1)
    picked = world.system["wim"].post(
        f"/deliveries/{world.delivery(boxed)['id']}/pick", {}, key=world.name("pick")
    )
    waiting = world.sold("A-002", ("CTRL-3", "100"), ("BEAR-6", "15"), by="ida", leaves=9)
    world.until_held(waiting, "stock")
    world.until_held(world.sold("A-005", ("MOTOR-1", "120"), by="ida", leaves=12), "credit")
    return {"invoice": invoice, "note": world.delivery(ready), "picked": picked, "waiting": waiting}


def _from_lead_to_cash(world: Noon, new_customers: list[Any]) -> Any:
    """Quote to who was a lead this morning; one of them buys and pays. Return that order, which has left."""
    sam = world.system["sam"]
    for lead in new_customers:
        world.arrived(lead["customer_id"])
        path = f"/opportunities/{lead['opportunity_id']}"
        sam.post(f"{path}/quote", {}, key=world.name("quoted"))
        opportunity = wait_for(lambda path=path: _quoted_now(sam.get(path)), "the quotation")  # type: ignore[misc]
        sam.post(f"/quotations/{opportunity['quotation_id']}/send", {}, key=world.name("send"))
    world.system["fay"].put(f"/accounts/{lead['customer_id']}/credit-limit", {"limit": usd("20000.00")})
    order = sam.post(
        f"/quotations/{opportunity['quotation_id']}/accept", {}, key=world.name("accept"), wait_s=10
    )
    world.ship(world.delivery(order))
    world.pay(world.invoices(order)[0])
    return order


def _returns(world: Noon, order: Any) -> dict[str, Any]:
    """Let goods of an order come back: asked for, allowed, and lying there to be looked at."""
    allowed = a_return(world, order, "1")
    world.system["mia"].post(f"/returns/{allowed['id']}/approve", {}, key=world.name("yes"))
    return {
        "return": a_return(world, order, "1"),
        "return_allowed": allowed,
        "return_received": a_received_return(world, order, "1"),
        "shipped": order,
    }


def _quoted_now(opportunity: Any) -> Any:
    return opportunity if opportunity["quotation_state"] == "quoted" else None


def _money(world: Noon, invoice: Any) -> dict[str, Any]:
    """Take in a file of the bank: what is certain, what is likely, and what nobody can tell; remind who is late."""
    fay = world.system["fay"]
    credit = a_credit_note(world, invoice, "35.00")
    (known, *_) = fay.every("/invoices", customer_id=world.customers["A-001"]["id"], payment_state="not_paid")
    part = {
        "customer_id": world.customers["A-008"]["id"],
        "amount": usd("1800.00"),
        "reference": "Part payment",
    }
    payment = fay.post("/payments", part, key=world.name("pay"))
    today = f"{world.today:%Y-%m-%d}"
    rows = (
        f"{today},{known['total']['amount']},Invoice {known['number']},B-7701,{known['customer_name']}",
        f"{today},3805.90,Our account A-003,B-7702,华北水务设备",
        f"{today},415.00,Thank you,B-7703,Delta Greenhouses",
        f"{today},92.40,Refund,B-7704,City utilities",
    )
    body = {
        "format": "csv",
        "content": "\n".join((HEAD, *rows)),
        "csv": {"account": "DE02120300000000202051", "currency": "USD"},
    }
    fay.post("/bank-statements", body, key=world.name("file"))
    (late, *_) = fay.every("/invoices", customer_id=world.customers["A-005"]["id"], payment_state="not_paid")
    fay.post("/dunning/reminders", {"customer_id": late["customer_id"]}, key=world.name("remind"))
    (line,) = fay.every("/bank-lines", reference="B-7701")
    return {"credit_note": credit, "payment": payment, "bank_line": line}


def _desk(world: Noon) -> Any:
    """Open tickets of several kinds, some answered; return one with its conversation."""
    sid, mia = world.system["sid"], world.system["mia"]
    ids = {name: world.system[name].get("/auth/me")["id"] for name in ("sid", "ana")}
    week = ("monday", "tuesday", "wednesday", "thursday", "friday")
    duty = (
        (ids["sid"], ("technical_support", "production"), 100),
        (ids["ana"], ("technical_support", "warehouse"), 60),
    )
    people = [{"person_id": who, "queues": list(queues), "weekdays": list(week), "capacity_percent": share}
              for who, queues, share in duty]  # fmt: skip
    mia.put("/desk-roster", {"people": people})
    rule = {
        "name": "Leaks",
        "words": ["drip", "leak", "漏水"],
        "kind": "technical",
        "queue": "technical_support",
    }
    papers = {"name": "Papers", "words": ["invoice", "发票"], "kind": "billing", "queue": None}
    mia.put("/ticket-routing", {"rules": [rule, papers], "threshold_percent": 70})
    for number, kind, priority, subject in (
        ("A-004", "quality", "urgent", "Controller dead on arrival"),
        ("A-006", "technical", "high", "水泵噪音大"),
        ("A-008", "delivery", "normal", "When does the hose leave?"),
        ("A-001", "technical", "normal", "Which seal fits pump 25?"),
        ("A-005", "billing", "low", "Invoice to the new address"),
    ):
        body = {
            "customer_id": world.customers[number]["id"],
            "kind": kind,
            "priority": priority,
            "subject": subject,
        }
        sid.post("/tickets", body | {"description": subject}, key=world.name("ticket"))
    return a_ticket(world, world.customers["A-002"], world.items["PUMP-60"])


def _rules(world: Noon) -> dict[str, Any]:
    pump = world.items["PUMP-60"]
    world.system["admin"].post("/api-keys", {"name": "Web shop"}, key=world.name("api key"))
    return {"flow": a_flow(world), "policy": a_policy(world, pump), "promotion": a_promotion(world, pump)}


def _quotations(world: Noon) -> dict[str, Any]:
    """Send quotations, and let two with deep discounts wait for a manager's yes."""
    clauses = [{"field": "largest_discount", "comparison": "at_least", "percent": "12"}]
    steps = [{"name": "Sales manager", "approvers": [{"kind": "role", "name": "sales_manager"}]}]
    flow = {"name": "Deep discounts", "cases": [{"clauses": clauses}], "steps": steps}
    world.system["mia"].post("/approval-flows", flow, key="deep")
    _quoted(world, "ned", "A-003", ("PUMP-25", "8", "15"), ("SEAL-12", "40", "0"))
    asked = _quoted(world, "sam", "A-004", ("MOTOR-1", "12", "18"), ("CTRL-3", "12", "12"))
    sent = _quoted(
        world, "ida", "A-002", ("PUMP-60", "12", "5"), ("VALVE-50", "24", "0"), ("SEAL-12", "60", "10")
    )
    return {"asked": asked, "sent": sent}


def _quoted(world: Noon, by: str, number: str, *lines: tuple[str, str, str]) -> Any:
    person, wanted = world.system[by], []
    for sku, quantity, percent in lines:
        line = {"item_id": world.items[sku]["id"], "quantity": quantity}
        wanted.append(line | ({"discount_percent": percent} if percent != "0" else {}))
    body = {"customer_id": world.customers[number]["id"], "promised_on": world.day(7), "lines": wanted}
    made = person.post("/quotations", body, key=world.name("quote"))
    return person.post(f"/quotations/{made['id']}/send", {}, key=world.name("send"))


def _purchases(world: Noon) -> Any:
    """Buy from two suppliers; return the order whose goods have come in part."""
    wim, fay = world.system["wim"], world.system["fay"]
    (main,) = wim.every("/warehouses", is_default="true")
    orders = []
    for number, name, wanted in (
        ("S-11", "Rhine Motors", (("MOTOR-1", "40", "262.00"),)),
        ("S-12", "Foundry Lindqvist", (("VALVE-32", "120", "27.00"), ("VALVE-50", "60", "55.00"))),
    ):
        supplier = wim.post("/suppliers", {"number": number, "name": name}, key=number)
        asked = []
        for sku, quantity, cost in wanted:
            item = world.items[sku]["id"]
            price = {"item_id": item, "unit_price": usd(cost)}
            wim.post(f"/suppliers/{supplier['id']}/prices", price, key=world.name("price"))
            policy = {"method": "buy", "supplier_id": supplier["id"], "lead_days": 7, "multiple": "5"}
            wim.put(f"/items/{item}/supply-policy", policy)
            wish = {"item_id": item, "warehouse_id": main["id"], "quantity": quantity}
            asked.append(wim.post("/purchase-requisitions", wish, key=world.name("wish")))
        for each in asked:
            fay.post(f"/purchase-requisitions/{each['id']}/approve", {}, key=world.name("yes"))
        body = {"supplier_id": supplier["id"], "lines": [{"requisition_id": each["id"]} for each in asked]}
        draft = wim.post("/purchase-orders", body, key=world.name("buy"))
        orders.append(fay.post(f"/purchase-orders/{draft['id']}/send", {}, key=world.name("order")))
    came = {"lines": [{"line_id": orders[-1]["lines"][0]["id"], "quantity": "70"}]}
    wim.post(f"/purchase-orders/{orders[-1]['id']}/receipts", came, key=world.name("came"))
    return wait_for(lambda: wim.get(f"/purchase-orders/{orders[-1]['id']}"), "the purchase order")
