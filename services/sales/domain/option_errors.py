"""What sales refuses about optional and alternative lines."""

from __future__ import annotations

from libs.common.errors import Invalid


class OptionOfNothing(Invalid):
    """What is said about choosing a line contradicts itself."""

    code = "option_of_nothing"
    usual_cure = "give a group to alternatives only, and preselect only what may be left"


class AlternativeAlone(Invalid):
    """A group of alternatives has a single line."""

    code = "alternative_alone"
    usual_cure = "give the group another line, or make this one optional"


class PreselectedTwice(Invalid):
    """Two alternatives of a group are preselected."""

    code = "preselected_twice"
    usual_cure = "preselect one line of each group at most"


class NothingCertain(Invalid):
    """Every line may be left, so that nothing might be ordered."""

    code = "nothing_certain"
    usual_cure = "make a line required, or alternatives of some"


class NotAChoice(Invalid):
    """What is chosen is not a line that may be chosen."""

    code = "not_a_choice"
    usual_cure = "give the line_no of optional lines and alternatives, each once"


class AlternativesExclude(Invalid):
    """Two alternatives of one group are chosen."""

    code = "alternatives_exclude"
    usual_cure = "choose one line of each group"
