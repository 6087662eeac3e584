"""The stages that open opportunities go through: data of the house, in its order."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.crm.domain.opportunity_errors import StageInUse, StageListWrong, UnknownStage

FULL_BP = 10_000
MOST_STAGES = 20


@dataclass(frozen=True)
class Stage:
    """One step of the pipeline; ``probability_bp``: how likely what stands there is won, of 10,000."""

    code: str
    name_en: str
    name_zh: str
    probability_bp: int

    @property
    def probability_percent(self) -> Decimal:
        """The probability as a percentage with two decimals."""
        return Decimal(self.probability_bp) / 100


def check_stages(stages: Sequence[Stage], in_use: Collection[str]) -> None:
    """Refuse a pipeline in which a stage stands twice, or one is missing in which opportunities are (``in_use``)."""
    codes = [stage.code for stage in stages]
    for place, code in enumerate(codes):
        if code in codes[:place]:
            raise StageListWrong(f"{code} stands in the list twice", field=f"stages.{place}.code")
    missing = sorted(set(in_use) - set(codes))
    if missing:
        raise StageInUse(
            f"opportunities are at {', '.join(missing)}",
            field="stages",
            cure="keep the stage, or move those opportunities on first",
        )


def known_stage(stages: Mapping[str, Stage], code: str | None) -> Stage:
    """Return the stage called ``code``, or the first of all when none is named."""
    if code is None:
        return next(iter(stages.values()))
    if code not in stages:
        raise UnknownStage(
            f"there is no stage {code}", field="stage", cure=f"choose one of {', '.join(stages)}"
        )
    return stages[code]
