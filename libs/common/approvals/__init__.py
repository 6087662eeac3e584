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
from libs.common.approvals.deciding import (
    ESCALATE_EVERY,
    AboutApproval,
    DecideApproval,
    Reaction,
    Reactions,
    decide_approval,
    escalate_overdue,
    escalating,
    withdraw_approval,
)
from libs.common.approvals.delegation import Delegation
from libs.common.approvals.deputies import Delegate, delegate, delegations_of, end_delegation, lent_to
from libs.common.approvals.flow import Approver, Flow, Step, check_flow
from libs.common.approvals.flows import current as current_flows
from libs.common.approvals.flows import define as define_flow
from libs.common.approvals.flows import find as find_flow
from libs.common.approvals.flows import of_row as flow_of_row
from libs.common.approvals.flows import search as search_flows
from libs.common.approvals.kinds import DocumentKind, Label, OwnFact, PastDocument, last_asked
from libs.common.approvals.looking import (
    ApprovalSearch,
    Readable,
    ShownApproval,
    Sight,
    list_approvals,
    one_approval,
)
from libs.common.approvals.own import own_facts
from libs.common.approvals.quorum import Voice, can_be_answered
from libs.common.approvals.running import ask, decide, escalate, lapse, withdraw
from libs.common.approvals.store import approved_facts, find, of_rows, overdue
from libs.common.approvals.trying import FlowSearch, define_checked, list_flows, one_flow, try_flow

__all__ = [
    "ESCALATE_EVERY",
    "AboutApproval",
    "Act",
    "Approval",
    "ApprovalSearch",
    "Approver",
    "AskedStep",
    "Case",
    "Clause",
    "DecideApproval",
    "Decision",
    "Delegate",
    "Delegation",
    "DocumentKind",
    "Facts",
    "Fields",
    "Flow",
    "FlowSearch",
    "Label",
    "OwnFact",
    "PastDocument",
    "Reaction",
    "Reactions",
    "Readable",
    "ShownApproval",
    "Sight",
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
    "decide_approval",
    "define_checked",
    "define_flow",
    "delegate",
    "delegations_of",
    "end_delegation",
    "escalate",
    "escalate_overdue",
    "escalating",
    "find",
    "find_flow",
    "flow_of_row",
    "lapse",
    "last_asked",
    "lent_to",
    "list_approvals",
    "list_flows",
    "matching",
    "may_decide",
    "names_one_of",
    "of_rows",
    "one_approval",
    "one_flow",
    "overdue",
    "own_facts",
    "read_clause",
    "search_flows",
    "try_flow",
    "waits_for",
    "withdraw",
    "withdraw_approval",
]
