"""A template and its data become a paper; text in the data stays text."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from libs.common.printing import PaperFailed, Press

AT = datetime(2026, 11, 26, tzinfo=UTC)
NOTE = """
#letter(title: say("Note", "便条"), number: data.number, to: (data.to,))[
  #lines((("A", 1fr, left), ("B", auto, right)), data.rows)
  #totals((("Net", "1"), ("Total", "2")))
  #remark("Terms", data.terms)
]
"""
DATA = {"language": "en", "number": "N-1", "to": "王小明", "rows": [["螺丝", "1"]], "terms": "30 days\nnet"}


@pytest.fixture
def press(tmp_path: Path) -> Press:
    (tmp_path / "note.typ").write_text(NOTE, encoding="utf-8")
    return Press(tmp_path)


def test_the_same_data_give_the_same_bytes_and_others_give_others(press: Press) -> None:
    first = press.pdf("note", DATA, at=AT)

    assert first.startswith(b"%PDF-")
    assert b"NotoSansSC" in first, "the Chinese signs are set in the font that comes with us"
    assert press.pdf("note", DATA, at=AT) == first
    assert press.pdf("note", {**DATA, "language": "zh-CN"}, at=AT) != first


def test_signs_of_the_template_language_in_a_name_are_printed_not_obeyed(press: Press) -> None:
    name = '#read("/etc/passwd") *b* $x$ <tag> `raw` \\ @ref #panic("no") [ ] { } "'

    page = press.pictures("note", {**DATA, "to": name, "rows": [[name, "1"]]}, at=AT)

    assert len(page) == 1
    assert page != press.pictures("note", DATA, at=AT)


def test_many_lines_go_on_over_pages(press: Press) -> None:
    assert len(press.pictures("note", {**DATA, "rows": [["螺丝", "1"]] * 90}, at=AT, ppi=20)) == 3


def test_the_first_folder_that_has_a_template_wins(press: Press, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "letter.typ").write_text(
        "#let letter(..any) = [own frame]\n#let lines(..any) = []\n#let data = (:)\n#let say(en, zh) = en",
        encoding="utf-8",
    )
    (own / "plain.typ").write_text("#letter()", encoding="utf-8")

    assert Press(own, tmp_path).pdf("plain", {}, at=AT).startswith(b"%PDF-")
    with pytest.raises(PaperFailed, match=r"there is no template plain\.typ"):
        press.pdf("plain", {}, at=AT)


def test_a_template_that_does_not_fit_says_why(press: Press) -> None:
    with pytest.raises(PaperFailed, match=r"note cannot be printed: .*terms"):
        press.pdf("note", {key: DATA[key] for key in DATA if key != "terms"}, at=AT)


def test_a_template_reads_no_file_of_the_machine(tmp_path: Path) -> None:
    (tmp_path / "thief.typ").write_text('#read("../../../../../../etc/passwd")', encoding="utf-8")

    with pytest.raises(PaperFailed, match="thief cannot be printed"):
        Press(tmp_path).pdf("thief", {}, at=AT)


def test_several_threads_print_each_their_own(press: Press) -> None:
    expected = [press.pdf("note", {**DATA, "number": str(each)}, at=AT) for each in range(4)]
    printed: dict[int, bytes] = {}

    def print_one(each: int) -> None:
        printed[each] = press.pdf("note", {**DATA, "number": str(each)}, at=AT)

    threads = [threading.Thread(target=print_one, args=(each,)) for each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [printed[each] for each in range(4)] == expected
