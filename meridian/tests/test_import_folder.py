"""A complete company, brought in from a folder: what it becomes, and how what is wrong with it is named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from libs.common.clock import SystemClock
from meridian.audit import audit
from meridian.importing.formats import FORMATS
from meridian.importing.load import import_folder
from meridian.importing.problems import Refused
from meridian.target import Target, embedded_target

COMPANY = Path(__file__).parent / "company"
PASSWORDS = {"ann.lee": "correct-Horse-7-battery"}
Said = dict[str, str]


def bring_in(target: Target, folder: Path, *, skip_existing: bool = False) -> Said:
    """Import ``folder`` and return what was said of each file."""
    said: list[str] = []
    import_folder(target, folder, passwords=PASSWORDS, skip_existing=skip_existing, say=said.append)
    return {line.split()[0]: " ".join(line.split()[1:]) for line in said}


def a_folder(place: Path, **files: str) -> Path:
    """Write files of CSV, by the names of their formats, into a folder of their own."""
    place.mkdir()
    for name, content in files.items():
        (place / f"{name}.csv").write_text(content, encoding="utf-8")
    return place


def ask(target: Target, store: str, statement: str) -> list[tuple[object, ...]]:
    """Return the rows that ``statement`` finds in a store."""
    databases = target.databases()
    try:
        with databases[store].reading() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]
    finally:
        for database in databases.values():
            database.close()


def violations(target: Target) -> list[str]:
    """Return the checks of the audit that found something."""
    databases = target.databases()
    try:
        report = audit(databases, now=SystemClock().now())
        return [f"{found.check}: {found.ids}" for found in report.findings if found.violations]
    finally:
        for database in databases.values():
            database.close()


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Target, Said]:
    """Give a system into which the company was brought; tests that change it take a copy."""
    target = embedded_target(tmp_path_factory.mktemp("system"))
    target.migrate()
    return target, bring_in(target, COMPANY)


@pytest.fixture
def target(imported: tuple[Target, Said], tmp_path: Path) -> Target:
    """Give a copy of the system of the company."""
    home = tmp_path / "copy"
    shutil.copytree(imported[0].home, home)
    return embedded_target(home)


def test_every_file_of_the_format_is_in_the_company_and_is_taken(imported: tuple[Target, Said]) -> None:
    rows = {format.file: len((COMPANY / format.file).read_text().splitlines()) - 1 for format in FORMATS}
    assert imported[1] == {name: f"{count} taken" for name, count in rows.items()}


def test_orders_stand_where_their_documents_brought_them(imported: tuple[Target, Said]) -> None:
    columns = "number, state, delivery_status, billing_status, payment_status, total_minor, paid_minor"
    orders = ask(imported[0], "sales", f"SELECT {columns} FROM sales_order ORDER BY number")
    assert orders == [
        ("2025-0001", "done", "full", "invoiced", "paid", 16905, 16905),
        ("2025-0002", "done", "full", "invoiced", "paid", 10001, 10001),
        ("2025-0003", "processing", "partial", "partial", "partial", 10150, 5000),
        ("2025-0004", "processing", "full", "to_invoice", "not_paid", 3000, 0),
        ("2025-0005", "processing", "waiting", "none", "not_paid", 350, 0),
    ]
    completed = "SELECT COUNT(*) FROM event_log WHERE type = 'sales.order.completed.v1'"
    assert ask(imported[0], "sales", completed) == [(2,)]
    assert ask(imported[0], "sales", "SELECT COUNT(*) FROM saga") == [(0,)]


def test_the_books_are_those_of_the_past(imported: tuple[Target, Said]) -> None:
    invoices = "SELECT number, total_minor, open_minor, posted_on, due_on, paid_on FROM invoice ORDER BY id"
    assert ask(imported[0], "finance", invoices) == [
        ("R-2025-0001", 16905, 0, "2025-11-18", "2025-12-18", "2025-12-10"),
        ("R-2025-0002", 3334, 0, "2025-11-19", "2025-12-19", "2025-12-12"),
        ("INV-2025/3", 6667, 0, "2025-11-25", "2025-12-25", "2025-12-12"),
        ("R-2025-0004", 8750, 3750, "2025-11-28", "2025-12-28", None),
    ]
    balances = (
        "SELECT account, SUM(debit_minor) - SUM(credit_minor) FROM posting GROUP BY account ORDER BY account"
    )
    assert ask(imported[0], "finance", balances) == [
        ("1000", 34406),
        ("1200", 3750),
        ("1300", 123700),
        ("2100", -2500),
        ("3000", -123700),
        ("4000", -35656),
    ]


def test_history_moves_no_stock_but_tells_who_holds_what(imported: tuple[Target, Said]) -> None:
    kinds = "SELECT kind, COUNT(*) FROM stock_move GROUP BY kind"
    assert ask(imported[0], "inventory", kinds) == [("opening", 3)]
    held = "SELECT sku, lot, quantity_milli FROM installed_item WHERE lot IS NOT NULL ORDER BY lot"
    assert ask(imported[0], "service_desk", held) == [
        ("FILTER-L", "LOT-1", 3000),
        ("FILTER-L", "LOT-2", 2000),
    ]
    tickets = "SELECT number, state, opened_on, resolved_on FROM ticket ORDER BY number"
    assert ask(imported[0], "service_desk", tickets) == [
        ("H-2025-0001", "resolved", "2025-12-01", "2025-12-03"),
        ("H-2025-0002", "resolved", "2025-12-05", "2025-12-05"),
        ("H-2025-0003", "new", "2025-12-06", None),
    ]


def test_the_system_is_sound_after_an_import(imported: tuple[Target, Said]) -> None:
    assert violations(imported[0]) == []


def test_a_second_import_is_refused_line_by_line(target: Target, tmp_path: Path) -> None:
    for format in FORMATS:
        if format.name in ("credit_limits", "order_lines"):
            continue
        content = (COMPANY / format.file).read_text()
        with pytest.raises(Refused) as refused:
            bring_in(target, a_folder(tmp_path / format.name, **{format.name: content}))
        problems = [problem for problem in refused.value.problems if "is there already" in problem.message]
        assert problems, format.name
        assert problems[0].line == 2
        assert problems[0].column in format.key
    assert violations(target) == []


def test_with_skip_existing_nothing_is_taken_twice(target: Target) -> None:
    before = ask(target, "finance", "SELECT COUNT(*) FROM event_log")
    said = bring_in(target, COMPANY, skip_existing=True)
    del said["credit_limits.csv"]
    assert {line.split()[0] for line in said.values()} == {"0"}
    assert ask(target, "finance", "SELECT COUNT(*) FROM event_log") == before


def test_what_is_missing_of_an_order_can_be_brought_in_later(target: Target, tmp_path: Path) -> None:
    rest = {
        "shipments": "number,order,line_no,quantity,shipped_on\nL-9,2025-0003,2,1,2025-12-01\n",
        "invoices": "number,shipment,posted_on,due_on\nR-9,L-9,2025-12-02,2026-01-01\n",
        "payments": "number,customer,currency,received_on,reference,invoice,amount\n"
        "Z-9,K-200,USD,2026-01-05,last,R-9,14.00\nZ-9,K-200,USD,2026-01-05,last,R-2025-0004,37.50\n",
    }
    bring_in(target, a_folder(tmp_path / "rest", **rest))
    state = "SELECT state, paid_minor FROM sales_order WHERE number = '2025-0003'"
    assert ask(target, "sales", state) == [("done", 10150)]
    assert violations(target) == []


ORDERS = "number,customer,currency,ordered_on\nN-1,K-100,USD,2025-11-03\n"
LINES = "order,line_no,sku,quantity,unit_price,discount_percent\nN-1,1,VALVE-A,1,14.00,0\n"
SHIPMENTS = "number,order,line_no,quantity,lot,shipped_on\nL-N,2025-0005,1,1,,2025-12-02\n"
INVOICES = "number,shipment,posted_on,due_on\nR-N,L-2025-0005,2025-11-29,2025-12-29\n"
PAYMENTS = "number,customer,currency,received_on,reference,invoice,amount\nZ-N,K-100,USD,2026-01-02,new,,1\n"
TICKETS = "number,customer,kind,subject,opened_on,resolution,resolved_on\nH-N,K-100,other,New,2025-12-01,,\n"

BAD_ROWS = [
    ("customers", "number,name,currency,owner\nK-9,New,USD,\nK-8,Bad,USD,nobody\n", 3, "owner"),
    ("contacts", "customer,name\nK-100,New\nK-9,Bad\n", 3, "customer"),
    ("items", "sku,name,uom,decimals,lot_tracked,supplier\nA,A,pcs,0,no,\nB,B,pcs,0,no,S-9\n", 3, "supplier"),
    ("stock", "warehouse,sku,lot,quantity\nMAIN,ROPE,,1\nMAIN,FILTER-L,,1\n", 3, "lot"),
    ("credit_limits", "customer,currency,limit\nK-200,USD,5.00\nK-9,USD,5.00\n", 3, "customer"),
    ("prices", "policy,currency,sku,min_quantity,unit_price\nP,USD,ROPE,1,1\nP,USD,NONE,1,1\n", 3, "sku"),
    ("orders", ORDERS + "N-2,K-9,USD,2025-11-03\n", 3, "customer"),
    ("orders", ORDERS + "N-2,K-100,EUR,2025-11-03\n", 3, "currency"),
    ("orders", ORDERS + "N-2,K-100,USD,2999-01-01\n", 3, "ordered_on"),
    ("orders", ORDERS + "SO-000007,K-100,USD,2025-11-03\n", 3, "number"),
    ("orders", ORDERS + "without-lines,K-100,USD,2025-11-03\n", 3, "number"),
    ("order_lines", LINES + "N-1,2,NONE,1,1,0\n", 3, "sku"),
    ("order_lines", LINES + "N-1,2,VALVE-A,1.5,1,0\n", 3, "quantity"),
    ("order_lines", LINES + "N-1,2,VALVE-A,1000000000000,90000000000000,0\n", 3, "quantity"),
    ("order_lines", LINES + "N-7,1,VALVE-A,1,1,0\n", 3, "order"),
    ("order_lines", LINES + "2025-0001,3,VALVE-A,1,1,0\n", 3, "line_no"),
    ("order_lines", LINES + "N-1,2,VALVE-A,1,1,100.01\n", 3, "discount_percent"),
    ("shipments", SHIPMENTS + "L-M,2025-9999,1,1,,2025-12-02\n", 3, "order"),
    ("shipments", SHIPMENTS + "L-M,2025-0005,7,1,,2025-12-02\n", 3, "line_no"),
    ("shipments", SHIPMENTS + "L-M,2025-0005,1,9.01,,2025-12-02\n", 3, "quantity"),
    ("shipments", SHIPMENTS + "L-N,2025-0003,2,1,,2025-12-02\n", 3, "order"),
    ("shipments", SHIPMENTS + "L-M,2025-0003,2,1,LOT-7,2025-12-02\n", 3, "lot"),
    ("shipments", SHIPMENTS + "L-M,2025-0003,2,1,,2999-12-02\n", 3, "shipped_on"),
    ("shipments", SHIPMENTS + "DN-1,2025-0003,2,1,,2025-12-02\n", 3, "number"),
    ("invoices", INVOICES + "R-M,L-9,2025-11-29,2025-12-29\n", 3, "shipment"),
    ("invoices", INVOICES + "R-M,L-2025-0005,2025-11-29,2025-12-29\n", 3, "shipment"),
    ("invoices", INVOICES + "R-M,L-2025-0001,2025-11-29,2025-12-29\n", 3, "shipment"),
    ("invoices", INVOICES.replace("R-N", "INV-000001"), 2, "number"),
    ("invoices", INVOICES.replace("12-29", "11-28"), 2, "due_on"),
    ("payments", PAYMENTS + "Z-M,K-100,USD,2026-01-02,new,,1\n", 3, "reference"),
    ("payments", PAYMENTS + "Z-M,K-100,USD,2026-01-02,RE R-2025-0001,,1\n", 3, "reference"),
    ("payments", PAYMENTS + "Z-M,K-200,USD,2026-01-02,more,R-2025-0004,37.51\n", 3, "amount"),
    ("payments", PAYMENTS + "Z-M,K-100,USD,2026-01-02,more,R-2025-0004,1\n", 3, "invoice"),
    ("payments", PAYMENTS + "Z-M,K-100,USD,2026-01-02,more,R-9,1\n", 3, "invoice"),
    ("payments", PAYMENTS + "Z-M,K-300,JPY,2026-01-02,more,,1.5\n", 3, "amount"),
    ("payments", PAYMENTS + "Z-M,K-100,USD,2026-01-02,more,,0\n", 3, "amount"),
    ("payments", PAYMENTS + "Z-N,K-100,USD,2026-01-02,other,R-2025-0004,1\n", 3, "reference"),
    ("payments", PAYMENTS + "PAY-000001,K-100,USD,2026-01-02,more,,1\n", 3, "number"),
    ("tickets", TICKETS + "H-M,K-9,other,Bad,2025-12-01,,\n", 3, "customer"),
    ("tickets", TICKETS + "H-M,K-100,other,Bad,2025-12-01,Done,2025-11-01\n", 3, "resolved_on"),
    ("tickets", TICKETS + "H-M,K-100,other,Bad,2025-12-01,,2025-12-01\n", 3, "resolution"),
]


@pytest.mark.parametrize(("name", "content", "line", "column"), BAD_ROWS)
def test_a_bad_row_refuses_its_file_whole_and_is_named(
    imported: tuple[Target, Said], tmp_path: Path, name: str, content: str, line: int, column: str
) -> None:
    files = {"orders": ORDERS} if name == "order_lines" else {}
    if name == "orders":
        files["order_lines"] = LINES + "".join(
            f"{number},1,VALVE-A,1,14.00,0\n" for number in ("N-2", "SO-000007") if f"\n{number}," in content
        )
    folder = a_folder(tmp_path / "bad", **{name: content}, **files)
    stores = ("crm", "sales", "inventory", "finance", "service_desk")
    before = [ask(imported[0], store, "SELECT COUNT(*) FROM event_log") for store in stores]
    with pytest.raises(Refused) as refused:
        bring_in(imported[0], folder)
    named = [(problem.file, problem.line, problem.column) for problem in refused.value.problems]
    assert named == [(f"{name}.csv", line, column)], str(refused.value)
    assert [ask(imported[0], store, "SELECT COUNT(*) FROM event_log") for store in stores] == before


def test_every_bad_row_of_a_file_is_named_at_once(imported: tuple[Target, Said], tmp_path: Path) -> None:
    lines = LINES + "N-1,2,NONE,1,1,0\nN-1,3,VALVE-A,1,14.00001,0\nN-7,1,ROPE,1,1,0\n"
    folder = a_folder(tmp_path / "bad", orders=ORDERS + "N-2,K-9,USD,2025-11-03\n", order_lines=lines)
    with pytest.raises(Refused) as refused:
        bring_in(imported[0], folder)
    assert [(problem.file, problem.line) for problem in refused.value.problems] == [("order_lines.csv", 4)]
    folder = a_folder(
        tmp_path / "worse",
        orders=ORDERS + "N-2,K-9,USD,2025-11-03\n",
        order_lines=lines.replace("14.00001", "14.0001"),
    )
    with pytest.raises(Refused) as refused:
        bring_in(imported[0], folder)
    assert [str(problem) for problem in refused.value.problems] == [
        "orders.csv, line 3, column customer: 'K-9' is no known customer",
        "order_lines.csv, line 3, column sku: 'NONE' is no known item",
        "order_lines.csv, line 5, column order: 'N-7' does not stand in orders.csv",
    ]


def test_lines_cannot_come_without_their_orders(imported: tuple[Target, Said], tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        bring_in(imported[0], a_folder(tmp_path / "alone", order_lines=LINES))
    assert str(refused.value) == "order_lines.csv, line 2, column order: 'N-1' does not stand in orders.csv"


def test_customers_bring_their_group_and_prices_say_for_whom_they_are(target: Target, tmp_path: Path) -> None:
    folder = a_folder(
        tmp_path / "more",
        customers="number,name,currency,group,region\nK-9,New,USD,wholesale,north\n",
        prices="policy,currency,customer_group,channel,region,sku,min_quantity,unit_price\n"
        "W,USD,wholesale,web,north,ROPE,1,1\n",
    )

    bring_in(target, folder)

    for store in ("crm", "sales"):
        found = ask(target, store, "SELECT \"group\", region FROM customer WHERE number = 'K-9'")
        assert found == [("wholesale", "north")]
    aims = "SELECT customer_group, channel, region FROM price_policy WHERE name = 'W'"
    assert ask(target, "sales", aims) == [("wholesale", "web", "north")]
    assert violations(target) == []


def test_opening_stock_names_the_serials_of_its_units(target: Target, tmp_path: Path) -> None:
    items = "sku,name,uom,decimals,lot_tracked,serial_tracked\nUNIT-1,Unit,piece,0,no,yes\n"
    bring_in(target, a_folder(tmp_path / "items", items=items))
    stock = "warehouse,sku,quantity,serials\nMAIN,UNIT-1,{},SN01..SN03 X-9\n"
    with pytest.raises(Refused) as refused:
        bring_in(target, a_folder(tmp_path / "wrong", stock=stock.format(3)))
    assert "serials" in str(refused.value)
    bring_in(target, a_folder(tmp_path / "right", stock=stock.format(4)))
    found = ask(target, "inventory", "SELECT serial, state FROM serial ORDER BY serial")
    assert found == [(name, "in_stock") for name in ("SN01", "SN02", "SN03", "X-9")]
    assert violations(target) == []
