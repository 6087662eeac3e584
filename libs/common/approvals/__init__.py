"""Approvals: who must say yes to a document before it goes on, by flows that are data. See README.md.

The rules (``conditions``, ``flow``, ``quorum``, ``approval``, ``delegation``) are pure; ``running`` moves the tables.
"""

from libs.common.approvals.approval import (
    Act,
    Approval,
    AskedStep,
    Decision,
    Subject,
    approvers_left,
    matching,
    may_decide,
)
from libs.common.approvals.asked_of import names_one_of, waits_for
from libs.common.approvals.conditions import Case, Clause, Facts, Fields, read_clause
from libs.common.approvals.delegation import Delegation
from libs.common.approvals.deputies import Delegate, delegate, delegations_of, end_delegation, lent_to
from libs.common.approvals.flow import Approver, Flow, Step, check_flow
from libs.common.approvals.flows import current as current_flows
from libs.common.approvals.flows import define as define_flow
from libs.common.approvals.flows import find as find_flow
from libs.common.approvals.flows import of_row as flow_of_row
from libs.common.approvals.flows import search as search_flows
from libs.common.approvals.quorum import Voice, can_be_answered
from libs.common.approvals.running import ask, decide, escalate, lapse, withdraw
from libs.common.approvals.store import approved_facts, find, of_rows, overdue

__all__ = [
    "Act",
    "Approval",
    "Approver",
    "AskedStep",
    "Case",
    "Clause",
    "Decision",
    "Delegate",
    "Delegation",
    "Facts",
    "Fields",
    "Flow",
    "Step",
    "Subject",
    "Voice",
    "approved_facts",
    "approvers_left",
    "ask",
    "can_be_answered",
    "check_flow",
    "current_flows",
    "decide",
    "define_flow",
    "delegate",
    "delegations_of",
    "end_delegation",
    "escalate",
    "find",
    "find_flow",
    "flow_of_row",
    "lapse",
    "lent_to",
    "matching",
    "may_decide",
    "names_one_of",
    "of_rows",
    "overdue",
    "read_clause",
    "search_flows",
    "waits_for",
    "withdraw",
]
