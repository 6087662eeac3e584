"""Looking at templates of quotations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from services.sales.domain.template import QuotationTemplate, TemplateNotFound
from services.sales.store import templates
from services.sales.store.paper_tables import quotation_template


@dataclass(frozen=True)
class TemplateSearch:
    """What to look for. Superseded revisions are left out unless ``superseded`` asks for them."""

    name: str | None = None
    superseded: bool = False


def one_template(connection: Connection, template_id: str) -> QuotationTemplate:
    """Return a template of any revision."""
    found = templates.find(connection, template_id)
    if found is None:
        raise TemplateNotFound(f"there is no template {template_id}")
    return found


def list_templates(
    connection: Connection, wanted: TemplateSearch, *, after: tuple[Any, ...] | None, limit: int
) -> list[QuotationTemplate]:
    """Return up to ``limit`` templates, the latest first, those after the position ``after``."""
    statement = select(*templates.COLUMNS)
    if wanted.name is not None:
        statement = statement.where(quotation_template.c.name == wanted.name)
    if not wanted.superseded:
        statement = statement.where(quotation_template.c.superseded_by.is_(None))
    if after is not None:
        (template_id,) = after
        statement = statement.where(quotation_template.c.id < template_id)
    rows = connection.execute(statement.order_by(quotation_template.c.id.desc()).limit(limit))
    return [templates.from_row(row) for row in rows]
