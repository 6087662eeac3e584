"""From what was offered to what is ordered: the lines that the customer chose, and what they cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from services.sales.domain.option_errors import AlternativesExclude, NotAChoice
from services.sales.domain.quotation import Quotation, total_of
from services.sales.domain.quotation_line import QuotationLine
from services.sales.domain.taxes import TaxedAmount, TaxRule, line_taxes


def choose(quotation: Quotation, chosen: Sequence[int] | None) -> Quotation:
    """Return the quotation with the lines that are ordered, and the total of those.

    ``chosen`` names optional lines and alternatives by their ``line_no``; ``None`` is the choice that was offered.
    Of a group of which none is named the one that was offered is ordered.
    """
    offers = {line.line_no: line for line in quotation.lines if line.option is not None}
    if not offers and not chosen:
        return quotation
    if chosen is None:
        ordered = [line for line in quotation.lines if line.included]
    else:
        _check(chosen, offers)
        ordered = [line for line in quotation.lines if _is_ordered(line, [offers[n] for n in chosen])]
    ordered = _taxed(ordered, quotation.tax_rule)
    return replace(
        quotation,
        lines=tuple(ordered),
        total=total_of((line.gross for line in ordered), quotation.currency),
        tax_minor=sum(line.tax_amount.minor for line in ordered),
        rounding_e11=sum(line.worth.rounding_e11 for line in ordered),
        lines_rounded=sum(line.worth.was_rounded for line in ordered),
    )


def as_ordered(quotation: Quotation, chosen: Sequence[int]) -> Quotation:
    """Return an accepted quotation with just the lines that were ordered, which nobody chooses among any more."""
    ordered = choose(quotation, chosen)
    return replace(ordered, lines=tuple(replace(line, option=None) for line in ordered.lines))


def _taxed(lines: Sequence[QuotationLine], rule: TaxRule) -> list[QuotationLine]:
    """Return the lines with their share of the tax of all of them, which is rounded together where the rule says so."""
    amounts = [
        TaxedAmount(line.amount, line.tax.code if line.tax else None, line.tax.ppm if line.tax else 0)
        for line in lines
    ]
    return [replace(line, tax=tax) for line, tax in zip(lines, line_taxes(amounts, rule), strict=True)]


def _check(chosen: Sequence[int], offers: Mapping[int, QuotationLine]) -> None:
    for place, line_no in enumerate(chosen):
        line, field = offers.get(line_no), f"chosen.{place}"
        if line is None:
            raise NotAChoice(f"line {line_no} cannot be chosen", field=field, choices=sorted(offers))
        for other in chosen[:place]:
            if other == line_no:
                raise NotAChoice(f"line {line_no} is chosen twice", field=field)
            if line.option is not None and line.option.excludes(offers[other].option):
                raise AlternativesExclude(f"lines {other} and {line_no} are alternatives", field=field)


def _is_ordered(line: QuotationLine, chosen: Sequence[QuotationLine]) -> bool:
    if line.option is None or line in chosen:
        return True
    mine = line.option
    return mine.group is not None and mine.included and not any(mine.excludes(one.option) for one in chosen)
