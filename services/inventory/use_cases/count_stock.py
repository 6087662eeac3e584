"""Count stock: open a sheet, enter what was found, and post the differences, after a yes where they are worth much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from libs.common import approvals
from libs.common.approvals import Approval, Subject, Voice, current_flows, matching
from libs.common.db import Transaction, next_number
from libs.common.errors import VersionMismatch
from libs.common.ids import is_time_ordered
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.inventory.domain import counting as rules
from services.inventory.domain.counting import DOCUMENT, CountedLine, CountLine, StockCount
from services.inventory.domain.errors import UnknownItem
from services.inventory.domain.given_ids import GivenIdNotInOrder, GivenIdTaken
from services.inventory.domain.items import Item, require_granularity, require_lot
from services.inventory.domain.serials import differences, require_serials
from services.inventory.domain.stock import StockKey
from services.inventory.events import StockCountApprovalRequested, StockCountRejected
from services.inventory.store import count_rules, counts, items, serials, valuations
from services.inventory.use_cases.approving import tell_ended
from services.inventory.use_cases.book_stock import require_open_place
from services.inventory.use_cases.post_count import post_count
from services.inventory.use_cases.requeue_orders import items_of_holders

_NOTHING = Quantity.zero()


@dataclass(frozen=True)
class OpenCount:
    """What is to be counted: all that ever lay in a warehouse, a category of it, or some items."""

    warehouse_id: str
    by: str
    item_ids: tuple[str, ...] = ()
    category: str | None = None
    note: str | None = None
    id: str | None = None
    """What a terminal called it before anybody could be asked; it counts under this id until the opening is sent."""


@dataclass(frozen=True)
class EnterCounted:
    """What somebody found."""

    count_id: str
    lines: tuple[CountedLine, ...]
    by: str
    expected_version: int | None = None


@dataclass(frozen=True)
class AboutCount:
    """Which count, whose act it is, and the company's ``today``."""

    count_id: str
    me: Voice
    today: date
    expected_version: int | None = None


def open_count(tx: Transaction, command: OpenCount) -> StockCount:
    """Write the sheet; refuse stock that stands on another open one, and more than one sheet holds."""
    if command.id is not None and not is_time_ordered(command.id):
        raise GivenIdNotInOrder("the id is not a UUIDv7", field="id")
    place = require_open_place(tx, command.warehouse_id)
    known = items.known(tx.connection, command.item_ids)
    for index, item_id in enumerate(command.item_ids):
        if item_id not in known:
            raise UnknownItem("there is no such item", field=f"item_ids.{index}", cure="list the items")
    found = counts.rows_to_count(
        tx.connection,
        place.id,
        item_ids=command.item_ids,
        category=command.category,
        limit=rules.MOST_LINES + 1,
    )
    if not found:
        raise rules.NothingToCount(
            f"nothing of it ever lay in {place.code}",
            field="warehouse_id" if command.category is None else "category",
            cure="ask for other items",
        )
    if len(found) > rules.MOST_LINES:
        raise rules.TooMuchToCount(f"more than {rules.MOST_LINES} lines", field="body")
    new = StockCount(
        id=command.id or tx.new_id(),
        number=f"SC-{next_number(tx, DOCUMENT):06d}",
        warehouse_id=place.id,
        state="counting",
        opened_by=command.by,
        lines=tuple(CountLine(n, *row) for n, row in enumerate(found, 1)),
        note=command.note,
    )
    if not counts.add(tx, new):
        raise GivenIdTaken("there is a count with this id", field="id")
    if not all(counts.add_line(tx, new, line) for line in new.lines):
        raise rules.StockBeingCounted("another open count holds some of it", field="body")
    return new


def enter_counted(tx: Transaction, command: EnterCounted) -> StockCount:
    """Note what was found beside what the books say at this moment; later moves change neither.

    So goods that come or go between the count and its posting are no difference. A line may be entered again: the
    last entry counts, and all are kept.
    """
    seen = _found(tx, command.count_id)
    listed = {line.line_no: line.item_id for line in seen.lines}
    named = {line.item_id or listed.get(line.line_no or 0) for line in command.lines}
    known = items.lock(tx.connection, [item_id for item_id in named if item_id is not None])
    count = _locked(tx, command.count_id, command.expected_version)
    rules.require_state(count, ("counting",), "counted")
    books = counts.books(tx.connection, count.warehouse_id, known)
    lines = {line.line_no: line for line in count.lines}
    changed: dict[int, CountLine] = {}
    for index, found in enumerate(command.lines):
        line = _line(tx, count, lines, found, known, f"lines.{index}")
        if line.line_no in changed:
            raise rules.LineNotOnCount("the line is named twice", field=f"lines.{index}", cure="name it once")
        require_granularity(known[line.item_id], found.quantity, f"lines.{index}.quantity")
        on_hand, _ = books.get(StockKey(line.item_id, count.warehouse_id, line.lot), (_NOTHING, _NOTHING))
        line = rules.count_line(line, found.quantity, on_hand)
        names = require_serials(known[line.item_id], found.quantity, found.serials, f"lines.{index}.serials")
        changed[line.line_no] = _with_serials(tx, count, line, known[line.item_id], names)
    counts.save_counted(tx, count, changed.values(), command.by)
    counts.save(tx, count, count)
    lines |= changed
    return replace(count, lines=tuple(lines[n] for n in sorted(lines)), version=count.version + 1)


def _with_serials(
    tx: Transaction, count: StockCount, line: CountLine, item: Item, names: tuple[str, ...]
) -> CountLine:
    """Return a counted line with what its serials differ in from those that the books have there now, and keep both."""
    if not item.serial_tracked:
        return line
    here = serials.in_warehouse(tx.connection, item.id, count.warehouse_id)
    expected = {each.serial for each in here}
    serials.save_counted(tx.connection, count.id, line.line_no, set(names), expected)
    missing, unexpected = differences(expected, names)
    return replace(line, missing=missing, unexpected=unexpected)


def _line(
    tx: Transaction,
    count: StockCount,
    lines: dict[int, CountLine],
    found: CountedLine,
    known: Mapping[str, Item],
    field: str,
) -> CountLine:
    """Return the line that was found, putting it on the sheet when that did not list it."""
    if found.line_no is not None:
        if found.line_no not in lines:
            raise rules.LineNotOnCount(
                f"{count.number} has no line {found.line_no}", field=f"{field}.line_no"
            )
        return lines[found.line_no]
    item = _named_item(found, known, field)
    lot = require_lot(item, found.lot, f"{field}.lot")
    for line in lines.values():
        if (line.item_id, line.lot) == (item.id, lot):
            return line
    if len(lines) >= rules.MOST_LINES:
        raise rules.TooMuchToCount("the sheet is full", field=f"{field}.item_id")
    new = CountLine(max(lines) + 1, item.id, lot)
    if not counts.add_line(tx, count, new):
        raise rules.StockBeingCounted("another open count holds it", field=f"{field}.item_id")
    lines[new.line_no] = new
    return new


def _named_item(found: CountedLine, known: Mapping[str, Item], field: str) -> Item:
    if found.item_id is None:
        raise rules.LineNotOnCount(
            "neither a line nor an item is named", field=field, cure="name one of both"
        )
    if found.item_id not in known:
        raise UnknownItem("there is no such item", field=f"{field}.item_id", cure="list the items")
    return known[found.item_id]


def close_count(tx: Transaction, about: AboutCount) -> StockCount:
    """Post the differences, or ask for the yes that they need first; refuse an unfinished sheet."""
    before, locked = _lock_all(tx, about.count_id, about.expected_version)
    rules.require_state(before, ("counting",), "closed")
    rules.require_complete(before)
    values = valuations.lock(tx.connection, before.item_ids)
    worth = rules.worth_of(before.differing, values)
    count = replace(before, absolute_value=worth.absolute, net_value=worth.net)
    facts = rules.facts_of(count, worth, count_rules.current(tx.connection).tolerance)
    flows = matching(current_flows(tx.connection, DOCUMENT), facts)
    if not flows:
        return post_count(tx, before, count, locked, about.today)
    barred = counts.counters(tx.connection, count.id) | {count.opened_by}
    subject = Subject(DOCUMENT, count.id, count.number, count.id, facts, barred)
    approval = approvals.ask(tx, subject, flows, about.me.person)
    waits = replace(count, state="pending_approval", approval_id=approval.id)
    counts.save(tx, before, waits)
    roles = {one.name for step in approval.open_steps for one in step.step.approvers if one.kind == "role"}
    asked = StockCountApprovalRequested(
        waits.id, waits.number, approval.id, about.me.person, tuple(sorted(roles)), waits.absolute_value
    )
    publish(tx, asked)
    return replace(waits, version=waits.version + 1)


def approval_of_count(tx: Transaction, about: AboutCount) -> str:
    """Return what a count waits for, with the count and all that posting it may concern kept to this transaction."""
    before, _ = _lock_all(tx, about.count_id, about.expected_version)
    rules.require_state(before, ("pending_approval",), "decided on")
    assert before.approval_id is not None, "what waits was asked for"
    return before.approval_id


def lock_count(tx: Transaction, count_id: str) -> tuple[StockCount, dict[str, Item]]:
    """Keep the count, and all that posting it may concern, to this transaction."""
    return _lock_all(tx, count_id, None)


def count_approved(tx: Transaction, approval: Approval, today: date) -> None:
    """Post the differences: the last of those who were asked said yes."""
    before, locked = lock_count(tx, approval.document_id)
    post_count(tx, before, before, locked, today)


def count_rejected(tx: Transaction, approval: Approval, _today: date) -> None:
    """Let the count go on: the differences were not believed, or the question was taken back."""
    before, _ = lock_count(tx, approval.document_id)
    _go_on(tx, before, approval)


def _go_on(tx: Transaction, before: StockCount, approval: Approval) -> StockCount:
    last = approval.acts[-1]
    goes_on = replace(before, state="counting", reason=last.comment)
    counts.save(tx, before, goes_on)
    if approval.state == "rejected":
        publish(tx, StockCountRejected(before.id, before.number, approval.id, last.by, last.comment or ""))
    return replace(goes_on, version=goes_on.version + 1)


def cancel_count(tx: Transaction, about: AboutCount, reason: str) -> StockCount:
    """Give a count up; nothing is corrected."""
    before = _locked(tx, about.count_id, about.expected_version)
    rules.require_state(before, ("counting", "pending_approval"), "cancelled")
    if before.state == "pending_approval" and before.approval_id is not None:
        tell_ended(tx, approvals.lapse(tx, before.approval_id, about.me.person, reason))
    after = replace(before, state="cancelled", reason=reason)
    counts.save(tx, before, after)
    return replace(after, version=after.version + 1)


def _lock_all(
    tx: Transaction, count_id: str, expected_version: int | None
) -> tuple[StockCount, dict[str, Item]]:
    """Lock the items of a count and of the orders that may have to give something back, then the count."""
    seen = _found(tx, count_id)
    wanted = set(seen.item_ids) | _scope(tx, seen)
    locked = items.lock(tx.connection, wanted)
    return _locked(tx, count_id, expected_version), locked


def _scope(tx: Transaction, count: StockCount) -> set[str]:
    """Return the items of all orders that hold stock of which a count found less."""
    less = {
        StockKey(line.item_id, count.warehouse_id, line.lot)
        for line in count.differing
        if line.difference.milli < 0
    }
    return items_of_holders(tx, less) if less else set()


def _found(tx: Transaction, count_id: str) -> StockCount:
    seen = counts.find(tx.connection, count_id)
    if seen is None:
        raise rules.CountNotFound("there is no such stock count", field="count_id")
    return seen


def _locked(tx: Transaction, count_id: str, expected_version: int | None) -> StockCount:
    found = counts.find(tx.connection, count_id, lock=True)
    if found is None:
        raise rules.CountNotFound("there is no such stock count", field="count_id")
    if expected_version not in (None, found.version):
        raise VersionMismatch(f"count {found.number} is at version {found.version}")
    return found
