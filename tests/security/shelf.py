"""A prepared company: one finished order with everything that hangs on it, and fresh documents in every state."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from meridian.demo.people import wait_for
from tests.e2e.systems import System
from tests.e2e.world import World, usd

PASSWORD = "correct horse battery"


@dataclass
class Shelf:
    """Documents to aim at. What is cached is looked at only; ``fresh_*`` makes one that may be used up."""

    system: System
    owner: str = "sam"
    world: World = field(init=False)

    def __post_init__(self) -> None:
        self.world = World(self.system)

    @cached_property
    def customer(self) -> Any:
        return self.fresh_customer()

    @cached_property
    def item(self) -> Any:
        return self.world.item(stock="100000")

    @cached_property
    def warehouse_id(self) -> str:
        return str(self.system["wim"].every("/warehouses")[0]["id"])

    @cached_property
    def owner_id(self) -> str:
        return str(self.system[self.owner].get("/auth/me")["id"])

    @cached_property
    def order(self) -> Any:
        """An order that was shipped and invoiced."""
        order = self.fresh_order()
        self.world.ship(self.world.delivery(order))
        self.world.invoices(order)
        return self.world.order_now(order)

    @cached_property
    def invoice(self) -> Any:
        return self.world.invoices(self.order)[0]

    @cached_property
    def delivery(self) -> Any:
        return self.system["wim"].every("/deliveries", order_id=self.order["id"])[0]

    @cached_property
    def quotation(self) -> Any:
        return self.fresh_quotation()

    @cached_property
    def linked(self) -> Any:
        """A quotation with a link that its customer has answered by."""
        link = self.fresh_link()
        self.post(
            self.owner, f"/public/quotations/{link['token']}/decline", {"name": "Ann", "reason": "Too dear"}
        )
        return self.system[self.owner].get(f"/quotations/{link['quotation_id']}")

    @cached_property
    def token(self) -> str:
        return str(self.fresh_link()["token"])

    @cached_property
    def template(self) -> Any:
        return self.post(
            "admin", "/quotation-templates", {"name": self.named("Starter"), "lines": [self.line()]}
        )

    @cached_property
    def revision(self) -> Any:
        path = f"/quotations/{self.fresh_quotation()['id']}/revise"
        return self.post(self.owner, path, {"lines": [self.line("2")]})

    @cached_property
    def watched(self) -> Any:
        """A customer whose quotations must be approved by a sales manager, each of them."""
        customer = self.fresh_customer()
        self.post("admin", "/approval-flows", self.flow(customer["id"]))
        return customer

    @cached_property
    def approval(self) -> Any:
        return self.fresh_approval()

    @cached_property
    def flow_of_watched(self) -> Any:
        return self.post("admin", "/approval-flows", self.flow(self.watched["id"]))

    @cached_property
    def override(self) -> Any:
        return self.fresh_override()

    @cached_property
    def write_off(self) -> Any:
        return self.fresh_write_off()

    @cached_property
    def refund(self) -> Any:
        body = {"payment_id": self.fresh_payment()["id"], "amount": usd("10.00"), "reason": "Paid twice"}
        return self.post("fay", "/refunds", body)

    @cached_property
    def terms(self) -> Any:
        return self.system["fay"].put("/payment-terms", self.terms_body())

    @cached_property
    def finance_flow(self) -> Any:
        return self.post("fay", "/finance-approval-flows", self.finance_flow_body(active=False))

    @cached_property
    def delegation(self) -> Any:
        return self.fresh_delegation("admin")

    @cached_property
    def manager_id(self) -> str:
        """A sales manager whose deputy is the administrator."""
        self.fresh_delegation("mia", str(self.system["admin"].get("/auth/me")["id"]))
        return str(self.system["mia"].get("/auth/me")["id"])

    @cached_property
    def policy(self) -> Any:
        """A list that is for this customer only."""
        line = {"item_id": self.item["id"], "min_quantity": "1", "unit_price": usd("100.00")}
        body = {"name": self.named("Own"), "currency": "USD", "customer_id": self.customer["id"]}
        return self.post("admin", "/price-policies", body | {"lines": [line]})

    @cached_property
    def policy_for_all(self) -> Any:
        """A list from which others may be worked out."""
        line = {"item_id": self.item["id"], "min_quantity": "1", "unit_price": usd("100.00")}
        body = {"name": self.named("All"), "currency": "USD", "channel": "shelf", "lines": [line]}
        return self.post("admin", "/price-policies", body)

    @cached_property
    def promotion(self) -> Any:
        """One that is for this customer only."""
        body = {"name": self.named("Own"), "currency": "USD", "customer_id": self.customer["id"]}
        return self.post(
            "admin", "/promotions", body | {"percent_off": {"percent": "1", "items": [self.item["id"]]}}
        )

    @cached_property
    def coupon(self) -> str:
        """A code that anybody may use."""
        body = {"name": self.named("Coupon"), "currency": "USD", "coupon": self.named("CODE").upper()}
        made = self.post("admin", "/promotions", body | {"percent_off": {"percent": "1"}})
        return str(made["coupon"])

    @cached_property
    def payment(self) -> Any:
        return self.fresh_payment()

    @cached_property
    def order_type(self) -> Any:
        return next(each for each in self.system["mia"].every("/order-types") if each["code"] == "prepaid")

    @cached_property
    def advance(self) -> Any:
        return self.fresh_advance()

    @cached_property
    def bank_line(self) -> Any:
        return self.fresh_bank_line()

    @cached_property
    def credit_note(self) -> Any:
        """A credit note for an invoice that was paid, so that all of it is left."""
        order = self.fresh_order()
        self.world.ship(self.world.delivery(order))
        (invoice,) = self.world.invoices(order)
        self.world.pay(invoice)
        body = {"invoice_id": invoice["id"], "reason": "Damaged", "lines": [{"line_no": 1, "quantity": "5"}]}
        return self.post("fay", "/credit-notes", body)

    @cached_property
    def returned(self) -> Any:
        return self.fresh_return("received")

    @cached_property
    def reminder(self) -> Any:
        return self.fresh_reminder()

    @cached_property
    def ticket(self) -> Any:
        return self.fresh_ticket()

    @cached_property
    def supplier(self) -> Any:
        body = {"number": self.named("S"), "name": "Foundry"}
        return self.post("wim", "/suppliers", body)

    @cached_property
    def bought_item(self) -> Any:
        """An item that is bought of the supplier when it runs short."""
        item = self.world.item()
        price = {"item_id": item["id"], "unit_price": usd("2.5000")}
        self.post("wim", f"/suppliers/{self.supplier['id']}/prices", price)
        policy = {"method": "buy", "supplier_id": self.supplier["id"], "lead_days": 5}
        self.system["wim"].put(f"/items/{item['id']}/supply-policy", policy)
        return item

    @cached_property
    def requisition(self) -> Any:
        return self.fresh_requisition()

    @cached_property
    def purchase_order(self) -> Any:
        """A purchase order of which some came in."""
        order = self.fresh_purchase_order(sent=True)
        part = {"line_id": order["lines"][0]["id"], "quantity": "1"}
        return self.post("wim", f"/purchase-orders/{order['id']}/receipts", {"lines": [part]})

    @cached_property
    def made_item(self) -> Any:
        """An item that is made of one piece of the other."""
        item = self.world.item()
        body = {"item_id": item["id"], "output": "1", "components": [self.line()]}
        self.post("wim", "/boms", body)
        return item

    @cached_property
    def production_order(self) -> Any:
        """A production order of which some was made."""
        order = self.fresh_production_order("running")
        return self.post("wim", f"/production-orders/{order['id']}/reports", {"finished": "1"})

    @cached_property
    def pick_list(self) -> Any:
        return self.fresh_pick_list()

    @cached_property
    def carrier(self) -> Any:
        return self.fresh_carrier()

    @cached_property
    def discrepancy(self) -> Any:
        return self.fresh_discrepancy()

    @cached_property
    def order_of_arrived(self) -> Any:
        """The order of a delivery that arrived, once sales knows."""
        order_id = self.arrived["order_id"]

        def look() -> Any:
            return self.system["mia"].get(f"/orders/{order_id}/delivery-progress")["arrivals"]

        wait_for(look, "the arrival in sales")
        return {"id": order_id}

    @cached_property
    def arrived(self) -> Any:
        """A delivery that went with a carrier and arrived, but for a piece that was refused at the door."""
        delivery = self.fresh_delivery()
        path, part = f"/deliveries/{delivery['id']}", self._piece(delivery)
        self.post("wim", f"{path}/pick", {"short": [part | {"reason": "damaged"}]})
        sent = {"carrier": self.carrier["code"], "tracking_numbers": [self.named("T")]}
        rest = part | {"quantity": "4"}
        self.post("wim", f"{path}/pack", {"packages": [{"lines": [rest]}]})
        self.post("wim", f"{path}/ship", sent)
        self.post("wim", f"{path}/deliver", {"signed_by": "Li Wei", "refused": [part]})
        return delivery

    @cached_property
    def count(self) -> Any:
        """A stock count that waits for a yes."""
        return self.fresh_count(found="4")

    @cached_property
    def transfer(self) -> Any:
        """A transfer that is under way."""
        return self.fresh_transfer(shipped=True)

    @cached_property
    def other_warehouse_id(self) -> str:
        body = {"code": self.named("N"), "name": "North", "is_default": False}
        return str(self.post("wim", "/warehouses", body)["id"])

    @cached_property
    def user(self) -> Any:
        return self.fresh_user()

    def fill(self) -> None:
        """Make one of everything, so that no list is empty."""
        from tests.security.payables import Payables  # which is made of what is on a shelf

        contact = {"name": "Li Wei", "email": "li@example.com"}
        self.post("admin", f"/customers/{self.customer['id']}/contacts", contact)
        about = (
            self.order,
            self.invoice,
            self.delivery,
            self.quotation,
            self.linked,
            self.template,
            self.policy,
            self.promotion,
            self.approval,
            self.flow_of_watched,
            self.override,
            self.terms,
            self.write_off,
            self.refund,
            self.finance_flow,
            self.delegation,
            self.payment,
            self.bank_line,
            self.order_type,
            self.advance,
            self.credit_note,
            self.returned,
            self.carrier,
            self.pick_list,
            self.discrepancy,
            self.arrived,
            self.reminder,
            self.fresh_debtor(),
            self.user,
            self.supplier,
            self.requisition,
            self.purchase_order,
            self.production_order,
            self.fresh_reorder_point(),
            self.count,
            self.transfer,
            Payables(self).supplier_payment(),
        )
        assert all(about)
        self.post("sid", f"/tickets/{self.ticket['id']}/take", {})

    def named(self, stem: str) -> str:
        return self.world.name(stem)

    def post(self, who: str, path: str, body: Any) -> Any:
        return self.system[who].post(path, body, key=self.named("key"))

    def line(self, quantity: str = "1") -> dict[str, Any]:
        return {"item_id": self.item["id"], "quantity": quantity}

    def fresh_customer(self) -> Any:
        return self.world.customer(limit="900000.00", owner=self.owner)

    def fresh_quotation(self, *, sent: bool = False) -> Any:
        body = {"customer_id": self.customer["id"], "lines": [self.line()]}
        made = self.post(self.owner, "/quotations", body)
        return self.post(self.owner, f"/quotations/{made['id']}/send", {}) if sent else made

    def fresh_choice(self) -> Any:
        """A quotation that was sent, whose second line is optional."""
        lines = [self.line(), self.line("2") | {"choice": "optional"}]
        made = self.post(self.owner, "/quotations", {"customer_id": self.customer["id"], "lines": lines})
        return self.post(self.owner, f"/quotations/{made['id']}/send", {})

    def fresh_link(self) -> Any:
        """A customer's link to such a quotation."""
        return self.post(self.owner, f"/quotations/{self.fresh_choice()['id']}/link", {})

    def flow(self, customer_id: str, **more: Any) -> dict[str, Any]:
        """A flow that nobody but this customer's quotations meets."""
        clause = {"field": "customer_id", "comparison": "equals", "texts": [customer_id]}
        step = {"name": "Manager", "approvers": [{"kind": "role", "name": "sales_manager"}]}
        return {"name": self.named("Flow"), "cases": [{"clauses": [clause]}], "steps": [step]} | more

    def finance_flow_body(self, *, clauses: Any = (), **more: Any) -> dict[str, Any]:
        """A flow that nobody but this customer's overrides meets."""
        clause = {"field": "customer_id", "comparison": "one_of", "texts": [self.customer["id"]]}
        step = {"name": "Manager", "approvers": [{"kind": "role", "name": "sales_manager"}]}
        body = {"document": "credit_override", "name": self.named("Flow"), "steps": [step]}
        return body | {"cases": [{"clauses": [clause, *clauses]}]} | more

    def fresh_short_order(self) -> Any:
        """An order that waits for credit."""
        customer = self.world.customer(limit="100.00", owner=self.owner)
        order = self.world.order(customer, (self.item, "5"), seller=self.owner, wait_s=0)
        self.world.until_held(order, "credit")
        return order

    def fresh_invoice(self) -> Any:
        order = self.fresh_order()
        self.world.ship(self.world.delivery(order))
        return self.world.invoices(order)[0]

    def terms_body(self) -> dict[str, Any]:
        parts = [{"share_bp": 3000, "days": 0}, {"share_bp": 7000, "days": 30, "end_of_month": True}]
        return {"name": self.named("terms"), "parts": parts, "active": True}

    def loss(self, invoice_id: str) -> dict[str, Any]:
        return {"invoice_id": invoice_id, "amount": usd("1.00"), "reason": "A small difference"}

    def fresh_write_off(self) -> Any:
        """A write-off that is posted, for it is within the tolerance."""
        self.system["fay"].put("/write-off-tolerances", {"amount": usd("1.00")})
        return self.post("fay", "/write-offs", self.loss(self.fresh_invoice()["id"]))

    def fresh_override(self) -> Any:
        """An override that waits for its approval."""
        body = {
            "order_id": self.fresh_short_order()["id"],
            "expires_on": self.days_on(10),
            "reason": "Trusted",
        }
        return self.post("mia", "/credit-overrides", body)

    def fresh_approval(self) -> Any:
        """The approval of a quotation that its salesperson has sent."""
        body = {"customer_id": self.watched["id"], "lines": [self.line()]}
        made = self.post(self.owner, "/quotations", body)
        return self.post(self.owner, f"/quotations/{made['id']}/send", {})["approval"]

    def fresh_delegation(self, who: str, deputy: str | None = None) -> Any:
        body = {"deputy_id": deputy or self.named("deputy")}
        days = {"first_day": self.days_on(-1), "last_day": self.days_on(30)}
        return self.post(who, "/approval-delegations", body | days)

    def days_on(self, days: int) -> str:
        """Return the day so many days from today."""
        return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()

    def fresh_order(self) -> Any:
        order = self.world.order(self.customer, (self.item, "5"), seller=self.owner)
        return self.world.until(order, "the confirmation", state="confirmed")

    def fresh_count(self, *, found: str | None = None) -> Any:
        """A stock count of five pieces without a cost; with ``found`` it is counted, and closed if it differs."""
        item, finance = self.world.item(stock="5"), self.system["fay"]
        rules = {"tolerance": usd("0.00"), "approvers": ["finance", "sales_manager"]}
        finance.put("/stock-count-rules", rules)
        body = {"warehouse_id": self.warehouse_id, "item_ids": [item["id"]]}
        count = self.post("wim", "/stock-counts", body)
        path = f"/stock-counts/{count['id']}"
        if found is not None:
            line = {"lines": [{"line_no": 1, "quantity": found}]}
            count = self.post("wim", f"{path}/counted", line)
            if found != "5":
                self.post("wim", f"{path}/counted", line)
                count = self.post("wim", f"{path}/close", {})
        return count

    def transfer_body(self) -> dict[str, Any]:
        """What goes to the other warehouse; the item lies in the default one, where receipts are booked."""
        line = self.line("2") | {"lot": None}
        ends = {"from_id": self.warehouse_id, "to_id": self.other_warehouse_id}
        return ends | {"note": "By van", "lines": [line]}

    def fresh_transfer(self, *, shipped: bool = False) -> Any:
        made = self.post("wim", "/transfers", self.transfer_body())
        return self.post("wim", f"/transfers/{made['id']}/ship", {}) if shipped else made

    def fresh_delivery(self) -> Any:
        return self.world.delivery(self.fresh_order())

    def fresh_shipped(self) -> Any:
        return self.world.ship(self.fresh_delivery())

    def _piece(self, delivery: Any) -> dict[str, Any]:
        return {"order_line_id": delivery["lines"][0]["order_line_id"], "quantity": "1"}

    def fresh_pick_list(self) -> Any:
        notes = {"delivery_ids": [self.fresh_delivery()["id"]]}
        return self.post("wim", "/pick-lists", notes | {"warehouse_id": self.warehouse_id})

    def fresh_picked(self) -> Any:
        return self.post("wim", f"/deliveries/{self.fresh_delivery()['id']}/pick", {})

    def fresh_carrier(self) -> Any:
        return self.post("wim", "/carriers", {"code": self.named("C"), "name": "Ships & Co"})

    def fresh_discrepancy(self) -> Any:
        """A piece that a picker did not find."""
        delivery = self.fresh_delivery()
        short = self._piece(delivery) | {"reason": "not_found"}
        self.post("wim", f"/deliveries/{delivery['id']}/pick", {"short": [short]})
        (found,) = self.system["wim"].get(f"/stock-discrepancies?delivery_id={delivery['id']}")["items"]
        return found

    def fresh_return(self, state: str) -> Any:
        """A return of one piece, as far as ``state``."""
        delivery = self.fresh_shipped()
        line = {"order_line_id": delivery["lines"][0]["order_line_id"], "quantity": "1"}
        body = {"delivery_id": delivery["id"], "reason": "Leaks", "lines": [line]}
        made = self.post(self.owner, "/returns", body)
        if state == "requested":
            return made
        made = self.post("mia", f"/returns/{made['id']}/approve", {"answer": "Send it"})
        if state == "approved":
            return made
        return self.post("wim", f"/returns/{made['id']}/receive", {"warehouse_id": self.warehouse_id})

    def fresh_payment(self) -> Any:
        body = {"customer_id": self.customer["id"], "amount": usd("50.00"), "reference": self.named("RE")}
        return self.post("fay", "/payments", body)

    def fresh_advance(self) -> Any:
        """What a prepaid order of one piece waits for."""
        body = {"customer_id": self.customer["id"], "lines": [self.line()], "order_type": "prepaid"}
        made = self.post(self.owner, "/quotations", body)
        order = self.post(self.owner, f"/quotations/{made['id']}/accept", {})
        self.world.until_held(order, "payment")
        return self.system["fay"].get(f"/advances/{order['id']}")

    def fresh_bank_line(self, amount: str = "1.00") -> Any:
        """A line of the bank that nobody has settled."""
        today, name = datetime.now(UTC).date().isoformat(), self.named("RE")
        form = {"account": "DE02", "currency": "USD"}
        content = f"booked_on,amount,text\n{today},{amount},{name}\n"
        body = {"format": "csv", "content": content, "csv": form}
        (statement,) = self.post("fay", "/bank-statements", body)["statements"]
        (line,) = self.system["fay"].get(f"/bank-lines?statement_id={statement['id']}")["items"]
        return line

    def fresh_debtor(self) -> Any:
        """A customer with an invoice that is long overdue."""
        customer = self.fresh_customer()
        order = self.world.order(customer, (self.item, "5"), seller=self.owner)
        self.world.until(order, "the confirmation", state="confirmed")
        long_ago = (datetime.now(UTC) - timedelta(days=60)).date().isoformat()
        self.world.ship(self.world.delivery(order), on=long_ago)
        self.world.invoices(order)
        return customer

    def fresh_reminder(self) -> Any:
        return self.post("fay", "/dunning/reminders", {"customer_id": self.fresh_debtor()["id"]})

    def fresh_ticket(self, *, resolved: bool = False) -> Any:
        body = {"customer_id": self.customer["id"], "kind": "technical", "subject": "It drips"}
        made = self.post("sid", "/tickets", body)
        if resolved:
            return self.post("sid", f"/tickets/{made['id']}/resolve", {"resolution": "Tightened"})
        return made

    def fresh_requisition(self, *, approved: bool = False) -> Any:
        body = {"item_id": self.bought_item["id"], "warehouse_id": self.warehouse_id, "quantity": "10"}
        made = self.post("wim", "/purchase-requisitions", body | {"supplier_id": self.supplier["id"]})
        return self.post("fay", f"/purchase-requisitions/{made['id']}/approve", {}) if approved else made

    def fresh_purchase_order(self, *, sent: bool = False) -> Any:
        line = {"requisition_id": self.fresh_requisition(approved=True)["id"], "unit_price": usd("2.5000")}
        body = {"supplier_id": self.supplier["id"], "expected_on": "2199-12-31", "lines": [line]}
        made = self.post("wim", "/purchase-orders", body)
        return self.post("fay", f"/purchase-orders/{made['id']}/send", {}) if sent else made

    def fresh_production_order(self, state: str = "request") -> Any:
        """A production order as far as ``state``; all its components are there."""
        body = {"item_id": self.made_item["id"], "warehouse_id": self.warehouse_id, "quantity": "10"}
        made = self.post("wim", "/production-orders", body)
        for who, act, after in (("wim", "release", "assigned"), ("wim", "start", "running")):
            if made["state"] == state:
                break
            made = self.post(who, f"/production-orders/{made['id']}/{act}", {})
            assert made["state"] == after
        return made

    def fresh_drop_shipment(self) -> Any:
        """A purchase order, sent, of one piece that the supplier is to send to the customer."""
        line = {"item_id": self.item["id"], "quantity": "1"}
        body = {"customer_id": self.customer["id"], "lines": [line], "order_type": "drop_ship"}
        made = self.post(self.owner, "/quotations", body)
        order = self.post(self.owner, f"/quotations/{made['id']}/accept", {})
        path = f"/purchase-requisitions?order_id={order['id']}"
        (asked,) = wait_for(lambda: self.system["wim"].get(path)["items"], "the requisition")
        self.post("fay", f"/purchase-requisitions/{asked['id']}/approve", {})
        bought = {"requisition_id": asked["id"], "unit_price": usd("2.5000")}
        draft = {"supplier_id": self.supplier["id"], "expected_on": "2199-12-31", "lines": [bought]}
        made = self.post("wim", "/purchase-orders", draft)
        return self.post("fay", f"/purchase-orders/{made['id']}/send", {})

    def fresh_reorder_point(self) -> dict[str, str]:
        """The address of a reorder point."""
        place = {"item_id": self.world.item()["id"], "warehouse_id": self.warehouse_id}
        path = "/reorder-points/{item_id}/{warehouse_id}".format(**place)
        self.system["wim"].put(path, {"minimum": "5", "maximum": "20"})
        return place

    def fresh_user(self) -> Any:
        body = {"username": self.named("pat"), "name": "Pat", "roles": ["sales"], "password": PASSWORD}
        return self.post("admin", "/users", body)

    def login(self, username: str, password: str = PASSWORD) -> Any:
        """Return the tokens of a new session."""
        return self.post("admin", "/auth/login", {"username": username, "password": password})
