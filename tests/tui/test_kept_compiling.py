"""Patterns and classes that are kept are those that Python would have made, and nothing is kept that somebody has typed."""

from __future__ import annotations

import collections
import dataclasses
import re
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.kept_compiling import KeptCompiling

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULE = r"""
import re
from collections import namedtuple
from dataclasses import dataclass, field

PATTERNS = [
    re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)(-\d\d)?", re.ASCII),
    re.compile(rb"[^\0\x80-\xff]+", re.DOTALL),
    re.compile("(?i:straße|ſ)|[а-яё]+(?<!ё)", re.VERBOSE | re.MULTILINE),
    re.compile("[^\u0300-\u036f\u4e00-\u9fff]|(a)|(?(1)b|c)"),
]

Berth = namedtuple("Berth", "pier number", defaults=(1,))

@dataclass(order=True, frozen=True)
class Ferry:
    '''A ferry.'''
    name: str
    berths: list[Berth] = field(default_factory=list, compare=False)
"""


@pytest.fixture(autouse=True)
def _nothing_compiled() -> Iterator[None]:
    re.purge()
    yield
    re.purge()


def load(kept: KeptCompiling, source: str = MODULE, name: str = "harbour", **given: object) -> dict[str, Any]:
    module = ModuleType(name)
    vars(module).update(given)
    kept.begin()
    try:
        with patch.dict(sys.modules, {} if name == "__main__" else {name: module}):
            exec(compile(source, "harbour.py", "exec"), vars(module))  # noqa: S102  # as a module is loaded
    finally:
        kept.end()
    return vars(module)


def test_what_is_kept_is_what_python_makes() -> None:
    expected = load(KeptCompiling({}, {}))["PATTERNS"]
    re.purge()
    assert expected == [re.compile(each.pattern, each.flags & ~re.UNICODE) for each in expected]
    re.purge()

    first = KeptCompiling({}, {})
    load(first)
    assert not first.is_all_kept
    assert len(first.patterns) == 4
    assert any("Berth" not in source and "_cls" in source for source in first.sources)
    re.purge()
    second = KeptCompiling(first.patterns, first.sources)
    again = load(second)
    assert second.is_all_kept
    assert (second.patterns, second.sources) == (first.patterns, first.sources)
    assert again["PATTERNS"] == expected
    berth, ferry = again["Berth"], again["Ferry"]
    assert berth(pier="north")._asdict() == {"pier": "north", "number": 1}
    assert repr(ferry("Ada", [berth(2)])) == "Ferry(name='Ada', berths=[Berth(pier=2, number=1)])"
    assert ferry("Ada") < ferry("Ben")
    with pytest.raises(dataclasses.FrozenInstanceError):
        ferry("Ada").name = "Ben"


@given(
    st.one_of(
        st.text(alphabet="ab(?:P<n>)|[]^$*+{}1,2\\dwsé文.-=!", max_size=14),
        st.binary(max_size=8),
    ),
    st.sampled_from([0, re.IGNORECASE, re.VERBOSE, re.ASCII, re.MULTILINE | re.DOTALL]),
)
def test_any_pattern_is_made_or_refused_as_python_does(pattern: str | bytes, flags: int) -> None:
    def attempt() -> object:
        re.purge()
        try:
            made = re.compile(pattern, flags)
        except (re.error, ValueError, OverflowError) as error:
            return type(error), str(error)
        return made, made.groupindex, made.groups, made.flags, made.pattern

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of patterns that will mean something else one day
        expected = attempt()
        first = KeptCompiling({}, {})
        assert load(first, "made = attempt()", attempt=attempt)["made"] == expected
        second = KeptCompiling(first.patterns, {})
        assert load(second, "made = attempt()", attempt=attempt)["made"] == expected


def test_what_is_compiled_outside_of_loading_is_not_kept() -> None:
    kept = KeptCompiling({}, {})
    with ThreadPoolExecutor() as threads:  # below the test itself there may be a module that is being loaded
        threads.submit(load, kept, "import re\nre.compile('typed')\n", "__main__").result()
        threads.submit(load, kept, MODULE, "__main__").result()
    assert not kept.patterns
    assert not kept.sources
    assert kept.is_all_kept


def test_python_compiles_where_what_is_kept_is_wrong() -> None:
    first = KeptCompiling({}, {})
    expected = load(first)["PATTERNS"]
    wrongs: list[Any] = [[1, 2, 3], [], [2**40], ["words"]]
    for wrong in wrongs:
        re.purge()
        spoiled = {key: (code[0], wrong, *code[2:]) for key, code in first.patterns.items()}
        assert load(KeptCompiling(spoiled, {}))["PATTERNS"] == expected


def test_nothing_stands_in_afterwards_nor_where_python_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    compiler = import_module("re._compiler")
    before = compiler.compile
    load(KeptCompiling({}, {}))
    assert compiler.compile is before
    assert "exec" not in vars(dataclasses)
    assert "eval" not in vars(collections)

    monkeypatch.delattr(compiler, "_code")
    other = KeptCompiling({}, {})
    other.begin()
    try:
        assert compiler.compile is before
    finally:
        other.end()


def test_patterns_that_are_printed_or_compiled_already_are_as_ever(capsys: pytest.CaptureFixture[str]) -> None:
    kept = KeptCompiling({}, {})
    load(kept, "import re\nre.compile('pier', re.DEBUG)\nassert re.compile(re.compile('a')).pattern == 'a'\n")
    assert "LITERAL" in capsys.readouterr().out
    with pytest.raises(TypeError, match="first argument must be"):
        load(kept, "import re\nre.compile(17)\n")
