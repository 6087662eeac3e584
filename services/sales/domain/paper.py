"""What a customer sees of a quotation, on paper and behind a link: nothing that is the company's own business."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.sales.domain.quotation import Quotation


@dataclass(frozen=True)
class Wording:
    """How the company names itself in one language."""

    name: str
    address: str | None = None
    bank: str | None = None
    footer: str | None = None


@dataclass(frozen=True)
class CompanyProfile:
    """Who writes: the head and the foot of every paper. ``revision`` 0 is a company that has not said it yet."""

    en: Wording
    zh: Wording
    tax_number: str | None = None
    phone: str | None = None
    email: str | None = None
    website: str | None = None
    logo_text: str | None = None
    revision: int = 0


UNNAMED = CompanyProfile(Wording("Meridian"), Wording("Meridian"))


@dataclass(frozen=True)
class Passage:
    """What is said before and after the lines, in one language."""

    intro: str | None = None
    terms: str | None = None


@dataclass(frozen=True)
class Texts:
    """What a quotation says beside its lines, in both languages."""

    en: Passage = field(default_factory=Passage)
    zh: Passage = field(default_factory=Passage)


NO_TEXTS = Texts()


@dataclass(frozen=True)
class Paper:
    """A quotation as its customer sees it; once it was accepted, what was ordered of it, by its ``order_number``."""

    quotation: Quotation
    customer_name: str
    company: CompanyProfile
    texts: Texts
    order_number: str | None = None
