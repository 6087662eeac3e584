"""The company as it stands on papers, and what quotations say beside their lines."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, insert, select

from libs.common.db import Transaction
from services.sales.domain.paper import NO_TEXTS, UNNAMED, CompanyProfile, Passage, Texts, Wording
from services.sales.store.paper_tables import company_profile, quotation_text


def add_profile(tx: Transaction, new: CompanyProfile, by: str) -> None:
    """Store the next revision of the company's profile."""
    profile = {name: value for name, value in asdict(new).items() if name != "revision"}
    row = {"revision": new.revision, "profile": profile, "created_by": by, "created_at": tx.now}
    tx.connection.execute(insert(company_profile).values(**row))


def profile(connection: Connection) -> CompanyProfile:
    """Return the company's profile as it is now."""
    last = select(company_profile).order_by(company_profile.c.revision.desc()).limit(1)
    row = connection.execute(last).one_or_none()
    if row is None:
        return UNNAMED
    data = dict(row.profile)
    en, zh = Wording(**data.pop("en")), Wording(**data.pop("zh"))
    return CompanyProfile(en, zh, **data, revision=row.revision)


def add_texts(tx: Transaction, quotation_id: str, texts: Texts, template_id: str | None) -> None:
    """Store what a new quotation says, and by which template; nothing where it says nothing."""
    if texts != NO_TEXTS or template_id is not None:
        row = {"quotation_id": quotation_id, "template_id": template_id, "texts": asdict(texts)}
        tx.connection.execute(insert(quotation_text).values(**row))


def texts(connection: Connection, quotation_id: str) -> tuple[Texts, str | None]:
    """Return what a quotation says, and the template that it was made by."""
    query = select(quotation_text).where(quotation_text.c.quotation_id == quotation_id)
    row = connection.execute(query).one_or_none()
    return (NO_TEXTS, None) if row is None else (texts_from(row.texts), row.template_id)


def texts_from(data: dict[str, Any]) -> Texts:
    """Read texts back from plain data."""
    return Texts(Passage(**data["en"]), Passage(**data["zh"]))
