"""The stages of the pipeline: read, replaced as a whole, and kept still while somebody relies on one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, select

from libs.common.db import upsert_into
from services.crm.domain.stage import Stage
from services.crm.store.pipeline_tables import opportunity, pipeline_stage

_COLUMNS = (
    pipeline_stage.c.code,
    pipeline_stage.c.name_en,
    pipeline_stage.c.name_zh,
    pipeline_stage.c.probability_bp,
)


def known(connection: Connection) -> dict[str, Stage]:
    """Return the stages in their order, by code."""
    rows = connection.execute(select(*_COLUMNS).order_by(pipeline_stage.c.position))
    return {row.code: Stage(**row._asdict()) for row in rows}


def lock(connection: Connection, code: str) -> bool:
    """Keep a stage in the pipeline until the transaction ends; false when it is not there any more."""
    statement = select(pipeline_stage.c.code).where(pipeline_stage.c.code == code)
    return connection.execute(statement.with_for_update(read=True)).one_or_none() is not None


def lock_all(connection: Connection) -> None:
    """Keep the whole pipeline to this transaction."""
    connection.execute(select(pipeline_stage.c.code).order_by(pipeline_stage.c.code).with_for_update()).all()


def in_use(connection: Connection) -> set[str]:
    """Return the stages at which there is any opportunity, open or not: its way refers to them."""
    return set(connection.execute(select(opportunity.c.stage).distinct()).scalars())


def replace_all(connection: Connection, stages: Sequence[Stage]) -> None:
    """Let the pipeline be ``stages``, in this order; those that are not named must not be in use."""
    kept = [stage.code for stage in stages]
    connection.execute(delete(pipeline_stage).where(pipeline_stage.c.code.not_in(kept)))
    # Out of each other's way first: a position is one stage's only, at every moment.
    connection.execute(pipeline_stage.update().values(position=-pipeline_stage.c.position))
    for position, stage in enumerate(stages, 1):
        values = vars(stage) | {"position": position}
        statement = upsert_into(connection, pipeline_stage).values(**values)
        connection.execute(statement.on_conflict_do_update(index_elements=["code"], set_=values))
