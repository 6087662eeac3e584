"""Ask further people about approvals that nobody answered in time."""

from __future__ import annotations

from libs.common.approvals import ESCALATE_EVERY, escalating
from services.sales.sagas.changing import REACTIONS

EVERY = ESCALATE_EVERY
escalate_approvals = escalating(REACTIONS)
