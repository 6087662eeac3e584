"""The rules for counts, as they stand in their approval flow."""

from __future__ import annotations

from sqlalchemy import Connection

from libs.common.approvals import Flow, flow_of_row, search_flows
from libs.common.money import Money
from services.inventory.domain.counting import DOCUMENT, CountRules

FLOW = "stock count tolerance"


def current(connection: Connection) -> CountRules:
    """Return the rules that apply now."""
    row = connection.execute(search_flows([DOCUMENT], name=FLOW, superseded=False)).one_or_none()
    return CountRules() if row is None else of_flow(flow_of_row(row))


def of_flow(flow: Flow) -> CountRules:
    """Return the rules that a revision of the flow says."""
    above = flow.cases[0].clauses[0].value
    assert isinstance(above, Money), "the first case is the tolerance"
    tolerance = Money(above.minor - 1, above.currency) if flow.active else None
    return CountRules(flow.revision, tolerance, tuple(each.name for each in flow.steps[0].approvers))
