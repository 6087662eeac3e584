"""A route's rule that can be matched at once, and turned back into an address only when somebody asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]


class PatientRule(Rule):
    """A rule that compiles its builder of addresses at the first use.

    werkzeug writes and compiles two functions per rule for ``url_for``, which is a third of the time that it takes to
    make an application; nothing here calls it, because addresses are part of the contract and written out.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Builder:
        compiled: list[Builder] = []

        def build(rule: Rule, *args: Any, **values: Any) -> tuple[str, str]:
            if not compiled:
                compiled.append(super(PatientRule, self)._compile_builder(append_unknown))
            return compiled[0](rule, *args, **values)

        return build
