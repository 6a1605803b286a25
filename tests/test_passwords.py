"""The passwords file: what is written can be read back, only its owner may, and a spoilt one is one line."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import ConfigError
from ui import passwords
from ui.passwords import Secret, may_enter, read_people, set_password


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "COSTS", (16, 8, 1))


def test_what_is_written_opens_with_that_password_alone(tmp_path: Path) -> None:
    file = tmp_path / "people"
    set_password(file, "ann", "correct horse")
    set_password(file, "bob", "battery staple")
    set_password(file, "ann", "correct horse 2")
    people = read_people(file)
    assert list(people) == ["ann", "bob"]
    assert may_enter(people, "ann", "correct horse 2")
    assert not may_enter(people, "ann", "correct horse")
    assert not may_enter(people, "ann", "battery staple")
    assert not may_enter(people, "nobody", "correct horse 2")
    assert not may_enter(people, "bob", "")


@given(st.text(min_size=8, max_size=40), st.text(min_size=8, max_size=40))
def test_any_text_is_a_password(mine: str, other: str) -> None:
    assert Secret.of(mine).opens(mine)
    assert Secret.of("e\u0301" + mine).opens("\u00e9" + mine)  # the same letters, as another keyboard sends them
    assert Secret.of(mine).opens(other) is False or mine == other or not other.isascii()


def test_the_file_holds_no_password_and_is_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "people"
    set_password(file, "ann", "correct horse")
    set_password(file, "bob", "correct horse")
    text = file.read_text()
    assert "correct" not in text
    assert len({line.split(":")[-1] for line in text.splitlines()}) == 2  # each has a salt of its own
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]
    assert "correct" not in repr(read_people(file))
    assert read_people(file)["ann"].hash.hex() not in repr(read_people(file))


@pytest.mark.parametrize("name", ["", "a b", "a:b", "#ann", "a" * 65, "a\nb", "a\x00"])
def test_a_name_that_would_spoil_the_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="name"):
        set_password(tmp_path / "people", name, "correct horse")


@pytest.mark.parametrize("password", ["short", "x" * 1_001])
def test_a_password_has_a_length(tmp_path: Path, password: str) -> None:
    with pytest.raises(ConfigError, match="characters"):
        set_password(tmp_path / "people", "ann", password)


GOOD = "ann:scrypt:16:8:1:" + "00" * 16 + ":" + "00" * 64


@pytest.mark.parametrize(
    "line",
    [
        "ann",
        "ann:secret",
        GOOD[:-1],
        GOOD.replace(":16:", ":15:"),
        GOOD.replace(":16:", ":0:"),
        GOOD.replace(":16:", f":{2**30}:"),  # would take the machine's memory
        GOOD.replace(":8:", ":-8:"),
        GOOD.replace("scrypt", "md5"),
        GOOD.replace("ann", "a nn"),
        GOOD.replace("00" * 16, "zz" * 16),
    ],
)
def test_a_spoilt_line_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "people"
    file.write_text(f"# people\n\n{line}\n")
    with pytest.raises(ConfigError, match="people, line 3 "):
        read_people(file)


def test_a_file_that_cannot_be_read_says_how_to_make_one(tmp_path: Path) -> None:
    for file in (tmp_path / "none", tmp_path):
        with pytest.raises(ConfigError, match="footnote password NAME --file"):
            read_people(file)
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "empty").write_text("# nobody yet\n")
    for name in ("binary", "empty"):
        with pytest.raises(ConfigError, match=name):
            read_people(tmp_path / name)
