"""Ask further people about approvals of finance that nobody answered in time."""

from __future__ import annotations

from libs.common.approvals import ESCALATE_EVERY, escalating
from services.finance.use_cases.decide_approval import REACTIONS

EVERY = ESCALATE_EVERY
escalate_approvals = escalating(REACTIONS)
