"""Why things do not stand well with a customer, in words, with the figures behind them."""

from __future__ import annotations

from collections.abc import Mapping

from libs.common.money import Money
from services.crm.domain.overview import Reason

_WORDS: Mapping[str, tuple[str, str]] = {
    "overdue": ("{amount} overdue, for {days} days", "逾期{amount}，已逾期{days}天"),
    "leaving": ("a risk of {percent} % of having left", "流失风险{percent}%"),
    "tickets": ("{count} tickets are open", "有{count}个未解决的工单"),
    "discontent": (
        "rated {points} of 5 on average within a year ({ratings} ratings)",
        "近一年平均满意度{points}分（满分5分，共{ratings}次评价）",
    ),
}


def in_words(reason: Reason, currency: str) -> tuple[str, str]:
    """Return a reason in English and in Chinese."""
    told: dict[str, object] = dict(reason.figures)
    if "minor" in reason.figures:
        told["amount"] = Money(reason.figures["minor"], currency)
    if "hundredths" in reason.figures:
        whole, rest = divmod(reason.figures["hundredths"], 100)
        told["points"] = f"{whole}.{rest:02d}"
    english, chinese = _WORDS[reason.code]
    return english.format_map(told), chinese.format_map(told)
