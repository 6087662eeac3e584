"""Who sees which accounts: a salesperson his own, a leader also those of who is in his teams now, everywhere."""

from __future__ import annotations

from datetime import date
from functools import partial
from itertools import count

import pytest
from sqlalchemy import select

from libs.common.ids import derived_id
from libs.common.inbox import Receiver
from libs.common.teams import TeamTold
from libs.common.testing.interleaving import every_order, interleaved
from services.finance.store.teams import TEAMS
from services.finance.subscribers.crm import crm_subscriptions
from services.finance.tests.builders import HARBOR, LIN, QUAY, TERMS, an_id, harbor_pumps
from services.finance.tests.integration.books import an_invoice, ask, credit, open_unlimited, pay
from services.finance.tests.integration.test_api import Clients
from services.finance.tests.integration.test_messages import Post
from services.finance.use_cases.accounts import keep_team
from services.finance.use_cases.dunning import remind

NORTH = derived_id("team", "North")
BOSS = "margaret"
LISTS = (
    "accounts", "invoices", "payments", "credit-notes", "dunning/reminders", "ageing/customers",
    f"invoices?customer_id={HARBOR}", f"payments?customer_id={HARBOR}",
)  # fmt: skip


class Crm:
    """What crm tells of teams, and who looks: Lin, whose customer Harbor Pumps is, and who comes to lead her."""

    def __init__(self, finance, clock) -> None:
        self.clients = Clients(finance)
        self.lin, self.boss = self.clients.lin, self.clients.of("sales", subject=BOSS)
        self._receiver = Receiver(finance, crm_subscriptions(TERMS))
        self.post = Post(clock.now())
        self._versions = count(1)

    def team(self, *members: str, manager: str | None = BOSS, version: int | None = None) -> None:
        told: dict[str, object] = {
            "team_id": NORTH,
            "name": "North",
            "version": version or next(self._versions),
        }
        told |= {"members": list(members), "manager_id": manager}
        self.hear(self.post.message("crm.sales_team.defined.v1", NORTH, told))

    def hear(self, *messages) -> None:
        assert self._receiver.receive(list(messages)).parked == 0


class Company(Crm):
    """A document of each kind of Harbor Pumps', beside one of another customer's."""

    def __init__(self, finance, clock) -> None:
        super().__init__(finance, clock)
        open_unlimited(finance, harbor_pumps())
        first = an_invoice(finance, "SO-1", "600.00", on=date(2026, 1, 5)).invoice_id
        note = credit(finance, first, (1, None, "100.00"), posted_on=date(2026, 2, 3)).credit_note_id
        payment = pay(finance, "BANK-1", "250.00", (first, "200.00"), on=date(2026, 2, 10)).payment_id
        an_invoice(finance, "SO-9", "70.00", customer_id=QUAY)
        reminder = finance.transact(lambda tx: remind(tx, HARBOR, TERMS)).reminder_id
        self.ones = (
            f"accounts/{HARBOR}", f"accounts/{HARBOR}/credit", f"accounts/{HARBOR}/payment-terms",
            f"accounts/{HARBOR}/statement?first=2026-01-01&last=2026-03-02", f"ageing/customers/{HARBOR}",
            f"invoices/{first}", f"credit-notes/{note}", f"payments/{payment}", f"dunning/reminders/{reminder}",
            f"dunning/reminders/{reminder}/letter", f"invoices/{first}/pdf", f"dunning/reminders/{reminder}/pdf",
            f"customers/{HARBOR}/statement.pdf",
        )  # fmt: skip


def codes(who, paths) -> set[int]:
    return {who.get(f"/api/v1/{path}").status_code for path in paths}


@pytest.fixture
def company(finance, clock):
    return Company(finance, clock)


def rows(who, path: str):
    answer = who.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.json
    return answer.json["items"]


def test_a_leader_sees_in_every_list_what_his_member_sees_and_nobody_else_does(company) -> None:
    lin, boss, stranger = company.lin, company.boss, company.clients.stranger
    for path in LISTS:
        assert (len(rows(lin, path)), rows(boss, path)) == (1, []), path
    company.team(LIN)
    for path in LISTS:
        assert rows(boss, path) == rows(lin, path), path
        assert rows(stranger, path) == [], path
    company.team()
    assert [rows(boss, path) for path in LISTS] == [[]] * len(LISTS), (
        "who left the team took the customers along"
    )


def test_single_documents_papers_and_figures_agree_with_the_lists(company) -> None:
    lin, boss = company.lin, company.boss
    figures = (
        "ageing", "figures/terms-proposals", "figures/receivables?from=2026-01&to=2026-03&currency=USD",
    )  # fmt: skip
    nobodys = [boss.get(f"/api/v1/{path}").json for path in figures]
    assert codes(boss, company.ones) == {404}
    company.team(LIN)
    assert codes(boss, company.ones) == {200}
    assert [boss.get(f"/api/v1/{path}").json for path in figures] == [
        lin.get(f"/api/v1/{path}").json for path in figures
    ]
    company.team(LIN, manager=None)
    assert codes(boss, company.ones) == {404}
    assert [boss.get(f"/api/v1/{path}").json for path in figures] == nobodys


def test_a_leader_acts_for_his_team_and_for_no_other(finance, clock) -> None:
    crm = Crm(finance, clock)
    ask(finance, "SO-5", "9000.00")
    body = {"order_id": an_id("order", "SO-5"), "amount": {"amount": "9000.00", "currency": "USD"}}
    body |= {"reason": "They pay", "expires_on": "2026-03-31"}
    question = {"customer_id": HARBOR, "order_amount": {"amount": "1.00", "currency": "USD"}}
    asked = crm.boss.post("/api/v1/credit-overrides", json=body)
    assert asked.json["code"] == "order_not_waiting_for_credit", "as of an order that there is not"
    assert crm.boss.post("/api/v1/credit-what-if", json=question).status_code == 404
    crm.team(LIN)
    assert crm.boss.post("/api/v1/credit-what-if", json=question).status_code == 200
    asked = crm.boss.post("/api/v1/credit-overrides", json=body)
    assert asked.status_code == 201, asked.json
    assert rows(crm.boss, "credit-overrides") == rows(crm.lin, "credit-overrides") != []
    assert codes(crm.boss, [f"accounts/{QUAY}"]) == {404}


def test_a_leader_sees_what_his_members_asked_for_and_decides_nothing_by_that(finance, clock) -> None:
    crm = Crm(finance, clock)
    ask(finance, "SO-5", "9000.00")
    body = {"order_id": an_id("order", "SO-5"), "amount": {"amount": "9000.00", "currency": "USD"}}
    asked = crm.lin.post(
        "/api/v1/credit-overrides", json=body | {"reason": "They pay", "expires_on": "2026-03-31"}
    )
    one = f"finance-approvals/{asked.json['approval_id']}"
    assert (codes(crm.boss, [one]), rows(crm.boss, "finance-approvals")) == ({404}, [])
    crm.team(LIN)
    lists = ("", "?state=waiting&all=true", f"?requested_by={LIN}", "?document=credit_override")
    for filters in lists:
        (seen,) = rows(crm.boss, f"finance-approvals{filters}")
        assert ([seen], seen["waits_for_you"]) == (rows(crm.lin, f"finance-approvals{filters}"), False)
    assert crm.boss.get(f"/api/v1/{one}").json == crm.lin.get(f"/api/v1/{one}").json
    assert rows(crm.boss, "finance-approvals?state=waiting") == [], "he is not asked"
    for act, said in (("decide", {"decision": "approve"}), ("withdraw", {})):
        answer = crm.boss.post(f"/api/v1/{one}/{act}", json=said)
        assert answer.status_code == 403, answer.json
    assert (rows(crm.clients.stranger, "finance-approvals"), codes(crm.clients.stranger, [one])) == (
        [], {404},
    )  # fmt: skip
    crm.team(LIN, manager=None)
    assert (codes(crm.boss, [one]), rows(crm.boss, "finance-approvals")) == ({404}, [])


def test_who_leads_and_may_decide_decides_on_his_members_question_and_never_on_his_own(
    finance, clock
) -> None:
    crm = Crm(finance, clock)
    crm.team(LIN)
    for order in ("SO-5", "SO-6"):
        ask(finance, order, "9000.00")
    leader = crm.clients.of("sales", "finance", subject=BOSS)

    def decide(who, order: str):
        body = {"order_id": an_id("order", order), "amount": {"amount": "9000.00", "currency": "USD"}}
        body |= {"reason": "They pay", "expires_on": "2026-03-31"}
        approval = who.post("/api/v1/credit-overrides", json=body).json["approval_id"]
        return leader.post(f"/api/v1/finance-approvals/{approval}/decide", json={"decision": "approve"})

    own = decide(leader, "SO-5")
    assert (own.status_code, own.json["code"]) == (403, "own_approval")
    assert decide(crm.lin, "SO-6").status_code == 200


def test_a_handed_over_customer_goes_from_one_leader_to_the_other(company) -> None:
    company.team(LIN)
    gone = {"customer_id": HARBOR, "owner_id": "somebody else", "previous_owner_id": LIN}
    company.hear(company.post.message("crm.customer.owner_changed.v1", HARBOR, gone))
    assert (rows(company.boss, "invoices"), codes(company.boss, company.ones)) == ([], {404})
    company.team("somebody else")
    assert codes(company.boss, company.ones) == {200}


def test_an_older_word_and_the_same_again_change_nothing(company) -> None:
    company.team(LIN, version=5)
    company.team(version=4)
    assert len(rows(company.boss, "invoices")) == 1
    company.team(LIN, version=5)
    assert len(rows(company.boss, "invoices")) == 1
    company.team(version=6)
    assert rows(company.boss, "invoices") == []


@pytest.mark.postgres
def test_of_two_words_of_a_team_at_once_the_newer_stays_whole(finance) -> None:
    if finance.is_sqlite:
        pytest.skip("SQLite lets one write at a time: there is nothing to interleave")
    versions = count(1)

    def one(at: int, swapped: bool) -> bool:
        older, newer = next(versions), next(versions)
        words = (TeamTold(NORTH, older, ("ann", "bob"), "old"), TeamTold(NORTH, newer, ("bob", "cid"), "new"))
        first, second = (
            partial(finance.transact, partial(keep_team, told=told))
            for told in words[:: -1 if swapped else 1]
        )
        *outcomes, stopped = interleaved(finance, first, second, at)
        assert outcomes == [None, None]
        assert finance.read(members) == [("new", "bob"), ("new", "cid")]
        return stopped

    assert every_order(one) > 4


def members(connection) -> list[tuple[str, str]]:
    team, member = TEAMS.team, TEAMS.member
    query = select(team.c.manager_id, member.c.user_id).join(member, member.c.team_id == team.c.id)
    return [tuple(row) for row in connection.execute(query.order_by(member.c.user_id))]
