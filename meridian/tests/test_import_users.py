"""Users arrive with a password that is told once."""

from __future__ import annotations

from pathlib import Path

import pytest

from meridian.embedded import EmbeddedSystem
from meridian.importing.load import import_folder
from meridian.importing.problems import Refused
from meridian.target import embedded_target


def _folder(tmp_path: Path, roles: str) -> Path:
    folder = tmp_path / "company"
    folder.mkdir()
    (folder / "users.csv").write_text(f"username,name,roles\nann.lee,Ann Lee,{roles}\n", encoding="utf-8")
    return folder


def test_a_new_user_gets_a_password_that_is_told_once(tmp_path: Path) -> None:
    target = embedded_target(tmp_path / "home")
    target.migrate()
    said: list[str] = []
    import_folder(target, _folder(tmp_path, "sales"), passwords={}, skip_existing=False, say=said.append)
    (line,) = [line for line in said if "ann.lee" in line]
    password = line.split("password ")[1].split(";")[0]
    system = EmbeddedSystem(target)
    login = {"username": "ann.lee", "password": password}
    answer = system.gateway.test_client().post("/api/v1/auth/login", json=login)
    system.stop()
    assert answer.status_code == 200


def test_an_unknown_role_is_named_by_line_and_column(tmp_path: Path) -> None:
    target = embedded_target(tmp_path / "home")
    target.migrate()
    with pytest.raises(Refused, match=r"users\.csv, line 2, column roles"):
        import_folder(
            target, _folder(tmp_path, "boss"), passwords={}, skip_existing=False, say=lambda _line: None
        )
