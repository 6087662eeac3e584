"""Why files are not taken: each thing named by file, line and column, and the rest counted."""

from __future__ import annotations

from libs.common.importing import Problems


class Refused(ValueError):
    """Files that cannot be taken: ``problems`` says why, one by one, and ``more`` how many others there are.

    ``taken`` says what was taken before the refusal, and is empty when that is nothing of the file; ``unread``
    tells that some of the file was not looked at, since there was enough to be told.
    """

    def __init__(self, found: Problems, *, taken: str = "", unread: bool = False) -> None:
        lines = [str(problem) for problem in found.listed]
        if found.more:
            lines.append(f"and {found.more} more")
        if taken:
            lines.append(taken)
        super().__init__("\n".join(lines))
        self.problems = found.listed
        self.more = found.more
        self.taken = taken
        self.unread = unread

    @property
    def summary(self) -> str:
        """How many problems there are, and what became of the file."""
        number = len(self.problems) + self.more
        told = f"{number}{' or more' if self.unread else ''} problem{'s' if number > 1 else ''}"
        return f"{told}; {'the rest of the file' if self.taken else 'the file'} was not taken"
