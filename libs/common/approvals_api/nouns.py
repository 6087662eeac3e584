"""All nouns of approvals, for the list of a service's application."""

from __future__ import annotations

from libs.common.approvals_api.approvals import approvals_noun
from libs.common.approvals_api.delegations import delegations_noun
from libs.common.approvals_api.fields import fields_noun
from libs.common.approvals_api.flows import flows_noun
from libs.common.approvals_api.mount import Mount
from libs.common.web import Noun


def approval_nouns(mount: Mount) -> tuple[Noun, ...]:
    """Return approvals, flows, delegations, and what can be asked of documents."""
    return (approvals_noun(mount), flows_noun(mount), delegations_noun(mount), fields_noun(mount))
