"""Say which stages opportunities go through."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.db import Transaction
from services.crm.domain.stage import Stage, check_stages
from services.crm.store import stages


def define_stages(tx: Transaction, wanted: Sequence[Stage]) -> list[Stage]:
    """Let the pipeline be ``wanted``, in this order; refuse to take away a stage where opportunities are.

    The pipeline is locked first, and whoever moves an opportunity holds its stage: nobody can come to stand at a
    stage that is just being taken away.
    """
    stages.lock_all(tx.connection)
    check_stages(wanted, stages.in_use(tx.connection))
    stages.replace_all(tx.connection, wanted)
    return list(wanted)
