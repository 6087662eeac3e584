"""Why a lead has its score, in words."""

from __future__ import annotations

from typing import Literal

from services.crm.domain.lead_score import Reason

Language = Literal["en", "zh"]
SLIGHT = 0.05
_FEATURES = {
    "source": ("Source", "来源"),
    "campaign": ("Campaign", "营销活动"),
    "country": ("Country", "国家/地区"),
    "phone": ("Telephone given", "留有电话"),
    "mail": ("Kind of e-mail address", "邮箱类型"),
    "size": ("Employees", "员工人数"),
}
_VALUES = {
    "unknown": ("unknown", "未知"),
    "none": ("none", "无"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "free": ("a free one", "免费邮箱"),
    "company": ("a company's own", "企业邮箱"),
}
_EFFECTS = {
    "more": ("makes it likelier", "提高成交可能"),
    "less": ("makes it less likely", "降低成交可能"),
    "same": ("tells nothing", "没有影响"),
    "new": ("was not seen before and tells nothing", "以往未出现过，没有影响"),
}
_FREE_TEXT = ("source", "campaign", "country", "size")


def sentence(reason: Reason, language: Language) -> str:
    """Return what a feature does to the score, as in "Source: fair: makes it likelier"."""
    place = 0 if language == "en" else 1
    known = reason.feature not in _FREE_TEXT or reason.value in ("unknown", "none")
    value = _VALUES[reason.value][place] if known and reason.value in _VALUES else reason.value
    words = [_FEATURES[reason.feature][place], value, _EFFECTS[_effect(reason)][place]]
    return (": " if language == "en" else "：").join(word for word in words if word)


def _effect(reason: Reason) -> str:
    if not reason.value:
        return "new"
    if abs(reason.effect) < SLIGHT:
        return "same"
    return "more" if reason.effect > 0 else "less"
