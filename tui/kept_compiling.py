"""What modules compile while they are loaded, besides themselves: patterns, and what data classes and named tuples consist of.

The modules on the way to the first frame, Textual's most of all, compile 80 patterns and parts of 120 such classes, which is
a seventh of the time that the reader takes to open. They are kept beside the modules, and are of the same Python.

While the reader opens, this stands in for `re._compiler.compile`, for the `exec` of `dataclasses` and for the `eval` of
`collections`. A Python that has no such names, or others, compiles as it always does.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import CodeType, FrameType
    from typing import TypeAlias

    PatternKey: TypeAlias = tuple[str, str | bytes, int]
    """The name of the pattern's type, the pattern, its flags."""
    PatternCode: TypeAlias = tuple[int, list[int], int, dict[str, int], tuple[str | None, ...]]
    """All flags, the engine's code, how many groups there are, the numbers of those with names, the names by number."""

_DEBUG = 128
"""The flag by which a pattern is printed."""
_SOURCES = (("dataclasses", "exec", exec), ("collections", "eval", eval))


class KeptCompiling:
    """Stands in for what compiles.

    Args:
        patterns: Patterns that are kept.
        sources: Sources that are kept, each with its code.
    """

    def __init__(self, patterns: Mapping[PatternKey, PatternCode], sources: Mapping[str, CodeType]) -> None:
        self._kept_patterns = patterns
        self._kept_sources = sources
        self.patterns: dict[PatternKey, PatternCode] = {}
        """Those that modules have compiled while they were loaded."""
        self.sources: dict[str, CodeType] = {}
        """The same."""
        self._undo: list[Callable[[], object]] = []

    def add(self, other: KeptCompiling) -> None:
        """Take up what another one has that is kept."""
        self.patterns = {**other._kept_patterns, **self.patterns}
        self.sources = {**other._kept_sources, **self.sources}

    @property
    def is_all_kept(self) -> bool:
        """Whether all that was compiled was kept already."""
        return self.patterns.keys() <= self._kept_patterns.keys() and self.sources.keys() <= self._kept_sources.keys()

    def begin(self) -> None:
        """Be asked before Python compiles."""
        with suppress(ImportError, AttributeError):
            self._take_patterns(import_module("re._compiler"))
        for module, name, run in _SOURCES:
            names = vars(import_module(module))
            if name not in names:
                names[name] = self._runner(run, name)
                self._undo.append(partial(names.pop, name))

    def end(self) -> None:
        """Be asked no longer."""
        while self._undo:
            self._undo.pop()()

    def _take_patterns(self, compiler: Any) -> None:  # noqa: ANN401  # a module of Python's that has no types
        """Make patterns of their code, in place of the module `re._compiler`.

        Raises:
            AttributeError: If the module is not as it is known.
        """
        compile_anew, make = compiler.compile, compiler._sre.compile  # noqa: SLF001  # there is no other way
        parse, translate = compiler._parser.parse, compiler._code  # noqa: SLF001  # the same

        def code_of(pattern: str | bytes, flags: int) -> PatternCode:
            parsed = parse(pattern, flags)
            state = parsed.state
            numbers: dict[str, int] = state.groupdict
            names = {number: name for name, number in numbers.items()}
            ordered = tuple(names.get(number) for number in range(state.groups))
            engine_code = [int(word) for word in translate(parsed, flags)]  # some are numbers with a name
            return flags | state.flags, engine_code, state.groups - 1, numbers, ordered

        def compile_pattern(pattern: Any, flags: int = 0) -> object:  # noqa: ANN401  # whatever Python takes
            if type(pattern) not in {str, bytes} or flags & _DEBUG:
                return compile_anew(pattern, flags)
            key = (type(pattern).__name__, pattern, int(flags))
            code = self._kept_patterns.get(key)
            if code is None and not _is_importing():
                return compile_anew(pattern, flags)
            try:
                code = code or code_of(pattern, int(flags))
                made: object = make(pattern, *code)
            except Exception:  # noqa: BLE001  # damaged, or wrong: Python tells what is the matter
                return compile_anew(pattern, flags)
            self.patterns[key] = code
            return made

        compiler.compile = compile_pattern
        self._undo.append(partial(setattr, compiler, "compile", compile_anew))

    def _runner(self, run: Callable[..., object], mode: str) -> Callable[..., object]:
        """Return what runs a source, as `exec` or `eval`."""

        def run_source(source: Any, *names: Any) -> object:  # noqa: ANN401  # whatever Python takes
            code = self._kept_sources.get(source) if type(source) is str else None
            if code is None:
                if type(source) is not str or not _is_importing():
                    return run(source, *names)
                code = compile(source, "<string>", mode, dont_inherit=True)
            self.sources[source] = code
            return run(code, *names)

        return run_source


def _is_importing() -> bool:
    """Tell whether a module is being loaded: what is compiled then is of the module, not of what somebody has typed."""
    frame: FrameType | None = sys._getframe(2)  # noqa: SLF001  # as `inspect` does, which takes long to load
    while frame is not None:
        if frame.f_code.co_name == "<module>" and frame.f_globals.get("__name__") != "__main__":
            return True
        frame = frame.f_back
    return False
