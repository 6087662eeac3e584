"""How an approval is shown on the quotation that waits."""

from __future__ import annotations

from libs.common.approvals_api.views import summary_of

ApprovalSummary = summary_of("quotation", "order_change")
