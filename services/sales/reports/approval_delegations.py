"""Looking at delegations."""

from __future__ import annotations

from libs.common.approvals import delegations_of as list_delegations

__all__ = ["list_delegations"]
