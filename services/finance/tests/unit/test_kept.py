"""Whatever the parts are in which a changed line leaves, and however often it changed: the parts are the line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from libs.common.money import Money
from libs.common.quantity import Quantity
from services.finance.domain.invoicing import draft_invoice
from services.finance.domain.kept import Kept
from services.finance.domain.taxes import LineTax
from services.finance.tests.builders import an_order, an_order_line, usd


@given(
    kept=st.integers(1, 5000),
    rest=st.integers(1, 5000),
    nets=st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)),
    cuts=st.lists(st.integers(1, 9999), max_size=6),
)
def test_the_parts_of_a_changed_line_are_the_line(
    kept: int, rest: int, nets: tuple[int, int], cuts: list[int]
) -> None:
    whole = kept + rest
    before, after = (Money(minor, "USD") for minor in nets)
    old = Kept(Quantity(kept), before, Money(nets[0] // 10, "USD"))
    line = an_order_line("1", "1.00")
    line = type(line)(
        **{
            **vars(line),
            "quantity": Quantity(whole),
            "amount": before + after,
            "tax": LineTax("VAT-10", 100_000, Money(nets[0] // 10 + nets[1] // 10, "USD")),
            "kept": old,
        }
    )
    reached, total, tax = 0, usd("0"), usd("0")
    for end in [*sorted({cut for cut in cuts if cut < whole}), whole]:
        moved = type(line)(
            **{
                **vars(line),
                "invoiced_quantity": Quantity(reached),
                "invoiced_amount": total,
                "invoiced_tax": tax,
            }
        )
        draft = draft_invoice(an_order(moved), [(line.order_line_id, Quantity(end - reached))])
        assert draft.lines[0].amount >= usd("0")
        reached, total, tax = end, total + draft.lines[0].amount, tax + draft.tax
        if end == kept:
            assert (total, tax) == (before, old.tax)
    assert (total, tax) == (line.amount, line.tax_amount)
