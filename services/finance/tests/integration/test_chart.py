"""The chart of accounts: chosen before the first entry, renamed and added to afterwards, posted to by roles."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import delete

from libs.common.errors import VersionMismatch
from services.finance.domain import chart as rules
from services.finance.domain.chart import AccountCodeTaken, ChartInUse, Role
from services.finance.reports.chart import chart_now
from services.finance.reports.ledger import trial_balance
from services.finance.store.chart_tables import ledger_account
from services.finance.tests.integration.books import an_invoice, pay
from services.finance.tests.integration.test_api import Clients
from services.finance.tests.integration.test_interleavings import play
from services.finance.use_cases.chart import AddAccount, add_account, choose_chart

URL = "/api/v1/ledger-accounts"


@pytest.fixture
def clients(finance):
    return Clients(finance)


def choose(database, chart: str, **more) -> None:
    database.transact(lambda tx: choose_chart(tx, chart, **more))


def test_r4_4_the_books_are_kept_by_the_chinese_chart(finance, clients):
    chosen = clients.finance.put(f"{URL}/chart", json={"chart": "china"})
    assert (chosen.status_code, chosen.json["chart"], chosen.json["version"]) == (200, "china", 1)
    an_invoice(finance, "SO-1", "60.00")
    pay(finance, "BANK-1", "25.00")
    shown = clients.finance.get("/api/v1/trial-balance", query_string={"language": "zh-CN"}).json
    (books,) = shown["currencies"]
    assert [(each["code"], each["name"], each["balance"]["amount"]) for each in books["accounts"]] == [
        ("1002", "银行存款", "25.00"),
        ("1122", "应收账款", "60.00"),
        ("2203", "预收账款", "-25.00"),
        ("6001", "主营业务收入", "-60.00"),
    ]
    assert {(each["account"], each["difference"]["amount"]) for each in shown["controls"]} == {
        ("1122", "0.00"),
        ("2203", "0.00"),
    }
    sheet = {"account": "1122", "language": "en", "first": "2026-01-01"}
    assert (
        clients.finance.get("/api/v1/general-ledger", query_string=sheet).json["name"] == "Trade receivables"
    )
    entry = clients.finance.get("/api/v1/journal-entries", query_string={"language": "zh-CN"}).json["items"][
        -1
    ]
    assert [each["account_name"] for each in entry["postings"]] == ["应收账款", "主营业务收入"]
    controls = clients.finance.get("/api/v1/ageing", query_string={"controls": "true"}).json["currencies"][0]
    assert [each["account"] for each in controls["controls"]] == ["1122", "2203"]

    refused = clients.finance.put(f"{URL}/chart", json={"chart": "international"})
    assert (refused.status_code, refused.json["code"]) == (409, "chart_in_use")
    assert clients.finance.get(URL).json["can_be_changed"] is False


def test_accounts_are_added_and_renamed_and_survive_another_chart(finance, clients):
    body = {"code": "6610", "name": "Freight", "name_zh": "运费", "kind": "expense"}
    made = clients.finance.post(URL, json=body)
    assert (made.status_code, made.json["own"], made.json["role"]) == (201, True, None)
    again = clients.finance.post(URL, json=body)
    assert (again.status_code, again.json["code"], again.json["errors"][0]["field"]) == (
        409,
        "account_code_taken",
        "code",
    )
    below = body | {"code": "6611", "parent": "1000"}
    wrong = clients.finance.post(URL, json=below)
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "parent")
    assert clients.finance.post(URL, json=below | {"parent": "6610"}).status_code == 201
    renamed = clients.finance.put(f"{URL}/names", json={"code": "1000", "name_zh": "工商银行"})
    assert (renamed.json["name"], renamed.json["name_zh"]) == ("Bank", "工商银行")
    assert clients.finance.put(f"{URL}/names", json={"code": "9", "name": "?"}).status_code == 404
    assert clients.of("api_client").put(f"{URL}/chart", json={"chart": "china"}).status_code == 403

    choose(finance, "china")
    codes = {each["code"]: each["own"] for each in clients.finance.get(URL).json["accounts"]}
    assert (codes["6610"], codes["1405"], "1300" in codes) == (True, False, False)


def test_a_chart_is_refused_that_has_a_code_of_the_companys_own_and_one_that_was_not_seen(finance):
    finance.transact(lambda tx: add_account(tx, AddAccount("1122", "Crane", "asset")))
    with pytest.raises(AccountCodeTaken, match="1122 Crane"):
        choose(finance, "china")
    with pytest.raises(VersionMismatch):
        choose(finance, "international", expected_version=3)
    choose(finance, "international", expected_version=0)
    assert finance.read(chart_now).version == 1


def test_an_account_is_opened_the_first_time_that_its_role_is_posted_to(finance, monkeypatch):
    """A role that is younger than the chart of a company needs one line of ROLES and nothing else."""
    younger = tuple(each for each in rules.ROLES if each.role != "bank")
    till = Role("bank", "asset", "Till", "现金", "1200", "1011", "1001")
    finance.transact(
        lambda tx: tx.connection.execute(delete(ledger_account).where(ledger_account.c.role == "bank"))
    )
    monkeypatch.setattr(rules, "ROLES", (*younger, till))
    pay(finance, "BANK-1", "5.00")
    pay(finance, "BANK-2", "5.00")
    (books,) = finance.read(trial_balance).currencies
    till_of_books = next(each for each in books.accounts if each.name == "Till")
    assert (till_of_books.code, till_of_books.balance.digits) == ("1200.1", "10.00")


@pytest.mark.postgres
def test_the_chart_is_chosen_while_the_first_entry_is_booked(finance):
    """Whoever is second sees what the first has done: the entry stands in the new chart, or the choice is refused."""
    seen: set[str] = set()
    charts = {"basic": "1000", "international": "1010", "china": "1002"}

    def pair(number: int):
        _forget_entries(finance)
        wanted = ("china", "international")[number % 2]
        return partial(choose, finance, wanted), partial(pay, finance, f"BANK-{number}", "1.00")

    def check(number: int, chosen: object, paid: object) -> None:
        assert not isinstance(paid, Exception), paid
        now = finance.read(chart_now)
        (books,) = finance.read(trial_balance).currencies
        assert charts[now.chart] in {each.code for each in books.accounts}
        assert chosen is None or isinstance(chosen, ChartInUse)
        seen.add("chosen" if chosen is None else "refused")

    assert play(finance, pair, check) > 5
    assert seen == {"chosen", "refused"}


def _forget_entries(database) -> None:
    """Begin the books anew, which only the owner of the database can do."""

    def forget(tx) -> None:
        names = "journal_entry, journal_seal, posting, payment, allocation, bank_line, number_series CASCADE"
        tx.connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        tx.connection.exec_driver_sql(f"TRUNCATE {names}")
        tx.connection.exec_driver_sql("UPDATE account SET unallocated_minor = 0")

    database.transact(forget)
