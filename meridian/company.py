"""The example company: loaded into a system that has none, with a login for each of its people."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from meridian.importing.checking import read_small
from meridian.importing.formats import format_of
from meridian.importing.load import import_folder
from meridian.logins import first_password
from meridian.target import Target, write_private
from meridian.topography import ROOT

NORTHWIND = ROOT / "examples" / "northwind"
STARTER = Path(__file__).parent / "starter"
"""What a company without users of its own begins with: an administrator and a warehouse."""


@dataclass(frozen=True)
class Login:
    """Who may log in, with which password and roles."""

    username: str
    password: str
    roles: str


class Company:
    """The company of a target."""

    def __init__(self, target: Target) -> None:
        self._target = target

    def ensure(self, folder: Path, *, say: Callable[[str], None]) -> list[Login]:
        """Load ``folder`` into a new system, unless one was loaded before; return the logins.

        The file of logins is written first and says for whom: a load that was cut off is taken up again, and what
        is there already is passed over.
        """
        self._target.migrate()
        if self._target.logins.exists():
            remembered = json.loads(self._target.logins.read_text(encoding="utf-8"))
            logins = [Login(**entry) for entry in remembered["logins"]]
            if remembered["loaded"]:
                return logins
        else:
            logins = new_logins(_with_users(folder)[0])
            self._remember(logins, folder, loaded=False)
        passwords = {login.username: login.password for login in logins}
        for each in _with_users(folder):
            import_folder(self._target, each, passwords=passwords, skip_existing=True, say=say)
        self._remember(logins, folder, loaded=True)
        return logins

    def came_from(self) -> Path | None:
        """Return the folder that was loaded, if any was and it is known."""
        if not self._target.logins.exists():
            return None
        folder = json.loads(self._target.logins.read_text(encoding="utf-8")).get("company")
        return Path(folder) if folder else None

    def _remember(self, logins: list[Login], folder: Path, *, loaded: bool) -> None:
        document = {"loaded": loaded, "company": str(folder), "logins": [asdict(login) for login in logins]}
        write_private(self._target.logins, json.dumps(document, indent=2))


def _with_users(folder: Path) -> list[Path]:
    """Return ``folder``, after the starter when it names no users: somebody must be able to log in."""
    return [folder] if (folder / "users.csv").exists() else [STARTER, folder]


def new_logins(folder: Path) -> list[Login]:
    """Return a login with a fresh password for each row of the folder's ``users.csv``."""
    rows = read_small(folder / "users.csv", format_of("users"))
    return [Login(row["username"], first_password(row["username"]), row["roles"]) for row in rows]
