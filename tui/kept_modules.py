"""The compiled modules that opening the reader takes, kept in one file, from which they are had at once.

For each module Python looks into folders and opens files, a twentieth of a millisecond and more; the reader and Textual have
five hundred. With them is kept what they compile as they are loaded, see `KeptCompiling`. After the first frame they are gathered in a file of the cache folder, and whoever opens the next reader has
them from there, each as long as its source is as it was. Python's own rules hold: the file is of this Python, of these
places where modules are looked for, and is not written where Python is told to write no compiled modules.
"""

from __future__ import annotations

import marshal
import os
import sys
import zlib
from contextlib import suppress
from functools import partial
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING

from tui.kept_compiling import KeptCompiling

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import ModuleType
    from typing import TypeAlias

    from textual.app import App

    Source: TypeAlias = tuple[str, int, int, bool]
    """A source's path, its time in nanoseconds, its size; whether it is a package."""
    Place: TypeAlias = tuple[str, int, int, bool, int, int]
    """The same, and where its code begins and its length."""

_AFTER = 1
"""Seconds after the first frame: by then whoever opened the reader sees it."""
_LENGTH = 8
_PYC_HEADER = 16
_OTHERS_MAY_WRITE = 0o022
_SECONDS_KEPT = 60 * 24 * 3600


def cache_file(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """Return where the modules of this Python are kept, with the places where it looks for them.

    Sources: XDG Base Directory Specification 0.8; Apple's File System Programming Guide; Windows' known folders.
    """
    home = Path(os.path.expanduser("~"))  # noqa: PTH111  # it does not fail where there is no home
    if platform == "win32":
        folder = Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local") / "Postil" / "Cache"
    elif platform == "darwin":
        folder = home / "Library" / "Caches" / "postil"
    else:
        told = Path(environment.get("XDG_CACHE_HOME") or "")
        folder = (told if told.is_absolute() else home / ".cache") / "postil"
    named = "\0".join((sys.version, str(sys.flags.optimize), *sys.path)).encode(errors="replace")
    return folder / f"modules-{sys.implementation.cache_tag}-{zlib.crc32(named):08x}.bin"


def keep_for_next(app: App[object]) -> None:
    """Keep the modules that an app's first frame took for whoever opens the next one, if they are not kept yet."""
    for finder in [each for each in sys.meta_path if isinstance(each, KeptModules)]:
        names = finder.end()
        if names and not sys.dont_write_bytecode:
            app.set_timer(_AFTER, partial(app.run_worker, partial(finder.try_to_keep, names), thread=True))


class KeptModules:
    """Finds modules in the file, while it is among those that Python asks; a `MetaPathFinder`.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._asked: dict[str, bool] = {}
        self._places: dict[str, Place] = {}
        self._file: int | None = None
        self._first = 0
        self._compiling = KeptCompiling({}, {})
        try:
            self._file = _open_own(path)
            length = int.from_bytes(os.read(self._file, _LENGTH), "big")
            version, size, places, *compiled = marshal.loads(os.read(self._file, length))  # noqa: S302  # our own file
            self._first = _LENGTH + length
            if version == sys.version and os.fstat(self._file).st_size == self._first + size:
                self._compiling = KeptCompiling(*compiled)
                self._places = places
        except (OSError, ValueError, EOFError, TypeError, OverflowError, MemoryError):  # not there, not ours, damaged
            self._places = {}

    def begin(self) -> None:
        """Be asked before Python looks for itself."""
        sys.meta_path.insert(0, self)
        self._compiling.begin()

    def end(self) -> list[str]:
        """Be asked no longer; return which modules are to be kept, none if they are already."""
        self._compiling.end()
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        self._places = {}
        if self._file is not None:
            os.close(self._file)
            self._file = None
        wanted = [name for name in self._asked if _source_of(sys.modules.get(name)) is not None]
        return [] if self._compiling.is_all_kept and all(self._asked[name] for name in wanted) else wanted

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return how to load a module; None if it is not kept, or its source has changed."""
        del path, target
        place = self._places.get(name)
        self._asked[name] = False
        if place is None or not _is_as_kept(place):
            return None
        source, _, _, is_package, start, length = place
        self._asked[name] = True
        spec = ModuleSpec(
            name, _Loader(name, source, partial(self._read, start, length)), origin=source, is_package=is_package
        )
        spec.has_location = True
        if is_package:
            spec.submodule_search_locations = [os.path.dirname(source)]  # noqa: PTH120  # the same
        return spec

    def _read(self, start: int, length: int) -> bytes:
        """Return a module's code; less of it, or nothing, where the file has no more."""
        if self._file is None:
            return b""
        os.lseek(self._file, self._first + start, os.SEEK_SET)
        return os.read(self._file, length)

    def try_to_keep(self, names: Sequence[str]) -> None:
        """Write modules to the file; where that cannot be done the next reader opens as this one did."""
        with suppress(OSError, ValueError):
            self.keep(names)

    def keep(self, names: Sequence[str]) -> None:
        """Write modules to the file, as they are compiled; it appears whole or not at all.

        Raises:
            OSError: If it cannot be written.
        """
        codes = self._codes(names)
        places: dict[str, Place] = {}
        at = 0
        for name, (source, code) in codes.items():
            places[name] = (*source, at, len(code))
            at += len(code)
        head = marshal.dumps((sys.version, at, places, self._compiling.patterns, self._compiling.sources))
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        try:
            with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:  # noqa: PTH123  # a descriptor
                stream.write(len(head).to_bytes(_LENGTH, "big") + head)
                stream.writelines(code for _, code in codes.values())
            part.replace(self._path)
        finally:
            part.unlink(missing_ok=True)
        self._forget_older()

    def _codes(self, names: Sequence[str]) -> dict[str, tuple[Source, bytes]]:
        """Return modules with their code, and those that are kept: the library and the reader take different ones."""
        codes: dict[str, tuple[Source, bytes]] = {}
        for name in names:
            source = _source_of(sys.modules.get(name))
            code = None if source is None else _compiled(source)
            if source is not None and code is not None:
                stat = source.stat()
                codes[name] = (str(source), stat.st_mtime_ns, stat.st_size, source.name == "__init__.py"), code
        older = KeptModules(self._path)
        if all(_is_as_kept(place) for place in older._places.values()):  # else there is a newer Textual, or Postil
            self._compiling.add(older._compiling)
            for name, place in older._places.items():
                codes.setdefault(name, (place[:4], older._read(*place[4:])))
        older.end()
        return codes

    def _forget_older(self) -> None:
        """Remove what Pythons have kept here that may be gone by now; one that is not keeps its modules again."""
        oldest = self._path.stat().st_mtime - _SECONDS_KEPT
        for other in self._path.parent.glob("modules-*.bin"):
            if other.stat().st_mtime < oldest:
                other.unlink(missing_ok=True)


class _Loader(SourceFileLoader):
    """Loads a module of which the compiled form is kept."""

    def __init__(self, name: str, path: str, read: Callable[[], bytes]) -> None:
        super().__init__(name, path)
        self._read = read

    def get_code(self, fullname: str) -> CodeType | None:
        """Return what the module consists of."""
        try:
            code = marshal.loads(self._read())  # noqa: S302  # ours
        except (OSError, ValueError, EOFError, TypeError):  # no longer there, or damaged
            return super().get_code(fullname)
        return code if isinstance(code, CodeType) else super().get_code(fullname)


def _open_own(path: Path) -> int:
    """Open a file to be read if nobody else can have written it.

    Raises:
        OSError: If it cannot be opened.
        ValueError: If somebody else may have written it.
    """
    file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    stat = os.fstat(file)
    if hasattr(os, "getuid") and (stat.st_uid != os.getuid() or stat.st_mode & _OTHERS_MAY_WRITE):
        os.close(file)
        raise ValueError
    return file


def _is_as_kept(place: Place) -> bool:
    """Tell whether a module's source is as it was when it was kept."""
    try:
        stat = os.stat(place[0])  # noqa: PTH116  # five hundred times
    except OSError:
        return False
    return stat.st_mtime_ns == place[1] and stat.st_size == place[2]


def _source_of(module: ModuleType | None) -> Path | None:
    """Return the source of a module that was loaded from one."""
    spec = getattr(module, "__spec__", None)
    if spec is None or not isinstance(spec.loader, SourceFileLoader) or not str(spec.origin).endswith(".py"):
        return None
    return Path(spec.origin)


def _compiled(source: Path) -> bytes | None:
    """Return the code of a source as Python has compiled it; None if it has not, or the source has changed since."""
    from importlib.util import MAGIC_NUMBER, cache_from_source  # noqa: PLC0415  # not on the way to the first frame

    try:
        raw = Path(cache_from_source(source)).read_bytes()
        stat = source.stat()
    except (OSError, NotImplementedError):
        return None
    told = (int(stat.st_mtime) & 0xFFFF_FFFF, stat.st_size & 0xFFFF_FFFF)
    header = MAGIC_NUMBER + bytes(4) + b"".join(number.to_bytes(4, "little") for number in told)
    return raw[_PYC_HEADER:] if raw[:_PYC_HEADER] == header else None
