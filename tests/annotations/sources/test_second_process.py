"""What is asked of a second process, and what is not answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from annotations.sources import second_process
from annotations.sources.second_process import SecondProcess

if TYPE_CHECKING:
    from collections.abc import Iterator


def reverse(asked: bytes) -> bytes:
    """Answer at length: more than a pipe holds."""
    return asked[::-1] * 1000


def fail(asked: bytes) -> bytes:
    """Answer nothing."""
    raise ValueError(asked)


for function in (reverse, fail):
    function.__module__ = "second_process_calls"  # as the other process is to import it


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecondProcess]:
    """Begin a process that knows the functions of above."""
    folder = tmp_path_factory.mktemp("calls")
    (folder / "second_process_calls.py").write_text(
        "def reverse(asked): return asked[::-1] * 1000\ndef fail(asked): raise ValueError(asked)\n"
    )
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(second_process, "processors", lambda: 2)
    with SecondProcess() as process:
        process.begin()
        assert process.is_there
        yield process
    assert not process.is_there


def test_each_answer_belongs_to_what_was_asked(other: SecondProcess) -> None:
    """An answer that nobody fetched is not taken for the next one, and does not block it."""
    greeted: list[bool] = []
    other.greet(reverse, b"hello", lambda: greeted.append(True))
    first = other.ask(reverse, b"one " * 5000)
    second = other.ask(reverse, b"two " * 5000)
    assert other.answer(first) is None, "something else was asked since"
    assert other.answer(second) == reverse(b"two " * 5000)
    assert other.answer(second) is None, "it was fetched"
    assert greeted == [True]
    third = other.ask(reverse, b"")
    assert other.answer(third) == b""


def test_a_process_that_fails_is_over(other: SecondProcess) -> None:
    greeted: list[bool] = []
    other.greet(fail, b"", lambda: greeted.append(True))
    assert other.answer(other.ask(reverse, b"one")) is None
    assert not other.is_there
    assert greeted == [True], "what is to follow, follows all the same"
    other.begin()
    assert not other.is_there
    assert other.answer(other.ask(reverse, b"one")) is None


def test_one_that_is_kept_ends_where_something_goes_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_process, "processors", lambda: 2)
    with SecondProcess() as kept:
        kept.begin()
        kept.is_kept = True
    assert kept.is_there
    with pytest.raises(KeyError), kept:
        raise KeyError
    assert not kept.is_there
