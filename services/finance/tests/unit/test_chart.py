"""Every role is played in every chart, by an account of its own that has its place in the tree."""

from __future__ import annotations

import pytest

from services.finance.domain import roles
from services.finance.domain.chart import CHARTS, LONGEST_CODE, ROLES, account_for, accounts_of

POSTED_TO = {
    roles.BANK, roles.RECEIVABLES, roles.ADVANCES, roles.REVENUE, roles.STOCK, roles.GRNI, roles.PAYABLES,
    roles.INPUT_VAT, roles.PRICE_DIFFERENCE,
}  # fmt: skip


@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_has_one_account_for_each_role(chart):
    accounts = accounts_of(chart)
    codes = [each.code for each in accounts]
    assert codes == sorted(set(codes))
    assert all(len(code) <= LONGEST_CODE for code in codes)
    played = [each.role for each in accounts if each.role]
    assert sorted(played) == sorted(role.role for role in ROLES)
    assert set(played) >= POSTED_TO
    assert all(each.name and each.name_zh for each in accounts)
    assert {each.parent for each in accounts} - {None} <= set(codes)


def test_the_chinese_chart_has_the_codes_of_the_standards():
    codes = {
        role: account_for(role, "china").code
        for role in ("receivable", "revenue", "payable", "stock", "bank")
    }
    assert codes == {
        "receivable": "1122",
        "revenue": "6001",
        "payable": "2202",
        "stock": "1405",
        "bank": "1002",
    }
    assert account_for("grni", "china").parent == "2202"
    assert account_for("output_vat", "china").parent == "222101"


def test_a_role_that_nobody_has_written_down_is_a_fault_of_the_program():
    with pytest.raises(KeyError, match="no line of ROLES"):
        account_for("goodwill", "basic")
