"""Long files: read in blocks, taken in chunks of whole documents, gone on with after a refusal; memory stays."""

from __future__ import annotations

import shutil
import tracemalloc
from pathlib import Path

import pytest

from libs.common.importing import Problems, Reader, problems
from meridian.importing import spool
from meridian.importing.checking import checked, read_small
from meridian.importing.formats import format_of
from meridian.importing.load import import_folder
from meridian.importing.problems import Refused
from meridian.importing.progress import Progress
from meridian.importing.reading import read_blocks
from meridian.target import Target, embedded_target
from meridian.tests.test_import_folder import COMPANY, a_folder, ask, bring_in, violations

HEADS = "number,customer,currency,ordered_on\n"
LINES = "order,line_no,sku,quantity,unit_price,discount_percent\n"
LINES_OF_ORDERS = (
    "SELECT o.number, l.line_no, l.sku, l.amount_minor FROM sales_order o"
    " JOIN sales_order_line l ON l.order_id = o.id WHERE o.number LIKE 'N-%' ORDER BY 1, 2"
)


def silent() -> Progress:
    """Return a progress that nobody hears of."""
    return Progress(lambda _line: None)


def heads(*numbers: str, customer: str = "K-100") -> str:
    """Return rows of orders."""
    return "".join(f"{number},{customer},USD,2025-11-03\n" for number in numbers)


def line(order: str, number: int, sku: str = "VALVE-A") -> str:
    """Return a row of an order's line."""
    return f"{order},{number},{sku},{number},14.00,0\n"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Target:
    """Give a system into which the company was brought; each test takes a copy."""
    target = embedded_target(tmp_path_factory.mktemp("system"))
    target.migrate()
    bring_in(target, COMPANY)
    return target


@pytest.fixture
def target(company: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Target:
    """Give a copy of the company's system, into which two documents are taken at a time."""
    monkeypatch.setattr(spool, "DOCUMENTS", 2)
    home = tmp_path / "copy"
    shutil.copytree(company.home, home)
    return embedded_target(home)


def chunks_of(folder: Path) -> list[list[list[int]]]:
    """Return the lines of each part of each chunk of the first files in ``folder``."""
    with checked(folder, silent()) as groups:
        return [[[row.line for row in part] for part in chunk.rows] for chunk in groups[0].spool.chunks()]


def test_the_lines_of_an_order_may_stand_anywhere(target: Target, tmp_path: Path) -> None:
    numbers = [f"N-{number}" for number in range(5)]
    scattered = [line(number, place) for place in (2, 1, 3) for number in reversed(numbers)]
    folder = a_folder(
        tmp_path / "far", orders=HEADS + heads(*numbers), order_lines=LINES + "".join(scattered)
    )
    said = bring_in(target, folder)
    assert said == {"orders.csv": "5 taken", "order_lines.csv": "15 taken"}
    assert ask(target, "sales", LINES_OF_ORDERS) == [
        (number, place, "VALVE-A", place * 1400) for number in numbers for place in (1, 2, 3)
    ]
    assert violations(target) == []


def test_a_document_is_never_taken_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "DOCUMENTS", 2)
    monkeypatch.setattr(spool, "MOST_ROWS", 3)
    header = "number,order,line_no,quantity,shipped_on\n"
    rows = [("L-1", 1), ("L-2", 1), ("L-1", 2), ("L-1", 3), ("L-3", 1), ("L-4", 1), ("L-2", 2)]
    text = "".join(f"{number},O-1,{place},1,2025-12-01\n" for number, place in rows)
    folder = a_folder(tmp_path / "notes", shipments=header + text)
    assert chunks_of(folder) == [[[2, 4, 5]], [[3, 8, 6]], [[7]]]


def test_lines_without_an_order_come_first_so_that_nothing_is_taken_before_they_are_refused(
    target: Target, tmp_path: Path
) -> None:
    numbers = [f"N-{number}" for number in range(3)]
    lines = LINES + "".join(line(number, 1) for number in (*numbers, "N-9"))
    folder = a_folder(tmp_path / "stray", orders=HEADS + heads(*numbers), order_lines=lines)
    assert chunks_of(folder) == [[[], [5]], [[2, 3], [2, 3]], [[4], [4]]]
    with pytest.raises(Refused) as refused:
        bring_in(target, folder)
    assert str(refused.value) == "order_lines.csv, line 5, column order: 'N-9' does not stand in orders.csv"
    assert refused.value.summary == "1 problem; the file was not taken"
    assert ask(target, "sales", LINES_OF_ORDERS) == []


def test_a_chunk_that_is_refused_leaves_those_before_and_the_rest_is_looked_at(
    target: Target, tmp_path: Path
) -> None:
    numbers = [f"N-{number}" for number in range(6)]
    wrong = {"N-3": "NONE", "N-5": "NOTHING"}
    lines = LINES + "".join(line(number, 1, wrong.get(number, "VALVE-A")) for number in numbers)
    folder = a_folder(tmp_path / "some", orders=HEADS + heads(*numbers), order_lines=lines)
    with pytest.raises(Refused) as refused:
        bring_in(target, folder)
    first, second, what_stays = str(refused.value).split("\n")
    assert first == "order_lines.csv, line 5, column sku: 'NONE' is no known item"
    assert second == "order_lines.csv, line 7, column sku: 'NOTHING' is no known item"
    assert what_stays == (
        "2 rows of orders.csv, 2 rows of order_lines.csv were taken before, up to the one that begins on line 3 of "
        "orders.csv, and stay; correct the lines above and import again with --skip-existing, which goes on from there"
    )
    assert refused.value.summary == "2 problems; the rest of the file was not taken"
    assert [row[0] for row in ask(target, "sales", LINES_OF_ORDERS)] == ["N-0", "N-1"]


def test_after_a_refusal_the_same_files_corrected_go_on_from_there(target: Target, tmp_path: Path) -> None:
    numbers = [f"N-{number}" for number in range(5)]
    orders, wrong = HEADS + heads(*numbers), LINES + "".join(line(number, 1) for number in numbers)
    with pytest.raises(Refused):
        bring_in(
            target,
            a_folder(tmp_path / "1", orders=orders, order_lines=wrong.replace("N-4,1,VALVE-A", "N-4,1,X")),
        )
    folder = a_folder(tmp_path / "2", orders=orders, order_lines=wrong)
    assert bring_in(target, folder, skip_existing=True) == {
        "orders.csv": "1 taken, 4 there already",
        "order_lines.csv": "1 taken, 4 there already",
    }
    once_more = bring_in(target, folder, skip_existing=True)
    assert once_more["orders.csv"] == "0 taken, 5 there already"
    assert [row[0] for row in ask(target, "sales", LINES_OF_ORDERS)] == numbers
    assert violations(target) == []


def test_what_a_refused_import_left_undelivered_is_delivered_by_the_next(
    target: Target, tmp_path: Path
) -> None:
    orders = HEADS + heads("N-0", "N-1") + heads("N-2", customer="K-9")
    lines = LINES + "".join(line(number, 1) for number in ("N-0", "N-1", "N-2"))
    with pytest.raises(Refused, match="K-9"):
        bring_in(target, a_folder(tmp_path / "1", orders=orders, order_lines=lines))
    shipments = "number,order,line_no,quantity,shipped_on\nL-N,N-1,1,1,2025-12-01\n"
    said = bring_in(target, a_folder(tmp_path / "2", shipments=shipments))
    assert said["shipments.csv"] == "1 taken"


def test_nothing_is_taken_while_a_later_file_cannot_be_read(target: Target, tmp_path: Path) -> None:
    folder = a_folder(
        tmp_path / "bad",
        orders=HEADS + heads("N-0"),
        order_lines=LINES + line("N-0", 1),
        tickets="number,customer,kind,subject,opened_on\nH-N,K-100,other,New,2025-13-01\n",
    )
    with pytest.raises(Refused, match=r"tickets\.csv, line 2, column opened_on"):
        bring_in(target, folder)
    assert ask(target, "sales", LINES_OF_ORDERS) == []


def test_a_thousand_problems_are_told_and_the_others_counted(tmp_path: Path) -> None:
    cells = ["x"] * 1203 + ["1"]
    text = "warehouse,sku,quantity\n" + "".join(f"MAIN,{place},{cell}\n" for place, cell in enumerate(cells))
    folder = a_folder(tmp_path / "bad", stock=text)
    with pytest.raises(Refused) as refused, checked(folder, silent()):
        pass
    assert [problem.line for problem in refused.value.problems] == list(range(2, 1002))
    assert str(refused.value).endswith("\nand 203 more")
    assert refused.value.summary == "1203 problems; the file was not taken"


def test_when_enough_is_wrong_the_rest_is_not_looked_at(
    target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(problems, "MOST_PROBLEMS", 3)
    numbers = [f"N-{number}" for number in range(8)]
    lines = LINES + "".join(line(number, 1, "NONE") for number in numbers)
    folder = a_folder(tmp_path / "bad", orders=HEADS + heads(*numbers), order_lines=lines)
    with pytest.raises(Refused) as refused:
        bring_in(target, folder)
    assert [problem.line for problem in refused.value.problems] == [2, 3, 4]
    assert refused.value.summary == "4 or more problems; the file was not taken"


def test_a_row_that_stands_far_from_its_twin_repeats_it(tmp_path: Path) -> None:
    rows = [
        line("N-0", 1),
        *(line(f"N-{number}", 1) for number in range(1, 2500)),
        line("N-0", 1).replace(",1,", ",01,", 1),
    ]
    folder = a_folder(tmp_path / "twice", order_lines=LINES + "".join(rows))
    with pytest.raises(Refused) as refused, checked(folder, silent()):
        pass
    assert (
        str(refused.value)
        == "order_lines.csv, line 2502, column line_no: repeats line 2; each may stand once"
    )


def test_a_byte_far_inside_that_is_not_utf8_is_named_by_line_and_place(tmp_path: Path) -> None:
    path = tmp_path / "stock.csv"
    good = "warehouse,sku,quantity\n" + "".join(f"MÄIN,{place},1\n" for place in range(9000))
    path.write_bytes(good.encode() + b"MAIN,\xff,1\n")
    with pytest.raises(Refused) as refused:
        read_small(path, format_of("stock"))
    place = len(good.encode()) + 5
    assert str(refused.value) == f"stock.csv, line 9002: is not UTF-8 (byte {place}); save it as CSV UTF-8"


def peak_of_reading(folder: Path, orders: int) -> int:
    """Return the most bytes that Python held while so many orders were checked and given out in chunks."""
    numbers = [f"N-{number:06d}" for number in range(orders)]
    lines = LINES + "".join(line(number, place) for number in numbers for place in (1, 2))
    a_folder(folder, orders=HEADS + heads(*numbers), order_lines=lines)
    del lines
    tracemalloc.start()
    try:
        with checked(folder, silent()) as groups:
            assert sum(chunk.documents for chunk in groups[0].spool.chunks()) == orders
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_files(tmp_path: Path) -> None:
    peak_of_reading(tmp_path / "first", 10)
    small = peak_of_reading(tmp_path / "small", 2000)
    assert peak_of_reading(tmp_path / "large", 8000) < small * 1.2


def test_a_full_disk_is_told_with_its_cure(tmp_path: Path) -> None:
    rows = "".join(line(f"N-{number}", 1) for number in range(5000))
    (tmp_path / "order_lines.csv").write_text(LINES + rows)
    reader = Reader(format_of("order_lines"))
    small = spool.Spool([reader])
    small._database.execute("PRAGMA max_page_count = 20")
    with pytest.raises(spool.NoRoom, match="SQLITE_TMPDIR"):
        for block in read_blocks(tmp_path / "order_lines.csv", reader, Problems()):
            small.add(0, block)
    small.close()


def test_new_passwords_are_told_though_a_later_chunk_is_refused(target: Target, tmp_path: Path) -> None:
    users = "username,name,roles\n" + "".join(
        f"{name},New One,{role}\n"
        for name, role in (("u.one", "sales"), ("u.two", "sales"), ("u.three", "king"))
    )
    said: list[str] = []
    with pytest.raises(Refused, match="line 4, column roles"):
        import_folder(
            target,
            a_folder(tmp_path / "users", users=users),
            passwords={},
            skip_existing=False,
            say=said.append,
        )
    assert [text.split()[2] for text in said if "password" in text] == ["u.one", "u.two"]


def test_progress_is_told_now_and_then() -> None:
    said: list[str] = []
    times = iter([0.0, 1.0, 4.0, 5.0, 7.0])
    progress = Progress(said.append, clock=lambda: next(times))
    for rows in (1, 2, 3, 4):
        progress.tell("orders.csv", rows * 500, "rows taken")
    assert [line.split() for line in said] == [
        ["orders.csv", "1000", "rows", "taken"],
        ["orders.csv", "2000", "rows", "taken"],
    ]
