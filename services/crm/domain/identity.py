"""By what a company or a person is known again: mail, telephone and name, freed of how they happen to be written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["email", "phone", "company"]
PHONE_DIGITS = 10
_LEAST_DIGITS = 6
_LONGEST = {"company": 100, "email": 254, "phone": PHONE_DIGITS}
_FORMS = frozenset(
    {
        "ltd", "limited", "inc", "incorporated", "llc", "llp", "corp", "corporation", "co", "company", "gmbh", "ag",
        "kg", "ug", "sa", "sas", "sarl", "srl", "spa", "bv", "nv", "ab", "oy", "as",
        "plc", "pty", "pte", "sdn", "bhd",
    }
)  # fmt: skip
_CHINESE_FORMS = ("股份有限公司", "有限责任公司", "有限公司", "公司")
FREE_MAIL = frozenset(
    {
        "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com",
        "aol.com", "gmx.de", "gmx.net", "web.de", "mail.ru", "yandex.ru", "proton.me",
        "protonmail.com", "qq.com", "163.com", "126.com", "sina.com", "foxmail.com", "yeah.net",
        "139.com",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Key:
    """One thing by which somebody is known again."""

    kind: Kind
    value: str


@dataclass(frozen=True)
class Duplicate:
    """Somebody who may be the same: a lead, a customer, or a contact of a customer; ``matched`` says by what.

    Of what the caller may not know of, only that it is there and whose it is.
    """

    kind: Literal["lead", "customer", "contact"]
    id: str | None
    customer_id: str | None
    number: str | None
    name: str | None
    owner_id: str | None
    matched: tuple[Kind, ...]


def keys_of(*, company: str | None = None, email: str | None = None, phone: str | None = None) -> set[Key]:
    """Return by what somebody is known again; what is too short to tell anybody apart is left out."""
    found = {
        Key("company", _company(company or "")[: _LONGEST["company"]]),
        Key("email", _plain(email or "")[: _LONGEST["email"]]),
        Key("phone", _digits(phone or "")),
    }
    return {key for key in found if len(key.value) >= (_LEAST_DIGITS if key.kind == "phone" else 1)}


def mail_kind(email: str | None) -> str:
    """Return ``none``, ``free`` (anybody can have such an address) or ``company``."""
    if not email:
        return "none"
    return "free" if email.rpartition("@")[2].casefold() in FREE_MAIL else "company"


def in_order(kinds: Iterable[Kind]) -> tuple[Kind, ...]:
    """Return the kinds in the order in which they tell most."""
    order: tuple[Kind, ...] = ("email", "phone", "company")
    return tuple(kind for kind in order if kind in set(kinds))


def _company(name: str) -> str:
    """Return the name without its legal form; one that is nothing but a legal form stays."""
    words = re.findall(r"\w+", _plain(name))
    bare = "".join(word for word in words if word not in _FORMS) or "".join(words)
    for form in _CHINESE_FORMS:
        if bare.endswith(form) and bare != form:
            return bare.removesuffix(form)
    return bare


def _digits(phone: str) -> str:
    """Return the last ten digits: with and without the code of the country it is the same telephone."""
    return re.sub(r"\D", "", unicodedata.normalize("NFKC", phone))[-PHONE_DIGITS:]


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in decomposed if unicodedata.category(letter) != "Mn")
    return unicodedata.normalize("NFKC", bare.casefold())
