"""A project is made without what its library looks for and nobody here needs."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from annotations.store.doing_without import doing_without

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """
import sys
from pathlib import Path
from annotations.store.project import Project
Project.open(Path("postil.db"), create=True).close()
print(sorted({"numpy", "pandas", "sqlite_utils"} & set(sys.modules)))
import numpy, pandas
"""


def test_a_project_is_made_without_tables_of_others(tmp_path: Path) -> None:
    for name in ("numpy", "pandas"):
        (tmp_path / f"{name}.py").write_text(f"print('{name} is loaded')\n")
    made = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path,
        env={"PYTHONPATH": ":".join([str(tmp_path), *sys.path])},
        check=True,
        capture_output=True,
        text=True,
    )
    assert made.stdout.splitlines() == ["['sqlite_utils']", "numpy is loaded", "pandas is loaded"]


def test_only_the_one_who_asks_does_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("fog_here", "fog_there"):
        (tmp_path / f"{name}.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    finders = list(sys.meta_path)
    found: list[object] = []
    with doing_without("fog_here", "fog_there"):
        with pytest.raises(ModuleNotFoundError, match="fog_here is not needed here"):
            import_module("fog_here")
        other = Thread(target=lambda: found.append(import_module("fog_there")))
        other.start()
        other.join()
    assert len(found) == 1
    assert import_module("fog_there") is found[0]
    assert import_module("fog_here").__name__ == "fog_here"
    assert sys.meta_path == finders
