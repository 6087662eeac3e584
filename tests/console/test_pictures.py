"""The pictures in ``docs/console`` are those that are kept, each is shown on their page, and they stay small."""

from __future__ import annotations

import re

from tests.console.conftest import ROOT
from tests.console.pictures import KEPT, every
from tests.console.screens import SCREENS

FOLDER = ROOT / "docs" / "console"
MOST = 40
MOST_BYTES = 6_000_000


def test_each_picture_that_is_kept_is_there_and_shown() -> None:
    names = {each.name for each in KEPT}
    page = (FOLDER / "README.md").read_text(encoding="utf-8")

    assert len(names) == len(KEPT) <= MOST
    assert {path.name for path in FOLDER.glob("*.png")} == names
    assert set(re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page)) == names


def test_the_pictures_stay_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.glob("*.png")) <= MOST_BYTES


def test_every_screen_can_be_looked_at_in_four_ways() -> None:
    assert len(every()) == 4 * len({each.name for each in SCREENS})
