"""Every bad cell of a file is named by line and column, and the example company is without fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from meridian.importing.checking import read_small
from meridian.importing.formats import FORMATS, format_of
from meridian.importing.problems import Refused
from meridian.importing.templates import write_templates

NORTHWIND = Path(__file__).resolve().parents[2] / "examples" / "northwind" / "company"


def _problems(tmp_path: Path, name: str, text: str | bytes) -> list[str]:
    path = tmp_path / f"{name}.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    try:
        read_small(path, format_of(name))
    except Refused as refused:
        return [str(problem) for problem in refused.problems]
    return []


def test_the_example_company_is_without_fault() -> None:
    for format in FORMATS:
        path = NORTHWIND / format.file
        if path.exists():
            assert read_small(path, format)


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("A,Valve,piece,9,no", "line 2, column decimals: '9' must be a whole number from 0 to 3"),
        ("A,Valve,piece,\uff11,no", "line 2, column decimals"),
        ("A,Valve,piece,0,maybe", "line 2, column lot_tracked: 'maybe' must be yes or no"),
        (",Valve,piece,0,no", "line 2, column sku: must be filled"),
        ("A,Va\x00lve,piece,0,no", "line 2"),
        ("A,Valve,piece,0", "line 2: has 4 cells; the header has 5"),
        (f"{'A' * 65},Valve,piece,0,no", "line 2, column sku"),
        ("A,Valve,piece,0,no\nA,Other,piece,0,no", "line 3, column sku: repeats line 2"),
    ],
)
def test_a_bad_row_is_named_by_line_and_column(tmp_path: Path, row: str, named: str) -> None:
    problems = _problems(tmp_path, "items", f"sku,name,uom,decimals,lot_tracked\n{row}\n")
    assert any(named in problem for problem in problems), problems


@pytest.mark.parametrize("cell", ["NaN", "1e3", "-1", "0", "1_0", "1.0005", "Infinity"])
def test_a_quantity_is_a_plain_number_above_zero(tmp_path: Path, cell: str) -> None:
    problems = _problems(tmp_path, "stock", f"warehouse,sku,quantity\nMAIN,A,{cell}\n")
    assert "line 2, column quantity" in problems[0]


def test_the_header_is_checked_first(tmp_path: Path) -> None:
    problems = _problems(tmp_path, "stock", "warehouse,sku,amount\nMAIN,A,1\n")
    assert problems == [
        "stock.csv, line 1, column amount: is unknown; known are warehouse, sku, lot, quantity, unit_cost, serials",
        "stock.csv, line 1, column quantity: is missing",
    ]


def test_bytes_that_are_not_utf8_and_text_that_is_not_csv(tmp_path: Path) -> None:
    assert "is not UTF-8" in _problems(tmp_path, "stock", b"warehouse,sku,quantity\n\xff,A,1\n")[0]
    assert "is not CSV" in _problems(tmp_path, "stock", 'warehouse,sku,quantity\n"MAIN"x,A,1\n')[0]


def test_a_cost_comes_with_its_currency(tmp_path: Path) -> None:
    rows = ("MAIN,A,1,9.50 USD", "MAIN,B,1,", "MAIN,C,1,9.50", "MAIN,D,1,-1 USD", "MAIN,E,1,9.50 ABC")
    text = "warehouse,sku,quantity,unit_cost\n" + "\n".join(rows) + "\n"
    wrong = "must be a cost with its currency such as 9.50 USD, with up to 4 decimals"
    assert _problems(tmp_path, "stock", text) == [
        f"stock.csv, line {line}, column unit_cost: '{cell}' {wrong}"
        for line, cell in ((4, "9.50"), (5, "-1 USD"), (6, "9.50 ABC"))
    ]


def test_a_line_break_inside_quotes_does_not_move_the_line_numbers(tmp_path: Path) -> None:
    text = 'number,name,currency,address\nA,One,USD,"a\nb"\nB,Two,ZZZ,c\n'
    assert _problems(tmp_path, "customers", text) == [
        "customers.csv, line 4, column currency: 'ZZZ' must be an ISO 4217 code such as USD or CNY"
    ]


def test_the_templates_are_themselves_readable(tmp_path: Path) -> None:
    write_templates(tmp_path)
    for format in FORMATS:
        assert len(read_small(tmp_path / format.file, format)) == 1
    (tmp_path / "items.csv").write_text("mine")
    assert write_templates(tmp_path) == []
    assert (tmp_path / "items.csv").read_text() == "mine"
