"""Stock counts: what was found beside what the books say at that moment, and who must look at the difference."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from libs.common.approvals.conditions import Facts, Fields
from libs.common.errors import Invalid, NotFound, Refused
from libs.common.money import LIMIT_MINOR, Money
from libs.common.quantity import Quantity
from services.inventory.domain.valuation import Valuation, share_of

CountState = Literal["counting", "pending_approval", "posted", "cancelled"]
DOCUMENT = "stock_count"
FIELDS: Fields = {"absolute_value": "money", "value_unknown": "flag", "warehouse_id": "text"}
APPROVER_ROLES = ("warehouse", "sales_manager", "finance", "admin")
MOST_LINES = 1000


class CountNotFound(NotFound):
    """There is no such stock count."""

    code = "stock_count_not_found"
    usual_cure = "choose one from GET /api/v1/stock-counts"


class CountStateRefuses(Refused):
    """The count is past the point where this could be done, or not there yet."""

    code = "stock_count_state"
    usual_cure = "read the count again and go on from its present state"


class NothingToCount(Invalid):
    """No stock fits what was asked for."""

    code = "nothing_to_count"


class TooMuchToCount(Invalid):
    """More lies there than one sheet holds."""

    code = "too_much_to_count"
    usual_cure = "count a category or some items at a time"


class StockBeingCounted(Refused):
    """Another open count holds some of the same stock: both would correct the same difference."""

    code = "stock_being_counted"
    usual_cure = "finish or cancel the other count first, or leave its items out"


class LineNotOnCount(Invalid):
    """A line was named that the sheet does not have."""

    code = "line_not_on_count"
    usual_cure = "read the count again and name one of its lines"


class CountIncomplete(Refused):
    """Lines were not counted yet, or differ and were counted only once."""

    code = "stock_count_incomplete"
    usual_cure = "count these lines, and those that differ a second time"


class CountBelowPicked(Refused):
    """Less was found than is held for goods that are picked or walked for, half shipped, or in production."""

    code = "count_below_picked"
    usual_cure = "end the orders or production orders that hold it, give up its pick list, or count again"


class ToleranceNeedsApprover(Invalid):
    """Above a tolerance somebody has to be asked."""

    code = "tolerance_needs_approver"
    usual_cure = f"name at least one of {', '.join(APPROVER_ROLES)}"


@dataclass(frozen=True)
class CountLine:
    """An item, and lot, on the sheet; counted ``counts`` times; ``book`` is what the books said the last time.

    Of an item that is kept by serial number, ``missing`` are those that the books have and nobody found.
    """

    line_no: int
    item_id: str
    lot: str
    counted: Quantity | None = None
    book: Quantity | None = None
    counts: int = 0
    missing: tuple[str, ...] = ()
    unexpected: tuple[str, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether it is not as the books said: as many units may be there, and not the same ones."""
        return bool(self.difference or self.missing or self.unexpected)

    @property
    def corrections(self) -> tuple[tuple[Quantity, tuple[str, ...]], ...]:
        """What is to be booked, with its serials: first what was found more, so that there is room for what is gone."""
        if not (self.missing or self.unexpected):
            return ((self.difference, ()),)
        found = (Quantity(1000 * len(self.unexpected)), self.unexpected)
        gone = (Quantity(-1000 * len(self.missing)), self.missing)
        return tuple(each for each in (found, gone) if each[0])

    @property
    def difference(self) -> Quantity:
        """What was found more (or, below zero, less) than the books said at that moment."""
        if self.counted is None or self.book is None:
            return Quantity.zero()
        return self.counted - self.book

    @property
    def progress(self) -> str:
        """``open``, to be counted a second time (``recount``), or ``counted``."""
        if not self.counts:
            return "open"
        return "recount" if self.counts == 1 and self.differs else "counted"


@dataclass(frozen=True)
class StockCount:
    """A count of a warehouse, or of a part of it.

    *counting*: quantities are entered without seeing what the books say. *pending_approval*: the difference is worth
    more than the tolerance. *posted*: the differences are in the ledger, as adjustments of ``document_id``.
    *cancelled*: given up, nothing was corrected.
    """

    id: str
    number: str
    warehouse_id: str
    state: CountState
    opened_by: str
    lines: tuple[CountLine, ...]
    note: str | None = None
    approval_id: str | None = None
    document_id: str | None = None
    absolute_value: Money | None = None
    net_value: Money | None = None
    reason: str | None = None
    version: int = 1

    @property
    def differing(self) -> tuple[CountLine, ...]:
        """The lines that are not as the books said."""
        return tuple(line for line in self.lines if line.differs)

    @property
    def item_ids(self) -> tuple[str, ...]:
        """The items on it, in the order in which they are locked."""
        return tuple(sorted({line.item_id for line in self.lines}))


@dataclass(frozen=True)
class CountedLine:
    """What was found: of a line of the sheet, or of an item and lot that it did not list."""

    quantity: Quantity
    line_no: int | None = None
    item_id: str | None = None
    lot: str | None = None
    serials: tuple[str, ...] = ()


@dataclass(frozen=True)
class CountRules:
    """Above which absolute value of its differences a count waits, and for whom; no tolerance: for nobody."""

    revision: int = 0
    tolerance: Money | None = None
    approvers: tuple[str, ...] = ()


def count_line(line: CountLine, found: Quantity, book: Quantity) -> CountLine:
    """Return the line as counted once more, against what the books say now."""
    return replace(line, counted=found, book=book, counts=line.counts + 1)


def require_state(count: StockCount, states: Sequence[CountState], verb: str) -> None:
    """Refuse what cannot be done in the present state."""
    if count.state not in states:
        raise CountStateRefuses(f"{count.number} is {count.state} and cannot be {verb}", state=count.state)


def require_complete(count: StockCount) -> None:
    """Refuse to close a sheet with lines that nobody counted, or that differ and were counted once."""
    missing = [line for line in count.lines if line.progress != "counted"]
    if missing:
        raise CountIncomplete(
            f"{len(missing)} lines of {count.number} are not counted to the end",
            lines=[line.line_no for line in missing[:100]],
        )


@dataclass(frozen=True)
class Worth:
    """What the differences of a count are worth: taken absolutely, and up against down.

    Both ``None`` where a cost is unknown, or costs are in several currencies: then nobody can say.
    """

    absolute: Money | None
    net: Money | None


def worth_of(lines: Iterable[CountLine], values: dict[str, Valuation]) -> Worth:
    """Return what the differences are worth at the present cost of their items."""
    absolute = net = 0
    currencies: set[str | None] = set()
    for line in lines:
        for quantity, _ in line.corrections:
            worth = share_of(values[line.item_id], abs(quantity.milli))
            currencies.add(None if worth is None else worth.currency)
            minor = 0 if worth is None else worth.minor
            absolute += minor
            net += minor if quantity.milli > 0 else -minor
    if not currencies:
        return Worth(None, None)
    currency = currencies.pop()
    if currencies or currency is None or absolute > LIMIT_MINOR:
        return Worth(None, None)
    return Worth(Money(absolute, currency), Money(net, currency))


def facts_of(count: StockCount, worth: Worth, tolerance: Money | None) -> Facts:
    """Return what a count says to an approval flow; what cannot be compared with the tolerance is unknown."""
    comparable = worth.absolute is not None and (
        tolerance is None or worth.absolute.currency == tolerance.currency
    )
    unknown = bool(count.differing) and not comparable
    return {"absolute_value": worth.absolute, "value_unknown": unknown, "warehouse_id": count.warehouse_id}
