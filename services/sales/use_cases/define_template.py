"""Define a template of quotations, or the next revision of one."""

from __future__ import annotations

from dataclasses import replace

from libs.common.db import Transaction, next_number
from libs.common.ids import derived_id
from services.sales.domain.template import QuotationTemplate, check_template
from services.sales.store import items, templates


def define_template(tx: Transaction, wanted: QuotationTemplate, by: str) -> QuotationTemplate:
    """Store the template; it takes the place of an earlier one of the same name, for quotations from now on.

    The caller leaves id and revision open. Quotations keep what they were made of. Two authors of one name take turns.
    """
    known = items.known(tx.connection, [line.item_id for line in wanted.lines])
    check_template(wanted, known)
    revision = next_number(tx, f"quotation_template.{derived_id(wanted.name)}")
    template = replace(wanted, id=tx.new_id(), revision=revision)
    templates.add(tx, template, by)
    return template
