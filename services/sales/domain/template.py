"""Templates of quotations: what is offered again and again, with its terms; the prices are those of the day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from libs.common.errors import Invalid, NotFound
from services.sales.domain.items import Item
from services.sales.domain.line_pricing import RequestedLine, check_line
from services.sales.domain.options import settle_options
from services.sales.domain.paper import NO_TEXTS, Texts
from services.sales.domain.quotation import check_line_count

LONGEST_DAYS = 3650
_OF_ANY = ""


class TemplateNotFound(NotFound):
    """There is no such template."""

    code = "quotation_template_not_found"


class UnknownTemplate(Invalid):
    """A quotation is wanted from a template that there is not."""

    code = "unknown_template"
    usual_cure = "choose a template from GET /api/v1/quotation-templates"


class TemplateSuperseded(Invalid):
    """The template was replaced by a later revision."""

    code = "template_superseded"
    usual_cure = "take the revision that superseded it"


class SourceNotOne(Invalid):
    """A standard quotation is made of lines, of a template or of the last order: of exactly one of them."""

    code = "source_not_one"
    usual_cure = "give lines, template_id or last_order, and only one of them"


@dataclass(frozen=True)
class QuotationTemplate:
    """A template under a name. A later revision of the same name takes the place of the one before.

    A quotation from it is valid for ``validity_days``; ``None``: for as long as the company's terms say. Its lines
    have no prices of their own.
    """

    id: str
    name: str
    revision: int
    lines: tuple[RequestedLine, ...]
    texts: Texts = NO_TEXTS
    validity_days: int | None = None
    superseded_by: str | None = None
    version: int = 1

    def valid_until(self, issued_on: date) -> date | None:
        """Return the last day of a quotation that is issued on the day, where the template says one."""
        return None if self.validity_days is None else issued_on + timedelta(days=self.validity_days)


def check_template(template: QuotationTemplate, known: Mapping[str, Item]) -> None:
    """Refuse a template from which no quotation could be issued, naming the field."""
    check_line_count(len(template.lines))
    for index, line in enumerate(template.lines):
        check_line(index, line, known.get(line.item_id), _OF_ANY)
    settle_options([line.option for line in template.lines])
