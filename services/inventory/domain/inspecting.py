"""What came back of a return: taken into quarantine, inspected, and put on the shelves again or scrapped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from libs.common.quantity import Quantity
from services.inventory.domain.errors import (
    AlreadyInspected,
    InspectionIncomplete,
    LineNamedTwice,
    LineNotOnReturn,
    NothingReceived,
    ReceivedMoreThanApproved,
)
from services.inventory.domain.items import Item, require_granularity
from services.inventory.domain.returns import GoodsReturn, ReturnedLine, ReturnState, require_state

_NOTHING = Quantity.zero()


@dataclass(frozen=True)
class ReceivedPart:
    """How much of a line of the return has arrived; ``serials`` where not all that were announced did."""

    line_no: int
    quantity: Quantity
    serials: tuple[str, ...] = ()


@dataclass(frozen=True)
class Inspection:
    """What becomes of what was received of a line; without ``credit`` the customer gets no money for it.

    ``scrap_serials`` say which units are scrapped, where some are restocked.
    """

    line_no: int
    restock: Quantity = _NOTHING
    scrap: Quantity = _NOTHING
    credit: bool = True
    note: str | None = None
    scrap_serials: tuple[str, ...] = ()


def receive(
    approved: GoodsReturn,
    parts: Sequence[ReceivedPart],
    known: Mapping[str, Item],
    warehouse_id: str,
    received_on: date,
) -> GoodsReturn:
    """Return it with ``parts`` of it in quarantine at a warehouse; without any, all of it came. The rest will not."""
    require_state(approved, ("approved",), "received")
    came = _came(approved, parts, known)
    lines = tuple(replace(line, received=came.get(line.line_no, _NOTHING)) for line in approved.lines)
    if not any(line.received for line in lines):
        raise NothingReceived("nothing came back", field="lines")
    return replace(
        approved, state="received", lines=lines, warehouse_id=warehouse_id, received_on=received_on
    )


def _came(
    approved: GoodsReturn, parts: Sequence[ReceivedPart], known: Mapping[str, Item]
) -> dict[int, Quantity]:
    if not parts:
        return {line.line_no: line.quantity for line in approved.lines}
    came: dict[int, Quantity] = {}
    for index, part in enumerate(parts):
        field = f"lines.{index}"
        line = _line(approved, part.line_no, came, field)
        require_granularity(known[line.item_id], part.quantity, f"{field}.quantity")
        if part.quantity > line.quantity:
            raise ReceivedMoreThanApproved(
                f"{approved.number} allows {line.quantity} of line {line.line_no}",
                field=f"{field}.quantity",
                cure="receive what is allowed, and ask for another return for the rest",
                allowed=line.quantity,
            )
        came[line.line_no] = part.quantity
    return came


def _line(of: GoodsReturn, line_no: int, named: Iterable[int], field: str) -> ReturnedLine:
    """Return a line by its number; refuse one that is not there or was named before."""
    if line_no in named:
        raise LineNamedTwice("the line is named twice", field=field, cure="name each line once")
    for line in of.lines:
        if line.line_no == line_no:
            return line
    raise LineNotOnReturn(
        f"{of.number} has no line {line_no}",
        field=f"{field}.line_no",
        cure=f"name a line from 1 to {len(of.lines)}",
    )


def inspect(
    received: GoodsReturn, inspections: Sequence[Inspection], known: Mapping[str, Item]
) -> GoodsReturn:
    """Return it with lines inspected; closed once nothing waits in quarantine any more."""
    require_state(received, ("received",), "inspected")
    done: dict[int, ReturnedLine] = {}
    for index, each in enumerate(inspections):
        field = f"lines.{index}"
        line = _line(received, each.line_no, done, field)
        _require_complete(line, each, known[line.item_id], field)
        done[line.line_no] = replace(
            line, restocked=each.restock, scrapped=each.scrap, credit=each.credit, note=each.note
        )
    lines = tuple(done.get(line.line_no, line) for line in received.lines)
    state: ReturnState = "closed" if all(line.is_settled for line in lines) else "received"
    return replace(received, lines=lines, state=state)


def _require_complete(line: ReturnedLine, each: Inspection, item: Item, field: str) -> None:
    if line.is_settled:
        raise AlreadyInspected(
            f"line {line.line_no}: {line.restocked} restocked, {line.scrapped} scrapped of {line.received}",
            field=f"{field}.line_no",
            cure="name lines that still wait to be inspected",
        )
    for name, quantity in (("restock", each.restock), ("scrap", each.scrap)):
        require_granularity(item, quantity, f"{field}.{name}")
    if each.restock + each.scrap != line.received:
        raise InspectionIncomplete(
            f"{line.received} of line {line.line_no} were received, {each.restock + each.scrap} are accounted for",
            field=field,
            cure="give restock and scrap so that together they are what was received",
            received=line.received,
        )
