"""``meridian mail take``: a folder of mail goes in, each once, and one that is none stops no other."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from meridian.cli import main
from meridian.target import embedded_target

GOOD = b"From: ann@harbor.example\r\nMessage-ID: <%d@h>\r\nSubject: A leak\r\n\r\nIt leaks\r\n"


def test_a_folder_is_taken_in_once_and_what_is_no_mail_is_named(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "mail"
    folder.mkdir()
    target = embedded_target(home)
    target.migrate()
    for count in range(3):
        (folder / f"{count}.eml").write_bytes(GOOD % count)
    (folder / "notes.txt").write_bytes(b"no mail, and not looked at")
    run = [CliRunner().invoke(main, ["mail", "take", str(folder), "--home", str(home)]) for _ in range(2)]
    assert [(each.exit_code, each.output) for each in run] == [(0, "3 triage\n")] * 2
    (folder / "9.eml").write_bytes(b"of nobody")
    bad = CliRunner().invoke(main, ["mail", "take", str(folder), "--home", str(home)])
    assert (bad.exit_code, "9.eml: the mail names no sender" in bad.output) == (1, True)
    assert "1 refused, 3 triage" in bad.output
    with target.opened() as databases, databases["service_desk"].reading() as connection:
        assert len(list(connection.exec_driver_sql("SELECT id FROM mail"))) == 3
