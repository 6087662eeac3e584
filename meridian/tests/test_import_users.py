"""Users arrive with a password that is told once."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.auth.passwords import Passwords
from gateway.store.users import find_by_username
from meridian.importing.load import import_folder
from meridian.importing.reading import Refused
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
    with target.opened() as databases, databases["gateway"].reading() as connection:
        user = find_by_username(connection, "ann.lee")
    assert user is not None
    assert Passwords().matches(user.password_hash, password)


def test_an_unknown_role_is_named_by_line_and_column(tmp_path: Path) -> None:
    target = embedded_target(tmp_path / "home")
    target.migrate()
    with pytest.raises(Refused, match="users.csv, line 2, column roles"):
        import_folder(target, _folder(tmp_path, "boss"), passwords={}, skip_existing=False, say=lambda _line: None)
