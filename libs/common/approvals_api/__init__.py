"""The edge of approvals over HTTP: flows, inbox, decisions, deputies, fields; a service mounts it. See README.md."""

from libs.common.approvals_api.mount import PEOPLE_ROLES, Mount, Roles, voice
from libs.common.approvals_api.nouns import approval_nouns
from libs.common.approvals_api.views import STATES, ActOut, ApprovalStepOut, ApproverOut

__all__ = [
    "PEOPLE_ROLES",
    "STATES",
    "ActOut",
    "ApprovalStepOut",
    "ApproverOut",
    "Mount",
    "Roles",
    "approval_nouns",
    "voice",
]
