"""Invoices, credit notes, payments, lines of the bank, and who is reminded."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from tests.e2e.world import usd
from tests.security.shelf.sales import Sales


class Receivables(Sales):
    """What the customer owes and pays."""

    @cached_property
    def invoice(self) -> Any:
        return self.world.invoices(self.order)[0]

    @cached_property
    def payment(self) -> Any:
        return self.fresh_payment()

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
    def reminder(self) -> Any:
        return self.fresh_reminder()

    def fresh_invoice(self) -> Any:
        order = self.fresh_order()
        self.world.ship(self.world.delivery(order))
        return self.world.invoices(order)[0]

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
        today, name = self.days_on(0), self.named("RE")
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
        long_ago = self.days_on(-60)
        self.world.ship(self.world.delivery(order), on=long_ago)
        self.world.invoices(order)
        return customer

    def fresh_reminder(self) -> Any:
        return self.post("fay", "/dunning/reminders", {"customer_id": self.fresh_debtor()["id"]})
