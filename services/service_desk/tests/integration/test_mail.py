"""Mail that comes in: to the right ticket once, never to a wrong one, and no fault of it stops the others."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import func, select

from libs.common.envelope import Message
from services.service_desk.store.mail_tables import mail
from services.service_desk.store.tables import ticket
from services.service_desk.tests.builders import HARBOR, NANCY, OTHERS, Desk, a_message, an_id
from services.service_desk.tests.integration.test_attachments import PNG
from services.service_desk.tests.talking import (
    RESOLVED,
    TICKETS,
    a_new_ticket,
    act,
    done,
    texts,
    ticket_now,
    two_customers,
)

MAILS = "/api/v1/mails"


def contact(email: str, customer_id: str = HARBOR, count: int = 1, sequence: int = 2) -> Message:
    data = {"contact_id": an_id("ca01", count), "customer_id": customer_id, "name": "Ann 王", "email": email}
    return a_message("crm.contact.added.v1", customer_id, sequence, data)


@pytest.fixture
def desk(desk: Desk) -> Desk:
    two_customers(desk).hears(contact("Ann@Harbor.example"), contact("bob@others.example", OTHERS, 2))
    return desk


def a_mail(text: str = "It leaks", sender: str = "Ann <ann@harbor.example>", **headers: str) -> EmailMessage:
    made = EmailMessage()
    named = {"From": sender, "To": "desk@meridian.example", "Subject": "A leak", "Message-ID": "<1@harbor>"}
    for name, value in (named | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        if value:
            made[name] = value
    made.set_content(text)
    return made


def take(desk: Desk, made: EmailMessage | bytes, status: int = 201) -> Any:
    raw = made if isinstance(made, bytes) else made.as_bytes()
    body = {"content": base64.b64encode(raw).decode()}
    return done(desk.sergei.post(MAILS, json=body), status)


def test_a_mail_of_a_known_sender_opens_a_ticket_once(desk: Desk) -> None:
    kept = take(desk, a_mail("Hello,\nit leaks. 漏水了"))
    assert (kept["state"], kept["sender"], kept["reason"]) == ("taken", "ann@harbor.example", None)
    opened = ticket_now(desk, kept["ticket_id"])
    assert (opened["customer_id"], opened["subject"], opened["opened_by"]) == (HARBOR, "A leak", "customer")
    (word,) = done(desk.nancy.get(f"{TICKETS}/{opened['id']}/messages"))["items"]
    assert (word["text"], word["way"], word["author_name"]) == ("Hello,\nit leaks. 漏水了", "mail", "Ann")
    assert take(desk, a_mail("Hello,\nit leaks. 漏水了")) == kept, "the same mail again is known"
    assert (desk.count(mail), desk.count(ticket)) == (1, 1)


def test_of_the_same_mail_twice_at_once_one_word_comes(desk: Desk) -> None:
    with ThreadPoolExecutor(3) as pool:
        kept = list(pool.map(lambda _: take(desk, a_mail()), range(3)))
    assert len({each["ticket_id"] for each in kept}) == 1
    assert (desk.count(mail), desk.count(ticket), texts(desk, kept[0]["ticket_id"])) == (1, 1, ["It leaks"])


@pytest.mark.parametrize(
    "headers",
    [
        {"In_Reply_To": "<1@harbor>"},
        {"References": "<0@x> <1@harbor> <7@x>"},
        {"Subject": "Re: A leak [#T-000001]"},
    ],
)
def test_an_answer_goes_to_its_ticket(desk: Desk, headers: dict[str, str]) -> None:
    first = take(desk, a_mail())
    act(desk, first["ticket_id"], "resolve", RESOLVED)
    kept = take(desk, a_mail("Still leaks", Message_ID="<2@harbor>", **headers))
    assert kept["ticket_id"] == first["ticket_id"]
    assert texts(desk, first["ticket_id"]) == ["It leaks", "Still leaks"]
    assert ticket_now(desk, first["ticket_id"])["state"] == "open"


@pytest.mark.parametrize("headers", [{"Subject": "[#T-000001]"}, {"In_Reply_To": "<1@harbor>"}])
def test_nobody_writes_on_another_customers_ticket(desk: Desk, headers: dict[str, str]) -> None:
    first = take(desk, a_mail())
    for count, sender in enumerate(("bob@others.example", "eve@evil.example")):
        kept = take(desk, a_mail("Tell me all", sender, Message_ID=f"<e{count}@x>", **headers))
        assert (kept["state"], kept["ticket_id"]) == ("triage", first["ticket_id"])
        assert kept["reason"] == ("unknown_sender" if count else "not_the_senders_ticket")
    assert texts(desk, first["ticket_id"]) == ["It leaks"]


def test_what_an_unknown_sender_writes_waits_until_somebody_says_whose_it_is(desk: Desk) -> None:
    made = a_mail("My photo", "eve@new.example")
    made.add_attachment(PNG, maintype="image", subtype="png", filename="../a.png")
    kept = take(desk, made)
    assert (kept["state"], kept["reason"], kept["ticket_id"]) == ("triage", "unknown_sender", None)
    waiting = done(desk.sergei.get(MAILS, query_string={"state": "triage"}))["items"]
    assert [each["id"] for each in waiting] == [kept["id"]]
    assigned = done(desk.sergei.post(f"{MAILS}/{kept['id']}/assign", json={"customer_id": HARBOR}))
    assert assigned["state"] == "taken"
    (word,) = done(desk.nancy.get(f"{TICKETS}/{assigned['ticket_id']}/messages"))["items"]
    assert (word["text"], word["attachments"][0]["file_name"]) == ("My photo", "a.png")
    again = desk.sergei.post(f"{MAILS}/{kept['id']}/assign", json={"customer_id": HARBOR})
    assert (again.status_code, again.json["code"]) == (409, "mail_done")
    assert desk.sergei.post(f"{MAILS}/{kept['id']}/discard").status_code == 409
    assert take(desk, a_mail("More", "eve@new.example", Message_ID="<3@x>"))["state"] == "taken", "known now"
    assert desk.count(ticket) == 2


def test_a_mail_is_not_put_on_a_ticket_of_somebody_else(desk: Desk) -> None:
    theirs = a_new_ticket(desk)["id"]
    kept = take(desk, a_mail(sender="eve@new.example"))
    body = {"customer_id": OTHERS, "ticket_id": theirs}
    assert desk.sergei.post(f"{MAILS}/{kept['id']}/assign", json=body).status_code == 404
    assert done(desk.sergei.post(f"{MAILS}/{kept['id']}/discard"))["state"] == "discarded"
    assert desk.nancy.get(MAILS).status_code == 403


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Auto_Submitted": "auto-replied"}, "automatic_reply"),
        ({"Auto_Submitted": "auto-generated (failure)"}, "automatic_reply"),
        ({"Precedence": "bulk"}, "automatic_reply"),
        ({"X_Autoreply": "yes"}, "automatic_reply"),
        ({"List_Id": "<news.harbor.example>"}, "automatic_reply"),
        ({"Return_Path": "<>"}, "bounce"),
        ({"sender": "MAILER-DAEMON@harbor.example"}, "bounce"),
    ],
)
def test_nothing_comes_of_what_a_machine_sends(desk: Desk, headers: dict[str, str], reason: str) -> None:
    kept = take(desk, a_mail("Out of office", **headers))
    assert (kept["state"], kept["reason"], kept["ticket_id"]) == ("automatic", reason, None)
    assert (desk.count(ticket), desk.told()) == (0, [])
    assert take(desk, a_mail(Message_ID="<9@harbor>", Auto_Submitted="no"))["state"] == "taken"


def test_a_sender_of_two_customers_waits(desk: Desk) -> None:
    desk.hears(contact("ann@harbor.example", OTHERS, 3, sequence=3))
    assert take(desk, a_mail())["reason"] == "several_customers"


def test_files_that_are_not_taken_in_cost_the_mail_nothing(desk: Desk) -> None:
    made = a_mail("See here")
    made.add_attachment(PNG, maintype="text", subtype="html", filename="a.html")
    made.add_attachment(b"<script>alert(1)</script>", maintype="image", subtype="png", filename="b.png")
    kept = take(desk, made)
    (word,) = done(desk.nancy.get(f"{TICKETS}/{kept['ticket_id']}/messages"))["items"]
    assert [(each["file_name"], each["media_type"]) for each in word["attachments"]] == [
        ("a_html.png", "image/png")
    ]
    assert word["text"] == "See here\n\n[not taken in 未收: b.png]"


_HEAD = b"From: ann@harbor.example\r\nMessage-ID: <f@x>\r\nSubject: "
FAULTY = {
    "an unknown charset": (
        _HEAD + b"x\r\nContent-Type: text/plain; charset=klingon\r\n\r\nH\xc3\xa4llo",
        "Hällo",
    ),
    "a wrong charset": (_HEAD + b"x\r\nContent-Type: text/plain; charset=ascii\r\n\r\nH\xc3\xa4llo", "Hällo"),
    "no charset, in GB18030": (_HEAD + b"x\r\n\r\n" + "漏水了".encode("gb18030"), "漏水了"),
    "broken base64": (
        _HEAD + b"x\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nSGVsbG8*=",
        "Hello",
    ),
    "a nul and an escape": (_HEAD + b"x\r\n\r\na\x00b\x1b[31m", "ab[31m"),
    "no text at all": (_HEAD + b"x\r\n\r\n", "(no text) 无正文"),
    "markup only": (
        _HEAD
        + b"x\r\nContent-Type: text/html\r\n\r\n<style>b{}</style><p>Hi &amp; bye<script>evil()</script></p>",
        "Hi & bye",
    ),
    "an end that never comes": (
        _HEAD
        + b"x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHello",
        "Hello",
    ),
    "an encoded subject that is none": (_HEAD + b"=?utf-8?Q?=ZZ?= =?x?\r\n\r\nHello", "Hello"),
    "a header of a line break": (_HEAD + b"=?utf-8?Q?a=0D=0AB?=\r\n\r\nHello", "Hello"),
    "very long": (_HEAD + b"s" * 5000 + b"\r\n\r\n" + b"t" * 50_000, "t" * 10_000),
}


@pytest.mark.parametrize("what", FAULTY)
def test_a_faulty_mail_says_what_can_be_read_of_it(desk: Desk, what: str) -> None:
    raw, text = FAULTY[what]
    kept = take(desk, raw)
    assert (kept["state"], kept["text"]) == ("taken", text)
    assert len(kept["subject"]) <= 200
    assert "\n" not in kept["subject"]


def _nested(depth: int) -> bytes:
    made = b""
    for level in range(depth):
        made += b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level)
    return _HEAD + b"x\r\n" + made + b"Content-Type: text/plain\r\n\r\nHello"


@pytest.mark.parametrize(
    "raw",
    [
        _nested(12),
        _nested(3000),
        _HEAD + b"x\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 5000,
        b"Subject: of nobody\r\n\r\nHello",
        b"From: nobody at all\r\n\r\nHello",
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_persons_mail_is_refused(desk: Desk, raw: bytes) -> None:
    refused = take(desk, raw, 422)
    assert (refused["code"], refused["errors"][0]["field"]) == ("mail_refused", "content")
    assert desk.count(mail) == 0


def test_a_mail_without_an_id_is_taken_in_once_too(desk: Desk) -> None:
    ids = {take(desk, a_mail(Message_ID=""))["id"] for _ in range(2)}
    assert len(ids) == 1
    counted = desk.database.read(lambda c: c.execute(select(func.count()).select_from(ticket)).scalar_one())
    assert counted == 1
    assert NANCY not in str(desk.messages()[-1].data)
