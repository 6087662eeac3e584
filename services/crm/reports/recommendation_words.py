"""Why something is recommended, and what may be expected of a customer, in words and with the numbers behind them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from services.crm.domain.idea import Kind

Language = Literal["en", "zh"]
_WORDS: Mapping[str, tuple[str, str]] = {
    "running_out.customer": (
        (
            "{item}: bought {purchases} times, the last on {last_on}; at this customer's pace that lasts "
            "{interval_days} days, until {due_on}"
        ),
        "{item}：已购买{purchases}次，最近一次{last_on}；按该客户的用量可用{interval_days}天，预计{due_on}用完",
    ),
    "running_out.item": (
        "{item}: last bought on {last_on}; customers buy it again after {interval_days} days, here on {due_on}",
        "{item}：最近一次购买{last_on}；其他客户通常{interval_days}天后再次购买，预计{due_on}",
    ),
    "running_out.category": (
        (
            "{item}: last bought on {last_on}; things of its category are bought again after {interval_days} days, "
            "here on {due_on}"
        ),
        "{item}：最近一次购买{last_on}；同类物料通常{interval_days}天后再次购买，预计{due_on}",
    ),
    "upgrade.house": (
        "{item} is the better one of {because}, last bought on {last_on}",
        "{item}是{because}的升级产品，客户最近一次购买{because}是{last_on}",
    ),
    "upgrade.customers": (
        (
            "{item} is the next better one of the same category: {customers} customers have it, {of} have {because}, "
            "which was last bought on {last_on}"
        ),
        "{item}是同类中更高一档的产品：{customers}家客户在用，{because}有{of}家，客户最近一次购买{because}是{last_on}",
    ),
    "goes_with": (
        (
            "{item} was bought together with {because} {together} times, of {of} purchases of {because}: "
            "{confidence} %, {lift} times as often as by chance"
        ),
        "{item}与{because}一起购买过{together}次（{because}共购买{of}次）：占{confidence}%，是随机情况的{lift}倍",
    ),
    "win_back": (
        (
            "{orders} orders, usually every {interval_days} days, and none for {away_days} days since {last_on}; "
            "{item} was bought most often"
        ),
        "共{orders}次下单，通常每{interval_days}天一次，自{last_on}起已{away_days}天未下单；最常购买{item}",
    ),
    "after_service": (
        "Ticket {ticket} about {because} was solved on {solved_on}: a good moment to offer {item}",
        "关于{because}的工单{ticket}已于{solved_on}解决：可推荐{item}",
    ),
}
_KINDS: Mapping[Kind, tuple[str, str]] = {
    "running_out": ("Running out", "即将用完"),
    "upgrade": ("A better one", "升级"),
    "goes_with": ("Goes with it", "搭配购买"),
    "win_back": ("Win back", "挽回"),
    "after_service": ("After service", "售后推荐"),
}
_POTENTIAL = (
    (
        "{orders} orders, the last on {last_on}; {whose} every {interval_days} days, so the next is due on {next_on}; "
        "away for {away_days} days, which is a risk of {risk} % of having left"
    ),
    "共{orders}次下单，最近一次{last_on}；{whose}每{interval_days}天一次，下次预计{next_on}；已{away_days}天未下单，流失风险{risk}%",
)
_UNKNOWN = (
    "{orders} orders, the last on {last_on}; too few to say when the next is due",
    "共{orders}次下单，最近一次{last_on}；数据太少，无法预计下次下单时间",
)
_WHOSE = {"customer": ("usually", "通常"), "all": ("customers order", "客户平均")}


def kind_name(kind: Kind, language: Language) -> str:
    """Return what a kind of recommendation is called."""
    return _KINDS[kind][_place(language)]


def reason(kind: Kind, figures: Mapping[str, Any], names: Mapping[str, str], language: Language) -> str:
    """Return why something is recommended; ``names`` are those of the ``item`` and of what it is ``because`` of."""
    source = figures.get("by")
    words = _WORDS[f"{kind}.{source}" if source else kind][_place(language)]
    told = dict(figures) | dict(names)
    if kind == "goes_with":
        told |= {"confidence": _hundredths(figures["confidence_bp"])}
        told |= {"lift": _hundredths(round(figures["lift_bp"] / 100))}
    return words.format_map(told)


def expectation(figures: Mapping[str, Any], language: Language) -> str:
    """Return what may be expected of a customer, from the numbers that it rests on."""
    place = _place(language)
    if figures["interval_days"] is None:
        return _UNKNOWN[place].format_map(figures)
    whose = _WHOSE[figures["interval_of"]][place]
    told = dict(figures) | {"whose": whose, "risk": _hundredths(figures["risk_bp"])}
    return _POTENTIAL[place].format_map(told)


def _place(language: Language) -> int:
    return 0 if language == "en" else 1


def _hundredths(number: int) -> str:
    """Write hundredths with one decimal, rounded half up."""
    tenths = (number + 5) // 10
    return f"{tenths // 10}.{tenths % 10}"
