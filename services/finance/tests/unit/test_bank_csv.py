"""Statements as tables: however the bank writes days and amounts, and nothing guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.finance.domain.bank import StatementUnreadable
from services.finance.domain.bank_csv import MOST_FAULTS, CsvForm, read_csv
from services.finance.tests.builders import usd

HEAD = "booked_on,amount,text,reference,payer,payer_account\n"
PLAIN = CsvForm("CN-1", "USD")
GERMAN = CsvForm(
    "DE-1",
    "USD",
    columns={"booked_on": "Buchungstag", "amount": "Betrag", "text": "Verwendungszweck"},
    delimiter=";",
    decimal=",",
    day_order="dmy",
)


def lines(text: str, form: CsvForm = PLAIN):
    (found,) = read_csv(text, form)
    return found.lines


def test_a_table_with_our_names():
    (line,) = lines(HEAD + '2026-03-02,"1,234.50",INV-000007,B-1,Harbor Pumps,CH93\n\n')
    assert (line.booked_on, line.amount, line.reference) == (date(2026, 3, 2), usd("1234.50"), "B-1")
    assert (line.text, line.payer, line.payer_account, line.line_no) == (
        "INV-000007",
        "Harbor Pumps",
        "CH93",
        2,
    )


def test_a_table_as_another_bank_writes_it():
    text = '\ufeffBuchungstag;Betrag;Verwendungszweck;Saldo\r\n02.03.2026;-1.234,50;"Miete; März";7\r\n'
    (line,) = lines(text, GERMAN)
    assert (line.booked_on, line.amount, line.text) == (date(2026, 3, 2), usd("-1234.50"), "Miete; März")
    assert line.reference == "2026-03-02 -1234.50 Miete; März"


@pytest.mark.parametrize(
    ("written", "order"),
    [
        ("2026/03/02", "ymd"),
        ("20260302", "ymd"),
        ("2026年03月02日", "ymd"),
        ("2.3.2026", "dmy"),
        ("03/02/2026", "mdy"),
    ],
)
def test_days_are_read_as_it_is_said_that_they_are_written(written: str, order):
    (line,) = lines(HEAD + f"{written},1.00,x,,,\n", CsvForm("CN-1", "USD", day_order=order))
    assert line.booked_on == date(2026, 3, 2)


@pytest.mark.parametrize(
    "amount", ["12.345", "1.234,50", "1,23.00", "12,34", "", "--1", "1 2", "１２", "1e2", "NaN"]
)
def test_an_amount_that_is_not_plainly_one_is_refused_with_its_line(amount: str):
    with pytest.raises(StatementUnreadable, match=r"line 3, column 'amount': .* is no amount"):
        lines(HEAD + f'2026-03-02,1.00,x,,,\n2026-03-02,"{amount}",x,,,\n')


@pytest.mark.parametrize("day", ["", "02.03.2026", "2026-13-01", "2026-02-30", "yesterday", "2026-03"])
def test_a_day_that_is_not_written_so_is_refused_with_its_line(day: str):
    with pytest.raises(StatementUnreadable, match=r"line 2, column 'booked_on': .* is no day"):
        lines(HEAD + f"{day},1.00,x,,,\n")


def test_r4_4_every_cell_that_cannot_be_read_is_named_with_its_line_and_column():
    rows = (
        "Buchungstag;Betrag;Verwendungszweck",
        "02.03.2026;1,00;fine",
        "2026-03-02;1,0x;two faults",
        "03.03.2026;2,00",
        "04.03.2026;x;one fault",
        '05.03.2026;"3,00;never closed',
    )
    with pytest.raises(StatementUnreadable) as told:
        lines("\n".join(rows), GERMAN)
    said = [(each.field, each.message) for each in told.value.reasons]
    assert [message.split(":")[0] for _, message in said] == [
        "line 3, column 'Buchungstag'",
        "line 3, column 'Betrag'",
        "line 4 has 2 cells, fewer than the head",
        "line 5, column 'Betrag'",
        "line 6",
    ]
    assert {field for field, _ in said} == {"content"}
    assert all(each.cure for each in told.value.reasons)
    assert told.value.message.startswith("5 faults in the file; the first is: line 3")


def test_r4_4_no_more_than_a_hundred_faults_are_named():
    with pytest.raises(StatementUnreadable, match="at least 100 faults") as told:
        lines(HEAD + "yesterday,much,x,,,\n" * 80)
    assert len(told.value.reasons) == MOST_FAULTS == 100


def test_a_column_that_is_not_there_is_named():
    with pytest.raises(StatementUnreadable) as told:
        lines("Datum;Betrag\n", GERMAN)
    assert (told.value.field, told.value.cure) == ("csv.columns.booked_on", "name one of: Datum, Betrag")
    with pytest.raises(StatementUnreadable, match="none of the columns") as told:
        lines("Datum;Summe\n", GERMAN)
    assert told.value.field == "content"
    with pytest.raises(StatementUnreadable, match="fewer than the head"):
        lines(HEAD + "2026-03-02,1.00\n")
    with pytest.raises(StatementUnreadable, match="line 2"):
        lines(HEAD + '2026-03-02,1.00,"never closed,,,\n')


@given(st.text(max_size=200), st.sampled_from([PLAIN, GERMAN]))
def test_no_text_breaks_the_reader(text: str, form: CsvForm):
    for content in (text, HEAD + text, "Buchungstag;Betrag;Verwendungszweck\n" + text):
        try:
            read_csv(content, form)
        except StatementUnreadable:
            continue


@given(st.integers(-(10**12), 10**12))
def test_an_amount_is_read_as_it_was_written(minor: int):
    sign, whole, cents = "-" if minor < 0 else "", abs(minor) // 100, abs(minor) % 100
    for text, form in (
        (f'{HEAD}2026-03-02,"{sign}{whole:,}.{cents:02d}",x,,,\n', PLAIN),
        (
            "Buchungstag;Betrag;Verwendungszweck\n02.03.2026;"
            + f"{sign}{whole:,}".replace(",", ".")
            + f",{cents:02d};x\n",
            GERMAN,
        ),
    ):
        assert lines(text, form)[0].amount.minor == minor
