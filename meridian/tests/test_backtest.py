"""Recommendations are tried on a past that they have not seen: the counting, the command, and real sales."""

from __future__ import annotations

import csv
import json
import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from meridian.backtest import BadLines, backtest, read_lines
from meridian.cli import main
from services.crm.domain.buying import Bought
from services.crm.domain.learning import learn

NORTHWIND = Path(__file__).parents[2] / "examples" / "northwind" / "replay"
RETAIL = os.environ.get("MERIDIAN_ONLINE_RETAIL")
HEAD = ("InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID")
DAY = date(2026, 3, 2)


def written(path: Path, rows: list[tuple[str, ...]]) -> Path:
    """Write invoice lines."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([HEAD, *rows])
    return path


def northwind(path: Path) -> Path:
    """Write Northwind's orders as invoice lines."""
    with (NORTHWIND / "orders.csv").open(encoding="utf-8", newline="") as file:
        orders = {row["number"]: row for row in csv.DictReader(file)}
    with (NORTHWIND / "order_lines.csv").open(encoding="utf-8", newline="") as file:
        lines = [(orders[row["order"]], row) for row in csv.DictReader(file)]
    rows = [
        (row["order"], row["sku"].replace("NW-", "10"), row["quantity"], order["ordered_on"], row["unit_price"],
         order["customer"])
        for order, row in lines
    ]  # fmt: skip
    return written(path, rows)


def test_what_is_no_sale_is_left_out_and_counted(tmp_path: Path) -> None:
    sale = ("1", "10001A", "2", "2011-01-04 10:00:00", "2.55", "17")
    rows = [sale, (*sale[:5], ""), (*sale[:2], "-2", *sale[3:]), ("1", "POST", *sale[2:])]
    read = read_lines(written(tmp_path / "lines.csv", rows))
    assert (len(read.lines), read.anonymous, read.not_sold, read.charges) == (1, 1, 1, 1)
    assert (read.lines[0].milli, read.lines[0].minor, read.lines[0].day) == (2000, 510, date(2011, 1, 4))
    with pytest.raises(BadLines, match="line 2"):
        read_lines(written(tmp_path / "bad.csv", [(*sale[:2], "two", *sale[3:])]))
    (tmp_path / "other.csv").write_text("a,b\n", encoding="utf-8")
    with pytest.raises(BadLines, match="no column InvoiceNo"):
        read_lines(tmp_path / "other.csv")


def test_it_finds_what_is_planted_and_the_most_popular_do_not() -> None:
    lines = []
    for place in range(200):
        who, pair = f"c{place:03d}", place % 20
        before = [(f"a{pair}", 10), *([(f"b{pair}", 10)] if place < 160 else [])]
        after = [(f"b{pair}", -5)] if place >= 160 else []
        for item, ago in before + after:
            lines.append(Bought(who, item, DAY - timedelta(days=ago), 1000, 100, "GBP"))
    found = backtest(lines, DAY, DAY + timedelta(days=30), 1)
    assert (found.scores["new"]["ours"].asked, found.scores["new"]["ours"].hits) == (40, 40)
    assert found.scores["new"]["most_popular"].hits <= 4


def test_on_northwind_where_chance_explains_the_baskets_hardly_a_pair_is_believed(tmp_path: Path) -> None:
    file = northwind(tmp_path / "northwind.csv")
    days = ("--taught-until", "1998-03-01", "--judged-until", "1998-05-06")
    answer = CliRunner().invoke(main, ["recommend", "backtest", "--data", str(file), *days, "--json"])
    assert answer.exit_code == 0, answer.output
    told = json.loads(answer.output)
    assert (told["taught_lines"] + told["judged_lines"], told["k"]) == (2155, 10)
    again = told["scores"]["again"]
    assert again["ours"]["hits"] * 10 > again["ours"]["asked"] * 7
    words = CliRunner().invoke(main, ["recommend", "backtest", "--data", str(file), *days]).output
    assert "2155 lines count" in words
    lines = sorted(read_lines(file).lines, key=lambda line: line.customer_id)
    model = learn(lines, {}, "GBP", date(1998, 5, 6))
    believed, possible = sum(map(len, model.pairs.values())), len(model.lore) * (len(model.lore) - 1)
    assert 0 < believed < possible / 50


@pytest.mark.skipif(RETAIL is None, reason="MERIDIAN_ONLINE_RETAIL names no folder with that data set")
def test_on_online_retail_it_beats_the_most_popular() -> None:
    assert RETAIL is not None
    found = backtest(read_lines(Path(RETAIL)).lines, date(2011, 4, 30), date(2011, 5, 31), 10)
    rates = {
        question: scores["ours"].hit_rate / scores["most_popular"].hit_rate
        for question, scores in found.scores.items()
    }
    assert rates["basket"] > 5
    assert rates["new"] > 1.3
    again = found.scores["again"]
    assert again["ours"].hits > again["own_most_frequent"].hits
