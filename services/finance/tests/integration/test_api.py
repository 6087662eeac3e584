"""Finance over HTTP: who may do what, what is shown, and how refusals read."""

from __future__ import annotations

from datetime import date

import pytest

from libs.common.db import Database
from libs.common.testing.web import api_client
from libs.common.web import SigningKeys
from services.finance.app import create_app
from services.finance.settings import FinanceSettings, read_settings
from services.finance.tests.builders import HARBOR, LIN, QUAY, TERMS, an_id
from services.finance.tests.integration.books import an_invoice, ask, confirm, pay, ship, state_of


class Clients:
    """Clients of one application, one per kind of caller."""

    def __init__(self, database: Database) -> None:
        self.keys = SigningKeys.fresh()
        settings = FinanceSettings(read_settings().common, TERMS)
        self.app = create_app(database, self.keys.verifier(), settings)
        self.finance = self.of("finance")
        self.lin = self.of("sales", subject=LIN)
        self.stranger = self.of("sales", subject="somebody else")

    def of(self, *roles: str, subject: str = "fin-1"):
        return api_client(self.app, self.keys, roles=roles, subject=subject)


@pytest.fixture
def clients(finance):
    return Clients(finance)


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def payment_body(reference: str, amount: str, *shares: tuple[str, str]) -> dict[str, object]:
    allocations = [{"invoice_id": invoice_id, "amount": usd(part)} for invoice_id, part in shares]
    return {"customer_id": HARBOR, "amount": usd(amount), "reference": reference, "allocations": allocations}


def test_an_account_shows_all_that_explains_it(finance, clients, clock):
    invoice = an_invoice(finance, "SO-1", "600.00")
    pay(finance, "BANK-1", "100.00", (invoice.invoice_id, "50.00"))
    ask(finance, "SO-2", "400.00")
    ask(finance, "SO-3", "400.00")
    shown = clients.finance.get(f"/api/v1/accounts/{HARBOR}").json
    figures = {
        name: shown[name]["amount"]
        for name in ("limit", "held", "receivable", "unallocated", "exposure", "room")
    }
    assert figures == {
        "limit": "1000.00",
        "held": "400.00",
        "receivable": "550.00",
        "unallocated": "50.00",
        "exposure": "900.00",
        "room": "100.00",
    }
    assert (shown["status"], shown["used_percent"], shown["average_days_to_pay"]) == ("watch", 90, "0.0")
    assert shown["oldest_due_on"] == invoice.due_on.isoformat()
    (item,) = shown["open_items"]
    assert (item["number"], item["open"], item["days_overdue"]) == ("INV-000001", usd("550.00"), 0)
    (waiting,) = shown["waiting_orders"]
    assert (waiting["order_number"], waiting["position"]) == ("SO-3", 1)


def test_an_overdue_item_counts_its_days(finance, clients, clock):
    confirm(finance, "SO-1", ("1", "100.00"))
    ship(finance, "DN-1", "SO-1", (1, "1"), on=date(2026, 1, 1))
    shown = clients.finance.get(f"/api/v1/accounts/{HARBOR}").json
    assert (shown["overdue"], shown["oldest_due_on"]) == (usd("100.00"), "2026-01-31")
    assert shown["open_items"][0]["days_overdue"] == 30
    pay(finance, "BANK-1", "100.00", (shown["open_items"][0]["invoice_id"], "100.00"), on=date(2026, 1, 11))
    shown = clients.finance.get(f"/api/v1/accounts/{HARBOR}").json
    assert (shown["overdue"], shown["open_items"], shown["average_days_to_pay"]) == (usd("0.00"), [], "10.0")


def test_the_limit_is_set_by_finance_and_frees_who_waited(finance, clients):
    ask(finance, "SO-1", "1500.00")
    path = f"/api/v1/accounts/{HARBOR}/credit-limit"
    assert clients.lin.put(path, json={"limit": usd("2000.00")}).status_code == 403
    answer = clients.finance.put(path, json={"limit": usd("2000.00")}, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json["limit"], state_of(finance, "SO-1")) == (
        200,
        usd("2000.00"),
        "granted",
    )
    assert clients.finance.put(path, json={"limit": None}, headers={"If-Match": '"1"'}).status_code == 412
    assert clients.finance.put(path, json={"limit": None}).json["status"] == "no_check"


BAD_LIMITS = (
    {"amount": "-1", "currency": "USD"},
    {"amount": "1", "currency": "EUR"},
    {"amount": 1, "currency": "USD"},
    "1",
)


def test_limits_that_cannot_be_are_422_and_change_nothing(finance, clients, subtests):
    for limit in BAD_LIMITS:
        with subtests.test(limit=limit):
            answer = clients.finance.put(f"/api/v1/accounts/{HARBOR}/credit-limit", json={"limit": limit})
            assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert clients.finance.get(f"/api/v1/accounts/{HARBOR}").json["version"] == 1


def test_a_stop_and_its_end(finance, clients):
    path = f"/api/v1/accounts/{HARBOR}/credit-stop"
    stopped = clients.finance.put(path, json={"stopped": True, "reason": "cheque bounced"}).json
    assert (stopped["status"], stopped["stop_reason"]) == ("stop", "cheque bounced")
    assert clients.finance.put(path, json={"stopped": False}).json["status"] == "ok"


def test_a_payment_is_recorded_and_allocated(finance, clients):
    invoice = an_invoice(finance, "SO-1", "100.00")
    answer = clients.finance.post(
        "/api/v1/payments", json=payment_body("BANK-1", "150.00", (invoice.invoice_id, "60.00"))
    )
    assert answer.status_code == 201
    payment = answer.json
    assert answer.headers["Location"] == f"/api/v1/payments/{payment['id']}"
    assert (payment["number"], payment["unallocated"]) == ("PAY-000001", usd("90.00"))
    path = f"/api/v1/payments/{payment['id']}/allocations"
    body = {"invoice_id": invoice.invoice_id, "amount": usd("40.00")}
    again = clients.finance.post(path, json=body, headers={"If-Match": f'"{payment["version"]}"'})
    assert (again.status_code, len(again.json["allocations"])) == (201, 2)
    shown = clients.finance.get(f"/api/v1/invoices/{invoice.invoice_id}").json
    assert (shown["payment_state"], shown["open"], shown["paid_on"]) == ("paid", usd("0.00"), "2026-03-02")
    assert [each["amount"] for each in shown["payments"]] == [usd("60.00"), usd("40.00")]
    assert shown["journal_entry"] == "JE-000001"
    refused = clients.finance.post(path, json=body)
    assert (refused.status_code, refused.json["code"]) == (409, "allocation_exceeds_invoice")
    assert refused.json["open"] == usd("0.00")


def test_one_key_is_one_payment_and_one_reference_too(finance, clients):
    body, key = payment_body("BANK-1", "10.00"), {"Idempotency-Key": "k-1"}
    first = clients.finance.post("/api/v1/payments", json=body, headers=key)
    again = clients.finance.post("/api/v1/payments", json=body, headers=key)
    assert (first.status_code, again.status_code, first.json["id"]) == (201, 201, again.json["id"])
    other_key = clients.finance.post("/api/v1/payments", json=body, headers={"Idempotency-Key": "k-2"})
    assert (other_key.status_code, other_key.json["code"]) == (409, "reference_used")
    assert other_key.json["payment_id"] == first.json["id"]
    assert other_key.json["errors"][0]["field"] == "reference"


BAD_PAYMENTS = (
    ({"amount": usd("0")}, 422, "amount.amount"),
    ({"amount": usd("-1")}, 422, "amount.amount"),
    ({"amount": usd("1.001")}, 422, "amount.amount"),
    ({"amount": {"amount": "1", "currency": "EUR"}}, 422, "amount.currency"),
    ({"amount": usd("1e3")}, 422, "amount.amount"),
    ({"reference": ""}, 422, "reference"),
    ({"received_on": "2027-01-01"}, 422, "received_on"),
    ({"customer_id": an_id("nobody")}, 404, "customer_id"),
    ({"customer_id": "x"}, 422, "customer_id"),
    ({"paid": True}, 422, "paid"),
    (
        {"allocations": [{"invoice_id": an_id("none"), "amount": usd("1")}]},
        404,
        "allocations.0.invoice_id",
    ),
    (
        {"allocations": [{"invoice_id": an_id("none"), "amount": usd("-1")}]},
        422,
        "allocations.0.amount.amount",
    ),
)


def test_payments_that_cannot_be_name_the_field_and_change_nothing(finance, clients, subtests):
    for change, status, field in BAD_PAYMENTS:
        with subtests.test(change=change):
            answer = clients.finance.post("/api/v1/payments", json=payment_body("BANK-1", "10.00") | change)
            assert answer.status_code == status
            assert [error["field"] for error in answer.json["errors"]] == [field]
            assert all(error["cure"] for error in answer.json["errors"])
    assert clients.finance.get("/api/v1/payments").json["items"] == []


def test_a_salesperson_sees_only_their_own_customers(finance, clients):
    invoice = an_invoice(finance, "SO-1", "100.00")
    payment = pay(finance, "BANK-1", "10.00")
    an_invoice(finance, "SO-2", "100.00", customer_id=QUAY)
    paths = (f"accounts/{HARBOR}", f"invoices/{invoice.invoice_id}", f"payments/{payment.payment_id}")
    assert [clients.lin.get(f"/api/v1/{path}").status_code for path in paths] == [200, 200, 200]
    assert [clients.stranger.get(f"/api/v1/{path}").status_code for path in paths] == [404, 404, 404]
    nouns = ("accounts", "invoices", "payments")
    assert [len(clients.lin.get(f"/api/v1/{noun}").json["items"]) for noun in nouns] == [1, 1, 1]
    assert [len(clients.stranger.get(f"/api/v1/{noun}").json["items"]) for noun in nouns] == [0, 0, 0]
    assert len(clients.of("sales", "finance").get("/api/v1/invoices").json["items"]) == 2


ROLES = (
    ("sales", 200, 403),
    ("sales_manager", 200, 403),
    ("service", 200, 403),
    ("warehouse", 403, 403),
    ("finance", 200, 200),
    ("api_client", 200, 200),
    ("admin", 200, 200),
)


def test_what_each_role_may_see(finance, clients, subtests):
    for role, reads, books in ROLES:
        with subtests.test(role=role):
            client = clients.of(role, subject=LIN)
            seen = {
                client.get(f"/api/v1/{noun}").status_code for noun in ("accounts", "invoices", "payments")
            }
            booked = {
                client.get(f"/api/v1/{noun}").status_code for noun in ("journal-entries", "trial-balance")
            }
            assert (seen, booked) == ({reads}, {books})
            paid = client.post("/api/v1/payments", json=payment_body(f"BANK-{role}", "10.00"))
            assert paid.status_code == (201 if books == 200 else 403)


def test_lists_are_found_by_what_they_are_about_and_paged(finance, clients):
    for n in range(5):
        an_invoice(finance, f"SO-{n}", "10.00")
    pay(finance, "BANK-1", "10.00")
    by_order = clients.finance.get(
        "/api/v1/invoices", query_string={"order_id": an_id("order", "SO-3")}
    ).json["items"]
    assert [each["order_number"] for each in by_order] == ["SO-3"]
    seen, cursor = [], None
    while True:
        arguments = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = clients.finance.get("/api/v1/invoices", query_string=arguments).json
        seen += [each["number"] for each in page["items"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert seen == [f"INV-{n:06d}" for n in (5, 4, 3, 2, 1)]
    found = lambda **query: len(clients.finance.get("/api/v1/payments", query_string=query).json["items"])  # noqa: E731
    assert (found(unallocated="true"), found(unallocated="false"), found(reference="BANK-1")) == (1, 0, 1)
    over = clients.finance.get("/api/v1/accounts", query_string={"over_limit": "true"}).json["items"]
    assert over == []
    assert clients.finance.get("/api/v1/invoices", query_string={"order": "x"}).status_code == 422


def test_the_trial_balance_balances_and_equals_the_customers_accounts(finance, clients):
    confirm(finance, "SO-0", ("1", "40.00"))
    ship(finance, "DN-0", "SO-0", (1, "1"), on=date(2026, 1, 5))
    invoice = an_invoice(finance, "SO-1", "100.00")
    pay(finance, "BANK-1", "130.00", (invoice.invoice_id, "100.00"))
    shown = clients.finance.get("/api/v1/trial-balance").json
    (dollars,) = shown["currencies"]
    assert dollars["balanced"] is True
    assert {each["code"]: each["balance"]["amount"] for each in dollars["accounts"]} == {
        "1000": "130.00",
        "1200": "40.00",
        "2100": "-30.00",
        "4000": "-140.00",
    }
    assert [(each["account"], each["customers"]["amount"]) for each in shown["controls"]] == [
        ("1200", "40.00"),
        ("2100", "-30.00"),
    ]
    assert {each["difference"]["amount"] for each in shown["controls"]} == {"0.00"}
    january = clients.finance.get("/api/v1/trial-balance", query_string={"as_of": "2026-01-31"}).json
    assert january["currencies"][0]["debit"] == usd("40.00")
    assert january["controls"] == []


def test_the_journal_leads_from_document_to_entry(finance, clients):
    invoice = an_invoice(finance, "SO-1", "100.00")
    pay(finance, "BANK-1", "130.00", (invoice.invoice_id, "100.00"))
    entries = clients.finance.get(
        "/api/v1/journal-entries", query_string={"document_id": invoice.invoice_id}
    ).json["items"]
    (entry,) = entries
    assert (entry["number"], entry["kind"], entry["document_number"]) == (
        "JE-000001",
        "invoice",
        "INV-000001",
    )
    sides = [
        (each["account"], each["debit"]["amount"], each["credit"]["amount"]) for each in entry["postings"]
    ]
    assert sides == [("1200", "100.00", "0.00"), ("4000", "0.00", "100.00")]
    later = clients.finance.get("/api/v1/journal-entries", query_string={"posted_from": "2026-03-03"}).json[
        "items"
    ]
    assert later == []


def test_the_api_describes_itself(clients):
    paths = clients.finance.get("/openapi.json").json["paths"]
    assert "/api/v1/accounts/{customer_id}/credit-limit" in paths
    assert "/api/v1/trial-balance" in paths
