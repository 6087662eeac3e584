"""Contracts as generated data: what a service tells others, what it answers, and whether a change may be made."""

from libs.common.contract.compat import compat
from libs.common.contract.examples import fullest, smallest
from libs.common.contract.schemas import contract_of
from libs.common.contract.subscriber import check_subscriber, check_view
from libs.common.contract.writing import BreakingChange, write_contracts

__all__ = [
    "BreakingChange",
    "check_subscriber",
    "check_view",
    "compat",
    "contract_of",
    "fullest",
    "smallest",
    "write_contracts",
]
