"""Take a mail in: once, to the ticket where it belongs, or before somebody who decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from libs.common.db import Transaction
from services.service_desk.domain.attachment import AttachmentRefused, Upload, type_of
from services.service_desk.domain.conversation import BY_CUSTOMER
from services.service_desk.domain.errors import TicketNotFound, UnknownCustomer
from services.service_desk.domain.mail import KeptMail, Mail, MailDone, MailNotFound, Reason, read_mail
from services.service_desk.store import customers, mails, tickets
from services.service_desk.store.vault import Vault
from services.service_desk.use_cases.converse import Heard, hear_customer
from services.service_desk.use_cases.enclose import Enclosures
from services.service_desk.use_cases.open_ticket import OpenTicket, open_ticket


@dataclass(frozen=True)
class MailRoom:
    """Who takes mail in, on which of the company's days, and where files are kept."""

    by: str
    today: date
    vault: Vault
    new_key: Callable[[], str]


def take_mail(tx: Transaction, raw: bytes, room: MailRoom) -> KeptMail:
    """Keep a mail and let it become a word on a ticket, if it is certain whose it is; the same mail again is known.

    It waits in triage while no customer is known by the sender's address, or several are, or while it answers a
    ticket of another customer. What a machine sent is kept, and nothing comes of it.
    """
    read = read_mail(raw)
    known = mails.by_message_id(tx.connection, read.message_id)
    if known is not None:
        return known
    kept = KeptMail(
        id=tx.new_id(),
        message_id=read.message_id,
        sender=read.sender,
        sender_name=read.sender_name,
        subject=read.subject,
        text=read.text,
        state="triage",
        taken_by=room.by,
        taken_at=tx.now,
        raw_key=room.new_key(),
    )
    if not mails.add(tx, kept):
        return _again(tx, read)
    assert kept.raw_key is not None
    room.vault.put(tx, kept.raw_key, raw)
    return _placed(tx, kept, read, room)


def assign_mail(
    tx: Transaction, mail_id: str, customer_id: str, ticket_id: str | None, room: MailRoom
) -> KeptMail:
    """Let a mail that waits become a word of a customer, on his ticket or on a new one.

    The sender, if nobody knew him, is from now on known as the customer's.
    """
    kept = mails.find(tx.connection, mail_id)
    if kept is None:
        raise MailNotFound("there is no such mail")
    if customers.find(tx.connection, customer_id) is None:
        raise UnknownCustomer(
            "the service desk knows no such customer", field="customer_id", cure="check the id in the list"
        )
    if ticket_id is not None and _customer_of(tx, ticket_id) != customer_id:
        raise TicketNotFound("the customer has no such ticket", field="ticket_id", cure="list his tickets")
    if kept.reason == "unknown_sender":
        keep_address(tx, kept.id, customer_id, kept.sender, kept.sender_name)
    raw = room.vault.get(tx.connection, kept.raw_key) if kept.raw_key else None
    uploads = read_mail(raw).uploads if raw is not None else ()
    return _said(tx, kept, customer_id, ticket_id, uploads, room)


def discard_mail(tx: Transaction, mail_id: str) -> KeptMail:
    """Note that nothing is to come of a mail that waits."""
    kept = mails.find(tx.connection, mail_id)
    if kept is None:
        raise MailNotFound("there is no such mail")
    return _become(tx, kept, replace(kept, state="discarded"))


def keep_address(tx: Transaction, subject_id: str, customer_id: str, address: str, name: str | None) -> None:
    """Keep by which address somebody of a customer writes, as crm or who sorted a mail says."""
    mails.put_address(tx, subject_id, customer_id, address, name)


def _again(tx: Transaction, read: Mail) -> KeptMail:
    known = mails.by_message_id(tx.connection, read.message_id)
    assert known is not None, "what was refused as known is there"
    return known


def _placed(tx: Transaction, kept: KeptMail, read: Mail, room: MailRoom) -> KeptMail:
    if read.automatic is not None:
        return _become(tx, kept, replace(kept, state="automatic", reason=read.automatic))
    ticket_id = mails.ticket_of(tx.connection, read.answers) or _named(tx, read.ticket_number)
    theirs = mails.customers_by_address(tx.connection, read.sender)
    doubt = _doubt(tx, theirs, ticket_id)
    if doubt is not None:
        return _become(tx, kept, replace(kept, reason=doubt, ticket_id=ticket_id))
    return _said(tx, kept, theirs[0], ticket_id, read.uploads, room)


def _doubt(tx: Transaction, theirs: list[str], ticket_id: str | None) -> Reason | None:
    if len(theirs) != 1:
        return "several_customers" if theirs else "unknown_sender"
    if customers.find(tx.connection, theirs[0]) is None:
        return "unknown_sender"
    if ticket_id is not None and _customer_of(tx, ticket_id) != theirs[0]:
        return "not_the_senders_ticket"
    return None


def _named(tx: Transaction, number: str | None) -> str | None:
    return None if number is None else tickets.id_of(tx.connection, number)


def _customer_of(tx: Transaction, ticket_id: str) -> str | None:
    ticket = tickets.lock(tx.connection, ticket_id)
    return None if ticket is None else ticket.customer_id


def _said(
    tx: Transaction,
    kept: KeptMail,
    customer_id: str,
    ticket_id: str | None,
    uploads: tuple[Upload, ...],
    room: MailRoom,
) -> KeptMail:
    if ticket_id is None:
        opened = OpenTicket(customer_id, None, kept.subject, BY_CUSTOMER, room.today, more_words=kept.text)
        ticket_id = open_ticket(tx, opened).id
    good, left_out = _sorted(uploads)
    heard = Heard(
        text=kept.text + left_out,
        way="mail",
        author_id=BY_CUSTOMER,
        author_name=kept.sender_name or kept.sender[:200],
        today=room.today,
        enclosed=Enclosures(good, room.vault, room.new_key),
    )
    message = hear_customer(tx, ticket_id, heard)
    changed = replace(
        kept, state="taken", reason=None, ticket_id=message.ticket_id, ticket_message_id=message.id
    )
    return _become(tx, kept, changed)


def _become(tx: Transaction, before: KeptMail, changed: KeptMail) -> KeptMail:
    if not mails.become(tx, changed, "triage"):
        raise MailDone(f"the mail is {before.state}", state=before.state)
    return changed


def _sorted(uploads: tuple[Upload, ...]) -> tuple[list[Upload], str]:
    """Return the files that are taken in, and what is said of those that are not: a mail is never lost for a file."""
    good, refused = [], []
    for upload in uploads:
        try:
            type_of(upload.content, "attachments")
        except AttachmentRefused:
            refused.append(upload.name)
        else:
            good.append(upload)
    names = ", ".join(name[:80] for name in refused)
    return good, f"\n\n[not taken in 未收: {names}]" if refused else ""
