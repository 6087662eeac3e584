"""Charts of accounts: what a posting means is its role; which account of the ledger plays it is data.

A role is one line of ``ROLES`` with the account that plays it in each chart. Nothing else has to be done for a new one:
the account is opened the first time that something is posted to its role.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from libs.common.errors import Invalid, NotFound, Refused

AccountKind = Literal["asset", "liability", "equity", "income", "expense"]
ChartName = Literal["basic", "international", "china"]
Language = Literal["en", "zh-CN"]
KINDS: tuple[AccountKind, ...] = ("asset", "liability", "equity", "income", "expense")
CHARTS: tuple[ChartName, ...] = ("basic", "international", "china")
LONGEST_CODE = 12


class ChartInUse(Refused):
    """The books have entries already, so that the accounts that they are posted to stay."""

    code = "chart_in_use"


class AccountCodeTaken(Refused):
    """The chart has an account of this code already."""

    code = "account_code_taken"


class ParentUnknown(Invalid):
    """The account above is not in the chart, or is of another kind."""

    code = "parent_unknown"


class LedgerAccountUnknown(NotFound):
    """The chart has no account of this code."""

    code = "ledger_account_not_found"
    usual_cure = "choose one from GET /api/v1/ledger-accounts"


@dataclass(frozen=True)
class Role:
    """What postings call an account, and which one plays it in each chart."""

    role: str
    kind: AccountKind
    english: str
    chinese: str
    basic: str
    international: str
    china: str


@dataclass(frozen=True)
class ChartAccount:
    """An account of the ledger; ``parent`` is the code of the one above it, ``own``: the company has added it."""

    code: str
    name: str
    name_zh: str
    kind: AccountKind
    role: str | None = None
    parent: str | None = None
    own: bool = False


ROLES = (
    Role("bank", "asset", "Bank", "银行存款", "1000", "1010", "1002"),
    Role("receivable", "asset", "Trade receivables", "应收账款", "1200", "1100", "1122"),
    Role("stock", "asset", "Inventory", "库存商品", "1300", "1200", "1405"),
    Role("in_transit", "asset", "Goods in transit", "发出商品", "1310", "1210", "1406"),
    Role("input_vat", "asset", "Input tax (VAT)", "应交增值税（进项税额）", "1400", "1300", "22210101"),
    Role("payable", "liability", "Trade payables", "应付账款", "2000", "2010", "2202"),
    Role("grni", "liability", "Goods received, not invoiced", "暂估应付账款", "2050", "2020", "220202"),
    Role("advances", "liability", "Customer advances", "预收账款", "2100", "2030", "2203"),
    Role("down_payments", "liability", "Down payments received", "合同负债", "2110", "2035", "2205"),
    Role("output_vat", "liability", "Output tax (VAT)", "应交增值税（销项税额）", "2200", "2040", "22210107"),
    Role("opening", "equity", "Opening balances", "期初余额", "3000", "3990", "410499"),
    Role("revenue", "income", "Sales revenue", "主营业务收入", "4000", "4010", "6001"),
    Role("cost_of_sales", "expense", "Cost of sales", "销售商品成本", "5000", "5010", "640101"),
    Role(
        "price_difference", "expense", "Purchase price differences", "采购价格差异", "5100", "5020", "640102"
    ),
    Role("bad_debt", "expense", "Bad debt losses", "信用减值损失", "6800", "6010", "6702"),
    Role("cash_discount", "expense", "Cash discounts granted", "现金折扣", "6900", "6020", "660301"),
    Role("exchange", "income", "Realised exchange differences", "汇兑损益", "7000", "4900", "6061"),
    Role("wip", "asset", "Work in progress", "生产成本", "1320", "1220", "5001"),
    Role("stock_gain", "income", "Inventory adjustment gains", "存货盘盈", "7100", "4910", "630101"),
    Role("stock_loss", "expense", "Inventory adjustment losses", "存货盘亏", "5200", "5030", "671101"),
    Role("scrap", "expense", "Scrap and goods lost", "存货报废及损失", "5210", "5040", "671102"),
    Role("revaluation", "expense", "Inventory revaluation", "存货价值调整", "5220", "5050", "670101"),
    Role("production_difference", "expense", "Production differences", "生产差异", "5110", "5025", "640103"),
    Role("unordered", "liability", "Goods received without an order", "无订单暂估", "2060", "2025", "220203"),
    Role("conversion", "asset", "Currency clearing", "外币兑换", "1090", "1020", "101299"),
    Role(
        "unrealised_exchange",
        "income",
        "Unrealised exchange differences",
        "未实现汇兑损益",
        "7010",
        "4905",
        "606101",
    ),
    Role(
        "receivable_revalued",
        "asset",
        "Revaluation of receivables",
        "应收账款汇率重估",
        "1210",
        "1110",
        "112201",
    ),
    Role(
        "payable_revalued",
        "liability",
        "Revaluation of payables",
        "应付账款汇率重估",
        "2010",
        "2015",
        "220204",
    ),
)

_HEADINGS: dict[ChartName, tuple[ChartAccount, ...]] = {
    "basic": (),
    "international": (
        ChartAccount("1", "Assets", "资产", "asset"),
        ChartAccount("2", "Liabilities", "负债", "liability"),
        ChartAccount("3", "Equity", "所有者权益", "equity"),
        ChartAccount("3010", "Share capital", "实收资本", "equity"),
        ChartAccount("3900", "Retained earnings", "未分配利润", "equity"),
        ChartAccount("4", "Income", "收入", "income"),
        ChartAccount("5", "Cost of sales", "销售成本", "expense"),
        ChartAccount("6", "Operating expenses", "营业费用", "expense"),
    ),
    "china": (
        ChartAccount("1123", "Advances to suppliers", "预付账款", "asset"),
        ChartAccount("2221", "Taxes payable", "应交税费", "liability"),
        ChartAccount("222101", "VAT payable", "应交增值税", "liability"),
        ChartAccount("4001", "Paid-in capital", "实收资本", "equity"),
        ChartAccount("4103", "Profit of the year", "本年利润", "equity"),
        ChartAccount("4104", "Distribution of profit", "利润分配", "equity"),
        ChartAccount("6401", "Costs of main operations", "主营业务成本", "expense"),
        ChartAccount("6601", "Selling expenses", "销售费用", "expense"),
        ChartAccount("6602", "Administrative expenses", "管理费用", "expense"),
        ChartAccount("6603", "Finance costs", "财务费用", "expense"),
    ),
}


def accounts_of(chart: ChartName) -> tuple[ChartAccount, ...]:
    """Return the accounts of a chart in the order of their codes, each below the longest code that it begins with."""
    played = [_played(each, chart) for each in ROLES]
    known = sorted([*_HEADINGS[chart], *played], key=lambda each: each.code)
    return tuple(_placed(each, known) for each in known)


def account_for(role: str, chart: ChartName) -> ChartAccount:
    """Return the account that plays ``role`` in ``chart``; ``KeyError`` for a role that nobody has written down."""
    return next(each for each in accounts_of(chart) if each.role == _known(role).role)


def _known(role: str) -> Role:
    for each in ROLES:
        if each.role == role:
            return each
    raise KeyError(f"no line of ROLES says which account plays {role!r}")


def _played(role: Role, chart: ChartName) -> ChartAccount:
    return ChartAccount(getattr(role, chart), role.english, role.chinese, role.kind, role.role)


def _placed(account: ChartAccount, known: Iterable[ChartAccount]) -> ChartAccount:
    above = [each.code for each in known if each.code != account.code and account.code.startswith(each.code)]
    parent = max(above, key=len, default=None)
    return ChartAccount(account.code, account.name, account.name_zh, account.kind, account.role, parent)


def require_parent(kind: AccountKind, parent: ChartAccount | None, code: str) -> None:
    """Refuse to put an account below one that is not there, or that stands on another side of the books."""
    if parent is None:
        raise ParentUnknown(
            f"there is no account {code}", field="parent", cure="choose one from GET /api/v1/ledger-accounts"
        )
    if parent.kind != kind:
        raise ParentUnknown(
            f"{parent.code} {parent.name} is an account of kind {parent.kind}, not {kind}",
            field="parent",
            cure="choose one of the same kind, or leave it out",
        )
