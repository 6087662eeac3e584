"""Every import contract holds in the tree as it is."""

from tests.architecture.linting import lint
from tests.architecture.tree import ROOT


def test_every_contract_is_kept() -> None:
    done = lint(ROOT)

    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken" in done.stdout
