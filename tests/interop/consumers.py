"""Programs that read data sets, each in a virtual environment of its own, which is made once and kept.

    python = consumer("datasets==4.4.1", "pyarrow==22.0.0")       # a Python that has these packages
    out = run(python, SCRIPT, folder)                             # what the script, a text or a path, prints
    out = run(python, python.with_name("frictionless"), "validate", folder / "datapackage.json")

Environments lie in `$POSTIL_INTEROP_CACHE`, else in `~/.cache/postil-interop`, under a hash of Python's version and of what is in
them. Several processes may ask for the same one. Where one cannot be made, the test that asked for it fails. Postil itself is not in them.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CACHE = "POSTIL_INTEROP_CACHE"
_PATIENCE = 1800
"""Seconds for an installation."""
_SHOWN = 6000
"""Characters of what went wrong that are shown."""


def consumer(*requirements: str) -> Path:
    """Return a Python that has these packages; requirements are written as for pip, with exact versions."""
    wanted = sorted(requirements)
    stamp = "\n".join([f"{sys.version_info.major}.{sys.version_info.minor}", sys.base_prefix, *wanted])
    cache = Path(os.environ.get(CACHE) or Path.home() / ".cache" / "postil-interop")
    place = cache / hashlib.sha256(stamp.encode()).hexdigest()[:16]
    python = place / "bin" / "python"
    complete = place / "complete.txt"
    cache.mkdir(parents=True, exist_ok=True)
    with _locked(place.with_suffix(".lock")):
        if not complete.exists():
            shutil.rmtree(place, ignore_errors=True)
            _execute([sys.executable, "-m", "venv", "--without-pip", str(place)], "cannot be made")
            pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", *wanted]
            _execute(pip, f"with {', '.join(wanted)} cannot be filled")
            complete.write_text(stamp, encoding="utf-8")
    return python


def run(
    python: Path, script: str | Path, *arguments: object, env: Mapping[str, str] | None = None, patience: float = 600
) -> str:
    """Run a Python program in a consumer's environment and return its standard output.

    It runs in an empty folder that is also its home, without the network as far as libraries can be asked for that; the test
    fails, with what was said on standard error, if the program does.

    Args:
        python: As `consumer` returns it.
        script: The program: its text, or where it is.
        arguments: What to call it with.
        env: Variables of the environment besides.
        patience: How many seconds it may take.
    """
    keep = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "POSTIL", "COV_"))}
    offline = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "PYTHONUTF8": "1"}
    program = ["-c", script] if isinstance(script, str) else [str(script)]
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [str(python), *program, *map(str, arguments)],
            cwd=home,
            env={**keep, **offline, "HOME": home, "XDG_CACHE_HOME": f"{home}/.cache", **(env or {})},
            capture_output=True,
            timeout=patience,
            check=False,
        )
    out, said = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
    if done.returncode:
        pytest.fail(f"the consumer ended with {done.returncode}\n{said[-_SHOWN:]}\n{out[-_SHOWN:]}", pytrace=False)
    return out


def _execute(command: list[str], complaint: str) -> None:
    done = subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=False)
    if done.returncode:
        said = (done.stderr + done.stdout).decode(errors="replace")
        pytest.fail(f"a virtual environment {complaint}\n{said[-_SHOWN:]}", pytrace=False)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
