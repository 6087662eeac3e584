"""Ask further people about approvals of quotations that nobody answered in time."""

from __future__ import annotations

from libs.common.approvals import ESCALATE_EVERY, escalating
from services.sales.use_cases.decide_approval import REACTIONS

EVERY = ESCALATE_EVERY
escalate_approvals = escalating(REACTIONS)
