"""What a credit note takes back of an invoice, by quantity or by amount: never more than was invoiced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from libs.common.errors import Invalid, Refused
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.finance.domain.taxes import LineTax, Taxed, part_tax


class CreditNoteInvalid(Invalid):
    """A line of a credit note says nothing that could be credited."""

    code = "credit_note_invalid"


class CreditExceedsInvoice(Refused):
    """More was to be credited than the invoice line has left."""

    code = "credit_exceeds_invoice"


class NothingToCredit(Refused):
    """The lines were given away for nothing, or all of their amount was credited before."""

    code = "nothing_to_credit"


@dataclass(frozen=True)
class CreditableLine(Taxed):
    """A line of a posted invoice, and how much of it was credited before; amounts are without tax."""

    line_no: int
    order_line_id: str
    item_id: str
    sku: str
    name: str
    quantity: Quantity
    amount: Money
    credited_quantity: Quantity
    credited_amount: Money
    tax: LineTax | None = None
    credited_tax: Money | None = None

    @property
    def left_quantity(self) -> Quantity:
        """What of the goods was not yet credited."""
        return self.quantity - self.credited_quantity

    @property
    def left_amount(self) -> Money:
        """What of the amount was not yet credited."""
        return self.amount - self.credited_amount

    @property
    def left_tax(self) -> LineTax | None:
        """What of the tax was not yet credited."""
        if self.tax is None or self.credited_tax is None:
            return self.tax
        return replace(self.tax, amount=self.tax.amount - self.credited_tax)


@dataclass(frozen=True)
class CreditPart:
    """What to credit of an invoice line: a quantity at its price, or an amount alone, which lowers the price.

    The amount is without tax; the tax on it is given back too.
    """

    line_no: int
    quantity: Quantity | None = None
    amount: Money | None = None


@dataclass(frozen=True)
class CreditLine(Taxed):
    """What a credit note takes back of a line of its invoice; no quantity where only the price was lowered."""

    line_no: int
    order_line_id: str
    item_id: str
    sku: str
    name: str
    quantity: Quantity
    amount: Money
    tax: LineTax | None = None


def draft_credit(
    lines: Sequence[CreditableLine], parts: Sequence[CreditPart], currency: str
) -> tuple[CreditLine, ...]:
    """Return what the ``parts`` of an invoice with these ``lines`` come to; refuse what is not there to be credited."""
    if not parts:
        raise CreditNoteInvalid("a credit note has lines", field="lines", cure="name at least one line")
    known = {line.line_no: line for line in lines}
    named: set[int] = set()
    drafted = []
    for index, part in enumerate(parts):
        where = f"lines.{index}"
        if part.line_no not in known:
            raise CreditNoteInvalid(
                f"the invoice has no line {part.line_no}",
                field=f"{where}.line_no",
                cure=f"name a line from 1 to {len(known)}",
            )
        if part.line_no in named:
            raise CreditNoteInvalid(
                f"line {part.line_no} is named twice", field=f"{where}.line_no", cure="name each line once"
            )
        named.add(part.line_no)
        drafted.append(_credit(known[part.line_no], part, currency, where))
    return tuple(drafted)


def total_of(lines: Sequence[CreditLine], currency: str) -> Money:
    """Return what the lines come to, with tax."""
    return Money.total((line.gross for line in lines), currency)


def require_something(lines: Sequence[CreditLine], currency: str) -> None:
    """Refuse a credit note of nothing, which would move no money."""
    if not total_of(lines, currency):
        raise NothingToCredit(
            "nothing was charged for these lines, or all of it was credited before",
            field="lines",
            cure="read the invoice again, or name other lines",
        )


def _credit(line: CreditableLine, part: CreditPart, currency: str, where: str) -> CreditLine:
    if part.quantity is not None and part.amount is None:
        amount = _amount_of(line, part.quantity, where)
        return _line(line, part.quantity, amount, _share(line, part.quantity.milli, line.left_quantity.milli))
    if part.amount is not None and part.quantity is None:
        _require_amount(line, part.amount, currency, where)
        tax = _share(line, part.amount.minor, line.left_amount.minor)
        return _line(line, Quantity.zero(), part.amount, tax)
    raise CreditNoteInvalid(
        "a line is credited by quantity or by amount",
        field=where,
        cure="give quantity where goods came back, amount where only the price is lowered; not both",
    )


def _line(line: CreditableLine, quantity: Quantity, amount: Money, tax: LineTax | None) -> CreditLine:
    return CreditLine(
        line.line_no, line.order_line_id, line.item_id, line.sku, line.name, quantity, amount, tax
    )


def _share(line: CreditableLine, part: int, left: int) -> LineTax | None:
    """Return the share of the tax that is left, so that with the last of the line the last of its tax goes back."""
    return part_tax(line.left_tax, part, left, Money.zero(line.amount.currency))


def _amount_of(line: CreditableLine, quantity: Quantity, where: str) -> Money:
    """Return the amount of ``quantity``: its share of what is left, so that the last piece takes all that is left."""
    if quantity <= Quantity.zero():
        raise CreditNoteInvalid(
            "the quantity must be more than zero",
            field=f"{where}.quantity",
            cure="give a positive quantity, or leave the line out",
        )
    if quantity > line.left_quantity:
        raise CreditExceedsInvoice(
            f"line {line.line_no} ({line.sku}): {line.quantity} invoiced, {line.credited_quantity} credited before",
            field=f"{where}.quantity",
            cure=f"credit at most {line.left_quantity}",
            left=line.left_quantity,
            asked=quantity,
        )
    return line.left_amount.share(quantity.milli, line.left_quantity.milli)


def _require_amount(line: CreditableLine, amount: Money, currency: str, where: str) -> None:
    if amount.currency != currency:
        raise CreditNoteInvalid(
            f"the invoice is in {currency}", field=f"{where}.amount.currency", cure=f"give {currency}"
        )
    if amount.minor <= 0:
        raise CreditNoteInvalid(
            "the amount must be more than zero",
            field=f"{where}.amount.amount",
            cure="give a positive amount, or leave the line out",
        )
    if amount > line.left_amount:
        raise CreditExceedsInvoice(
            f"line {line.line_no} ({line.sku}): {line.amount} invoiced, {line.credited_amount} credited before",
            field=f"{where}.amount",
            cure=f"credit at most {line.left_amount}",
            left=line.left_amount,
            asked=amount,
        )


def parts_returned(lines: Sequence[CreditableLine], returned: dict[str, Quantity]) -> tuple[CreditPart, ...]:
    """Return what to credit for goods that came back, by order line; what was credited before is not credited again."""
    parts = []
    for line in lines:
        quantity = min(returned.get(line.order_line_id, Quantity.zero()), line.left_quantity)
        if quantity:
            parts.append(CreditPart(line.line_no, quantity=quantity))
    return tuple(parts)
