"""What the customer may choose on a quotation: lines that are optional, and alternatives of which one is taken.

What a line costs never depends on what else is chosen (``promoting.places``), so that every choice is kept as it was
quoted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from services.sales.domain.option_errors import (
    AlternativeAlone,
    NothingCertain,
    OptionOfNothing,
    PreselectedTwice,
)

Choice = Literal["required", "optional", "alternative"]


@dataclass(frozen=True, slots=True)
class Option:
    """A line that the customer may leave: for itself, or for another of its ``group``.

    ``included`` is whether it is ordered, and counted, where the customer chooses nothing.
    """

    kind: Literal["optional", "alternative"]
    group: str | None = None
    included: bool = False

    def excludes(self, other: Option | None) -> bool:
        """Tell whether only one of both can be ordered."""
        return other is not None and self.group is not None and self.group == other.group


@dataclass(frozen=True, slots=True)
class WantedOption:
    """How a caller wants a line to be chosen; ``preselected`` as ``Option.included``."""

    choice: Choice = "required"
    group: str | None = None
    preselected: bool = False


ALWAYS = WantedOption()


def settle_options(wanted: Sequence[WantedOption]) -> tuple[Option | None, ...]:
    """Return the option of each line; of a group where none is preselected the first is.

    Refuse what is no choice: a group of one, two preselected in a group, and nothing that is certain to be ordered.
    """
    for index, each in enumerate(wanted):
        _check(index, each)
    groups = _groups(wanted)
    defaults = {group: _default(wanted, places) for group, places in groups.items()}
    if wanted and all(each.choice == "optional" for each in wanted):
        raise NothingCertain("every line is optional", field="lines.0.choice")
    return tuple(_option(index, each, defaults) for index, each in enumerate(wanted))


def _check(index: int, each: WantedOption) -> None:
    where = f"lines.{index}"
    if each.choice == "alternative" and each.group is None:
        raise OptionOfNothing("an alternative names its group", field=f"{where}.group")
    if each.choice != "alternative" and each.group is not None:
        raise OptionOfNothing("only an alternative has a group", field=f"{where}.group")
    if each.choice == "required" and each.preselected:
        raise OptionOfNothing("what is required is not chosen", field=f"{where}.preselected")


def _groups(wanted: Iterable[WantedOption]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for index, each in enumerate(wanted):
        if each.group is not None:
            found.setdefault(each.group, []).append(index)
    return found


def _default(wanted: Sequence[WantedOption], places: list[int]) -> int:
    """Return which line of a group is taken where the customer chooses none."""
    first, *others = places
    if not others:
        raise AlternativeAlone(
            f"there is no other line in the group {wanted[first].group}", field=f"lines.{first}.group"
        )
    preselected = [index for index in places if wanted[index].preselected]
    if len(preselected) > 1:
        where = f"lines.{preselected[1]}.preselected"
        raise PreselectedTwice(f"line {preselected[0] + 1} of its group is preselected", field=where)
    return preselected[0] if preselected else first


def _option(index: int, each: WantedOption, defaults: dict[str, int]) -> Option | None:
    if each.choice == "required":
        return None
    included = each.preselected if each.group is None else defaults[each.group] == index
    return Option(each.choice, each.group, included)
