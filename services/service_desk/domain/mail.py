"""Mail as it comes in: read within bounds, whatever its faults, and told apart from what machines send."""

from __future__ import annotations

import email
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage, MIMEPart
from email.utils import getaddresses
from html.parser import HTMLParser
from typing import Literal

from libs.common.errors import Invalid, NotFound, Refused
from services.service_desk.domain.attachment import MOST_PER_MESSAGE, Upload

LARGEST_MAIL = 10_000_000
MOST_PARTS = 100
MOST_DEPTH = 10
LONGEST_TEXT = 10_000
LONGEST_SUBJECT = 200
LONGEST_ID = 300

MailState = Literal["taken", "triage", "automatic", "discarded"]
MAIL_STATES: tuple[MailState, ...] = ("taken", "triage", "automatic", "discarded")
Reason = Literal["unknown_sender", "several_customers", "not_the_senders_ticket", "automatic_reply", "bounce"]
REASONS: tuple[Reason, ...] = (
    "unknown_sender",
    "several_customers",
    "not_the_senders_ticket",
    "automatic_reply",
    "bounce",
)


class MailRefused(Invalid):
    """A file is no mail that can be taken in: too large, too deep, or of nobody."""

    code = "mail_refused"


class MailNotFound(NotFound):
    """There is no such mail."""

    code = "mail_not_found"


class MailDone(Refused):
    """The mail does not wait for anybody any more."""

    code = "mail_done"
    usual_cure = "list what waits with GET /api/v1/mails?state=triage"


@dataclass(frozen=True)
class Mail:
    """What a mail says. ``answers`` are the mails that it refers to, the nearest first; it may name a ticket."""

    message_id: str
    answers: tuple[str, ...]
    sender: str
    sender_name: str | None
    subject: str
    text: str
    ticket_number: str | None
    automatic: Reason | None
    uploads: tuple[Upload, ...]


@dataclass(frozen=True)
class KeptMail:
    """A mail that came in, and what became of it; in triage ``ticket_id`` is where it may belong."""

    id: str
    message_id: str
    sender: str
    sender_name: str | None
    subject: str
    text: str
    state: MailState
    taken_by: str
    taken_at: datetime
    reason: Reason | None = None
    ticket_id: str | None = None
    ticket_message_id: str | None = None
    raw_key: str | None = None


def read_mail(raw: bytes) -> Mail:
    """Return what a mail says; refuse what is larger, or nested deeper, than any person's mail."""
    if len(raw) > LARGEST_MAIL:
        raise _refused(f"the mail has {len(raw)} bytes", f"send at most {LARGEST_MAIL}")
    if raw.lower().count(b"boundary=") > MOST_PARTS:
        raise _refused("the mail has too many parts", "send what it says in one part")
    try:
        message = email.message_from_bytes(raw, policy=policy.default)
        parts = list(_parts(message, 0))
    except RecursionError:
        raise _refused("the mail is nested too deeply", "send what it says in one part") from None
    assert isinstance(message, EmailMessage)
    sender, name = _sender(message)
    subject = _line(_header(message, "Subject"), LONGEST_SUBJECT) or "(no subject) 无主题"
    found = re.search(r"\[#(T-[0-9]{6,})\]", subject)
    return Mail(
        message_id=_ids(message, "Message-ID")[0] if _ids(message, "Message-ID") else _made_id(raw),
        answers=(*_ids(message, "In-Reply-To"), *reversed(_ids(message, "References"))),
        sender=sender,
        sender_name=name,
        subject=subject,
        text=_text(parts) or "(no text) 无正文",
        ticket_number=found.group(1) if found else None,
        automatic=_automatic(message),
        uploads=tuple(_uploads(parts)),
    )


def _refused(what: str, cure: str) -> MailRefused:
    return MailRefused(what, field="content", cure=cure)


def _parts(message: MIMEPart, depth: int) -> Iterator[MIMEPart]:
    if depth > MOST_DEPTH:
        raise _refused("the mail is nested too deeply", "send what it says in one part")
    if message.is_multipart():
        for part in message.iter_parts():
            yield from _parts(part, depth + 1)
    else:
        yield message


def _header(message: EmailMessage, name: str) -> str:
    """Return a header as text; one that cannot be read is as good as none."""
    try:
        return str(message.get(name, ""))
    except (ValueError, LookupError, IndexError, AttributeError, TypeError):
        return ""


def _sender(message: EmailMessage) -> tuple[str, str | None]:
    for name in ("From", "Reply-To", "Sender"):
        for shown, address in getaddresses([_header(message, name)]):
            plain = address.strip().lower()
            if re.fullmatch(r"[^\s@<>]{1,64}@[^\s@<>]{1,189}", plain):
                return plain, _line(shown, LONGEST_SUBJECT) or None
    raise _refused("the mail names no sender", "send a mail with a From header")


def _ids(message: EmailMessage, name: str) -> list[str]:
    return [each[:LONGEST_ID] for each in re.findall(r"<[^<>\s]{1,998}>", _header(message, name))]


def _made_id(raw: bytes) -> str:
    """Return an id for a mail that has none, the same whenever it comes again."""
    return f"<{hashlib.sha256(raw).hexdigest()}@no-message-id>"


def _automatic(message: EmailMessage) -> Reason | None:
    """Tell what a machine sent: nothing comes of it, or two machines would answer each other for ever."""
    sender = _header(message, "From").lower()
    bounced = message.get_content_type() == "multipart/report" or "mailer-daemon@" in sender
    if bounced or _header(message, "Return-Path").strip() == "<>":
        return "bounce"
    submitted = _header(message, "Auto-Submitted").strip().lower()
    precedence = _header(message, "Precedence").strip().lower()
    marked = any(message.get(name) is not None for name in ("X-Autoreply", "X-Autorespond", "List-Id"))
    if submitted not in ("", "no") or precedence in ("bulk", "junk", "list", "auto_reply") or marked:
        return "automatic_reply"
    return None


def _text(parts: list[MIMEPart]) -> str:
    said = [
        part for part in parts if not part.get_filename() and part.get_content_disposition() != "attachment"
    ]
    plain = [_decoded(part) for part in said if part.get_content_type() == "text/plain"]
    marked_up = [_without_markup(_decoded(part)) for part in said if part.get_content_type() == "text/html"]
    return _clean("\n\n".join(plain if any(each.strip() for each in plain) else marked_up))[
        :LONGEST_TEXT
    ].strip()


def _decoded(part: MIMEPart) -> str:
    """Return the text of a part, in the encoding that it names if that is one, else in the likeliest."""
    content = part.get_payload(decode=True)
    held = content if isinstance(content, bytes) else b""
    for charset in (part.get_content_charset(), "utf-8", "gb18030"):
        try:
            if charset:
                return held.decode(charset)
        except (LookupError, UnicodeError):
            continue
    return held.decode("utf-8", "replace")


class _Words(HTMLParser):
    """Keeps what a reader of a page would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Note where something is not to be read, and where a line ends."""
        self._hidden += tag in ("script", "style", "head")
        if tag in ("br", "p", "div", "tr", "li"):
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Note where reading goes on."""
        self._hidden -= tag in ("script", "style", "head") and self._hidden > 0

    def handle_data(self, data: str) -> None:
        """Keep words."""
        if not self._hidden:
            self.words.append(data)


def _without_markup(page: str) -> str:
    reader = _Words()
    reader.feed(page)
    return re.sub(r"\n\s*\n+", "\n\n", "".join(reader.words))


def _clean(text: str) -> str:
    return "".join(
        each
        for each in text.replace("\r\n", "\n")
        if each in "\t\n" or unicodedata.category(each) not in ("Cc", "Cs")
    )


def _line(text: str, longest: int) -> str:
    return " ".join(_clean(text).split())[:longest].strip()


def _uploads(parts: list[MIMEPart]) -> Iterator[Upload]:
    files = [part for part in parts if part.get_filename()]
    for part in files[:MOST_PER_MESSAGE]:
        content = part.get_payload(decode=True)
        yield Upload(str(part.get_filename()), content if isinstance(content, bytes) else b"")
