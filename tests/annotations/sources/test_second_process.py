"""What is asked of a second process, and what is not answered."""

from __future__ import annotations

import signal
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
    """In whichever order they are fetched, and however many were asked for before the first of them."""
    greeted: list[bool] = []
    other.greet(reverse, b"hello", lambda: greeted.append(True))
    asked = {other.ask(reverse, b"%d " % number * 5000): number for number in range(7)}
    for number, digit in sorted(asked.items(), key=lambda each: each[1] * 3 % 7):
        assert other.answer(number) == reverse(b"%d " % digit * 5000)
        assert other.answer(number) is None, "it was fetched"
        assert other.is_ready(number), "there is nothing to wait for"
    assert greeted == [True]
    last = other.ask(reverse, b"")
    assert other.answer(last) == b""


def test_it_is_told_whether_there_is_an_answer(other: SecondProcess) -> None:
    number = other.ask(reverse, b"one")
    assert other.answer(number) == reverse(b"one")
    process = other._process
    assert process is not None
    process.send_signal(signal.SIGSTOP)
    late = [other.ask(reverse, b"two"), other.ask(reverse, b"three")]
    assert not other.is_ready(late[0])
    process.send_signal(signal.SIGCONT)
    assert other.answer(late[1]) == reverse(b"three")
    assert other.is_ready(late[0]), "answers come in the order of the questions"
    assert other.answer(late[0]) == reverse(b"two")


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
