"""Several programs label one project at once, some of them are killed: nothing that one of them said is lost.

`POSTIL_STRESS=20 pytest tests/annotations/test_several_processes.py` does twenty times as much: five thousand steps.
"""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from annotations.importers import flattened
from annotations.sources.source import read_source
from annotations.store.check import check
from annotations.store.past import find_events
from annotations.store.project import Project
from annotations.store.threads import save_thread

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PROGRAM = Path(__file__).with_name("labeling_program.py")
TIMES = int(os.environ.get("POSTIL_STRESS", "1"))
STEPS = 60 * TIMES
"""Steps of each of four programs."""
WITHOUT_END = 100_000
KILLED = 3 * TIMES
"""Programs that are killed, one after the other, while the others go on."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A project with the sample thread."""
    path = tmp_path / "postil.db"
    source = read_source(ROOT / "sample_data" / "harbour-tunnel.txt")
    with Project.open(path, create=True) as project:
        for thread in flattened.read(source):
            save_thread(project, thread, location=source.location, source_sha256=source.sha256)
    return path


def start(path: Path, annotator: str, seed: int, steps: int) -> subprocess.Popen[str]:
    command = [sys.executable, str(PROGRAM), str(path), annotator, str(seed), str(steps)]
    return subprocess.Popen(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True)


def replayed(path: Path) -> tuple[set[tuple[object, ...]], set[tuple[object, ...]]]:
    """What stands by the history: annotations and reviews, as the events one after the other have made them."""
    annotations: dict[str, tuple[object, ...]] = {}
    reviews: set[tuple[object, ...]] = set()
    with Project.open(path) as project:
        for event in find_events(project):
            if event.annotation_uuid is None:
                review = (event.annotator_id, event.post_id)
                reviews.discard(review) if event.after is None else reviews.add(review)
            elif event.after is None:
                del annotations[event.annotation_uuid]
            else:
                annotations[event.annotation_uuid] = (event.annotator_id, event.after["label"], event.post_id)
    return {(uuid, *values) for uuid, values in annotations.items()}, reviews


def standing(path: Path) -> tuple[set[tuple[object, ...]], set[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        query = "SELECT a.uuid, a.annotator_id, l.label, a.post_id FROM annotations AS a JOIN labels AS l ON l.id = a.label_id"
        return (
            set(connection.execute(query)),
            set(connection.execute("SELECT annotator_id, post_id FROM reviews")),
        )


def assert_sound(path: Path) -> None:
    with Project.open(path) as project:
        assert check(project) == []
        sequences = [event.sequence for event in find_events(project)]
    assert sequences == list(range(1, len(sequences) + 1)), "no event is missing, none is there twice"
    assert replayed(path) == standing(path), "what stands is what the history tells"


def said_to_be_done(process: subprocess.Popen[str]) -> Iterator[list[str]]:
    """Yield the labels that each step said it had put, without a last line that the kill cut off."""
    assert process.stdout is not None
    for line in process.stdout.read().split("\n")[:-1]:
        yield line.split()[3:]


def put_at_all(path: Path, annotator: str) -> set[str]:
    """Every label that the annotator has ever put, by the history."""
    with Project.open(path) as project:
        return {
            f"{event.after['label']}:{event.post_id}"
            for event in find_events(project)
            if event.annotator == annotator and event.after is not None and "label" in event.after
        }


def test_programs_that_label_at_once_lose_nothing(path: Path) -> None:
    """Two of one annotator and two of others, also on the same comments."""
    names = ("ann", "ann", "bob", "cleo")
    with ExitStack() as running:
        programs = [running.enter_context(start(path, name, seed, STEPS)) for seed, name in enumerate(names)]
        said = [list(said_to_be_done(program)) for program in programs]
        assert [program.wait(60) for program in programs] == [0, 0, 0, 0]
    assert [len(steps) for steps in said] == [STEPS] * 4
    for name, steps in zip(names, said, strict=True):
        assert {label for labels in steps for label in labels} <= put_at_all(path, name)
    assert_sound(path)


def test_programs_that_are_killed_have_done_what_they_said(path: Path) -> None:
    chance = random.Random(8)  # noqa: S311  # the same kills in each run, as far as a machine allows
    with start(path, "steady", 99, WITHOUT_END) as steady:
        for number in range(KILLED):
            with start(path, f"victim {number}", number, WITHOUT_END) as program:
                assert program.stdout is not None
                first = program.stdout.readline()
                time.sleep(chance.random() / 3)
                program.kill()
                steps = [first.split()[3:], *said_to_be_done(program)]
            said = {label for labels in steps for label in labels}
            assert said <= put_at_all(path, f"victim {number}")
        steady.kill()
        assert {label for labels in said_to_be_done(steady) for label in labels} <= put_at_all(path, "steady")
    assert_sound(path)
