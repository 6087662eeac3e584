"""From what was offered to what is ordered: the lines that the customer chose, and what they cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from services.sales.domain.option_errors import AlternativesExclude, NotAChoice
from services.sales.domain.quotation import Quotation, QuotationLine, total_of


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
    return replace(
        quotation,
        lines=tuple(ordered),
        total=total_of((line.amount for line in ordered), quotation.currency),
        rounding_e11=sum(line.worth.rounding_e11 for line in ordered),
        lines_rounded=sum(line.worth.was_rounded for line in ordered),
    )


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
