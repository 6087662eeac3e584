"""The stages of the pipeline, and what is at each, over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Strict, fields
from services.crm.api.among_filter import AmongFilter, among
from services.crm.api.who import READERS, seen_owners
from services.crm.domain.stage import MOST_STAGES, Stage
from services.crm.reports.pipeline import StageFigures, list_stages
from services.crm.reports.pipeline import pipeline as figures_of
from services.crm.use_cases.define_stages import define_stages

CODE = r"[a-z][a-z0-9_]*"

stages = Noun("pipeline-stages", "/api/v1/pipeline-stages", description="What open opportunities go through")
pipeline = Noun("pipeline", "/api/v1/pipeline", description="What is at each stage, and what it is worth")


class StageIn(Strict):
    """One stage."""

    code = fields.Text(max=40, pattern=CODE, required=True)
    name_en = fields.Text(max=80, required=True)
    name_zh = fields.Text(max=80, required=True)
    probability_percent = fields.PercentField(
        required=True, metadata={"description": "How likely what stands here is won."}
    )


class StagesIn(Strict):
    """All stages, in their order."""

    stages = fields.ListOf(StageIn, least=1, most=MOST_STAGES, required=True)


class StagesOut(Strict):
    """All stages, in their order."""

    stages = fields.ListOf(StageIn, least=0)


class WorthOut(Strict):
    """What opportunities of one currency come to."""

    count = fields.CountField()
    value = fields.MoneyField()
    weighted_value = fields.MoneyField(metadata={"description": "The part that may be counted upon."})


class StageFiguresOut(StageIn):
    """A stage and what is open there, by currency."""

    worth = fields.ListOf(WorthOut, least=0)


class PipelineOut(Strict):
    """The stages in their order."""

    stages = fields.ListOf(StageFiguresOut, least=0)


@stages.query("/", answer=StagesOut, roles=READERS, summary="List the stages")
def index(connection: Connection) -> dict[str, Any]:
    """List the stages in their order."""
    return {"stages": list_stages(connection)}


@stages.command(
    "PUT", "/", body=StagesIn, answer=StagesOut, roles=("sales_manager",), summary="Define the stages"
)
def put(tx: Transaction, body: dict[str, Any]) -> dict[str, Any]:
    """Replace the stages; one at which there are opportunities cannot go."""
    wanted = [_stage(each) for each in body["stages"]]
    return {"stages": define_stages(tx, wanted)}


def _stage(told: dict[str, Any]) -> Stage:
    percent = told.pop("probability_percent")
    return Stage(**told, probability_bp=int(percent * 100))


@pipeline.query("/", answer=PipelineOut, roles=READERS, filters=AmongFilter, summary="What is at each stage")
def show(connection: Connection, filters: dict[str, Any]) -> dict[str, list[StageFigures]]:
    """Show what is open at each stage; a salesperson sees own customers only."""
    found = figures_of(connection, among=among(filters), owners=seen_owners(connection))
    return {"stages": found}
