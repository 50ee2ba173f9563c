"""Modules come from the file as Python would have loaded them, and only those whose sources are as they were."""

from __future__ import annotations

import compileall
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tui.kept_modules import KeptModules, cache_file

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]

PROGRAM = """
import json, sys
from pathlib import Path
from tui.kept_modules import KeptModules, cache_file
kept = KeptModules(Path(sys.argv[1]) if len(sys.argv) > 1 else cache_file())
kept.begin()
import harbour.pier, ferry
names = kept.end()
assert kept not in sys.meta_path
if names:
    kept.keep(names)
told = {}
for name in ("harbour", "harbour.pier", "ferry"):
    module = sys.modules[name]
    spec = module.__spec__
    told[name] = [module.__file__, module.__cached__, list(getattr(module, "__path__", [])), module.__package__, spec.origin, module.SAYS]
import inspect
told["source"] = inspect.getsource(ferry.sail)
told["kept"] = [type(sys.modules[name].__loader__).__module__ for name in ("harbour", "harbour.pier", "ferry")]
told["names"] = [name for name in names if name in told]
print(json.dumps(told))
"""
KEPT = ["tui.kept_modules"] * 3


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    """Return a folder with a package and a module, compiled."""
    folder = tmp_path / "modules"
    (folder / "harbour").mkdir(parents=True)
    (folder / "harbour" / "__init__.py").write_text("SAYS = 'harbour'\n")
    (folder / "harbour" / "pier.py").write_text("from harbour import SAYS as WHO\nSAYS = WHO + ' pier'\n")
    (folder / "ferry.py").write_text("SAYS = 'ferry'\ndef sail():\n    return SAYS\n")
    compileall.compile_dir(folder, quiet=2)
    return folder


@pytest.fixture
def run(modules: Path, tmp_path: Path) -> Callable[..., dict[str, object]]:
    """Return what a process tells that loads these modules."""

    def call(*arguments: str, **variables: str) -> dict[str, object]:
        environment = {
            **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
            "PYTHONPATH": os.pathsep.join((str(modules), str(ROOT))),
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
            **variables,
        }
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, *arguments], env=environment, capture_output=True, text=True, check=True
        )
        told: dict[str, object] = json.loads(done.stdout)
        return told

    return call


def test_kept_modules_are_what_python_would_have_loaded(run: Callable[..., dict[str, object]], tmp_path: Path) -> None:
    first, second = run(), run()
    assert first.pop("kept") != KEPT
    assert first.pop("names") == ["harbour", "harbour.pier", "ferry"]
    assert second.pop("kept") == KEPT
    assert second.pop("names") == []  # there is nothing to be written
    assert first == second
    (file,) = (tmp_path / "cache" / "postil").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_module_whose_source_has_changed_is_loaded_and_kept_anew(
    run: Callable[..., dict[str, object]], modules: Path
) -> None:
    run()
    (modules / "ferry.py").write_text("SAYS = 'a newer ferry'\ndef sail():\n    return SAYS\n")
    changed = run()
    assert changed["ferry"][-1] == "a newer ferry"  # type: ignore[index]  # a list
    assert changed["kept"] == [*KEPT[:2], "_frozen_importlib_external"]
    assert set(changed["names"]) >= {"harbour", "harbour.pier", "ferry"}  # type: ignore[call-overload]  # a list
    assert run()["kept"] == KEPT


def test_a_module_that_is_gone_is_not_found(run: Callable[..., dict[str, object]], modules: Path) -> None:
    run()
    (modules / "ferry.py").unlink()
    with pytest.raises(subprocess.CalledProcessError) as caught:
        run()
    assert "No module named 'ferry'" in caught.value.stderr


def test_code_that_is_none_is_loaded_as_python_does(run: Callable[..., dict[str, object]], tmp_path: Path) -> None:
    file = tmp_path / "kept.bin"
    before = run(str(file))
    raw = file.read_bytes()
    first = int.from_bytes(raw[:8], "big") + 8
    for filling in (bytes(len(raw) - first), b"N" * (len(raw) - first)):  # the second is None, marshalled
        file.write_bytes(raw[:first] + filling)
        assert run(str(file))["ferry"] == before["ferry"]


@pytest.mark.parametrize("damage", ["cut", "shorter", "empty", "noise", "code", "others may write it", "a folder"])
def test_a_file_that_is_damaged_or_may_be_somebody_elses_is_passed_over(
    run: Callable[..., dict[str, object]], tmp_path: Path, damage: str
) -> None:
    file = tmp_path / "kept.bin"
    run(str(file))
    raw = file.read_bytes()
    match damage:
        case "cut":
            file.write_bytes(raw[:40])
        case "shorter":
            file.write_bytes(raw[:-3])
        case "empty":
            file.write_bytes(b"")
        case "noise":
            file.write_bytes(bytes(range(256)) * 40)
        case "code":
            file.write_bytes(raw[: int.from_bytes(raw[:8], "big") + 8])
        case "others may write it":
            file.chmod(0o622)
        case _:
            file.unlink()
            file.mkdir()
    if damage == "a folder":
        kept = KeptModules(file)
        kept.try_to_keep(["json"])  # nobody hears of it
        assert file.is_dir()
    else:
        assert run(str(file))["kept"] != KEPT
        assert run(str(file))["kept"] == KEPT


def test_what_was_kept_long_ago_by_another_python_is_removed(
    run: Callable[..., dict[str, object]], tmp_path: Path
) -> None:
    folder = tmp_path / "cache" / "postil"
    folder.mkdir(parents=True)
    for name, days in (("modules-old.bin", 90), ("modules-new.bin", 3), ("other.bin", 90)):
        (folder / name).write_bytes(b"")
        os.utime(folder / name, (time.time() - days * 86400,) * 2)
    run()
    assert {each.name for each in folder.iterdir()} >= {"modules-new.bin", "other.bin"}
    assert not (folder / "modules-old.bin").exists()


def test_what_is_not_compiled_is_not_kept(run: Callable[..., dict[str, object]], modules: Path, tmp_path: Path) -> None:
    for compiled in modules.rglob("*.pyc"):
        compiled.unlink()
    run(str(tmp_path / "kept.bin"), PYTHONDONTWRITEBYTECODE="1")
    assert "tui.kept_modules" not in run(str(tmp_path / "kept.bin"), PYTHONDONTWRITEBYTECODE="1")["kept"]  # type: ignore[operator]  # a list


def test_each_python_and_each_set_of_places_has_a_file_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    first = cache_file({}, "linux")
    assert first.parent == Path.home() / ".cache" / "postil"
    monkeypatch.setattr(sys, "path", [*sys.path, "/elsewhere"])
    assert cache_file({}, "linux").name != first.name
    assert cache_file({"XDG_CACHE_HOME": "/c"}, "linux").parent == Path("/c/postil")
    assert cache_file({"XDG_CACHE_HOME": "relative"}, "linux").parent == first.parent
    assert cache_file({}, "darwin").parent == Path.home() / "Library" / "Caches" / "postil"
    assert cache_file({"LOCALAPPDATA": "/l"}, "win32").parent == Path("/l/Postil/Cache")


def test_what_another_way_to_open_has_kept_stays(modules: Path, tmp_path: Path) -> None:
    program = """
import sys
from pathlib import Path
from tui.kept_modules import KeptModules
kept = KeptModules(Path(sys.argv[1]))
kept.begin()
module = __import__(sys.argv[2])
names = kept.end()
if names:
    kept.keep(names)
print(type(module.__loader__).__module__, bool(names))
"""
    (modules / "ferry.py").write_text("import re\nFOUND = re.compile('[a-z]+ferry')\n")
    compileall.compile_dir(modules, quiet=2)
    environment = {
        **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
        "PYTHONPATH": os.pathsep.join((str(modules), str(ROOT))),
    }

    def opened(module: str) -> list[str]:
        command = [sys.executable, "-c", program, str(tmp_path / "kept.bin"), module]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.split()

    assert [opened(each)[1] for each in ("ferry", "harbour", "ferry", "harbour")] == ["True", "True", "False", "False"]
    assert opened("ferry") == ["tui.kept_modules", "False"]

    (modules / "harbour" / "__init__.py").write_text("SAYS = 'another harbour'\n")
    assert opened("ferry") == ["tui.kept_modules", "False"]
    assert opened("harbour")[1] == "True"  # and with it goes what may be of an older Textual, or Postil
    assert opened("ferry")[1] == "True"
