"""The import of sources: thread by thread, on after a kill, folder by folder, and every problem said."""

from __future__ import annotations

import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from annotations import formats
from annotations.errors import SourceError
from annotations.imported import describe_end, describe_import
from annotations.importing import Finished, Imported, Refused, SourceImport
from annotations.model import Post, PostKind, Thread
from annotations.store.check import check
from annotations.store.listing import list_threads
from annotations.store.project import Project
from annotations.work import Work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from annotations.formats import Importer
    from annotations.sources.problems import Problem
    from annotations.sources.source import Source

ROOT = Path(__file__).parents[2]
FLAT = "About {0}\n\nThere is something to say of {0}.\n\n  • Ann\n\n    Yes.\n"


def thread(key: str, text: str = "A comment") -> Thread:
    posts = (
        Post(key="0", parent=None, kind=PostKind.ARTICLE, text=f"Title {key}"),
        Post(key="1", parent="0", text=text),
    )
    return Thread(key=key, title=f"Title {key}", posts=posts, format="many")


def importer_of(read: Callable[[Source], Iterator[Thread]]) -> Importer:
    return cast(
        "Importer", SimpleNamespace(name="many", title="Many", keeps="", loses="", sniff=lambda _: 1.0, read=read)
    )


def make(folder: Path, name: str, text: str = "anything") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def run(
    folder: Path,
    paths: list[Path],
    importer: Importer | None = None,
    **options: Any,  # noqa: ANN401  # passed on
) -> list[Imported | Refused | Finished]:
    project = folder / "postil.db"
    importing = SourceImport(project, lambda: Project.open(project, create=True), paths, importer, Work(), **options)
    return list(importing)


def keys_in(folder: Path) -> list[str]:
    with Project.open(folder / "postil.db") as project:
        assert check(project) == []
        return [summary.thread.key for summary in list_threads(project)]


def said(found: list[Imported | Refused | Finished]) -> str:
    lines: list[str] = []
    for each in found:
        if isinstance(each, Imported):
            lines += describe_import(each)
        elif isinstance(each, Finished):
            lines += describe_end(each)
    return "\n".join(lines)


def test_threads_are_stored_while_the_source_is_read(tmp_path: Path) -> None:
    made = 0

    def read(source: Source) -> Iterator[Thread]:
        nonlocal made
        del source
        for number in range(10_000):
            made += 1
            yield thread(str(number))

    project = tmp_path / "postil.db"
    paths = [make(tmp_path, "a.txt")]
    importing = iter(
        SourceImport(project, lambda: Project.open(project, create=True), paths, importer_of(read), Work())
    )
    first = next(importing)
    assert isinstance(first, Imported)
    assert (first.saved.thread.key, first.is_alone) == ("0", False)
    assert made < 10_000, "not all of them were waited for"
    importing.close()  # type: ignore[attr-defined]  # a generator
    assert keys_in(tmp_path)[0] == "0"


def test_of_a_source_of_one_thread_nothing_is_stored_if_it_breaks_behind_it(tmp_path: Path) -> None:
    def read(source: Source) -> Iterator[Thread]:
        yield thread("a")
        raise SourceError(f"{source.shown} breaks off")

    (found,) = run(tmp_path, [make(tmp_path, "a.txt")], importer_of(read))
    assert isinstance(found, Refused)
    assert not (tmp_path / "postil.db").exists()


@pytest.mark.parametrize("error", [SourceError("a.txt breaks off"), KeyError("body"), RecursionError("deep")])
def test_of_a_source_of_many_threads_what_was_read_is_stored(tmp_path: Path, error: Exception) -> None:
    def read(source: Source) -> Iterator[Thread]:
        del source
        yield from map(thread, "abc")
        raise error

    *imported, refused = run(tmp_path, [make(tmp_path, "a.txt")], importer_of(read))
    assert [type(each) for each in imported] == [Imported] * 3
    assert isinstance(refused, Refused)
    assert keys_in(tmp_path) == ["a", "b", "c"]


def test_a_thread_that_is_refused_does_not_stop_the_others(tmp_path: Path) -> None:
    def read(source: Source) -> Iterator[Thread]:
        del source
        yield thread("a")
        yield Thread(key="b", title="No posts", posts=(), format="many")
        yield thread("c", "not \x00 clean")
        yield thread("d")

    found = run(tmp_path, [make(tmp_path, "a.txt")], importer_of(read))
    finished = found[-1]
    assert isinstance(finished, Finished)
    assert (finished.threads, finished.problems) == (2, 2)
    assert "thread b: cannot be stored; it was left out" in said(found)
    assert keys_in(tmp_path) == ["a", "d"]
    (_, refused) = run(tmp_path, [make(tmp_path, "b.txt")], importer_of(read), is_strict=True)
    assert isinstance(refused, Refused)
    assert "thread b cannot be stored" in refused.error.message


def test_problems_are_told_with_their_thread_or_with_their_source(tmp_path: Path) -> None:
    def one(source: Source) -> Iterator[Thread]:
        source.problems.add("is odd", "line 3", "it was left out")
        yield thread("alone")

    found = run(tmp_path, [make(tmp_path, "one.txt")], importer_of(one))
    assert isinstance(found[0], Imported)
    assert found[0].thread.warnings == ("line 3: is odd; it was left out.",)
    assert said(found).count("line 3: is odd") == 1

    def many(source: Source) -> Iterator[Thread]:
        source.problems.add("is odd", "line 1", "it was left out")
        yield from map(thread, "ab")
        source.problems.add("is odd", "line 7", "it was left out")
        yield thread("c")
        source.problems.add("is odd", "line 9", "it was left out")

    found = run(tmp_path, [make(tmp_path, "many.txt")], importer_of(many))
    warnings = {each.thread.key: each.thread.warnings for each in found if isinstance(each, Imported)}
    assert warnings == {"a": (), "b": (), "c": ("line 7: is odd; it was left out.",)}
    assert "3 records with something wrong" in said(found)
    assert "line 1, line 7, line 9: is odd; it was left out." in said(found)


def test_every_problem_is_told_to_whoever_lists_them(tmp_path: Path) -> None:
    heard: list[tuple[str, Problem]] = []

    def read(source: Source) -> Iterator[Thread]:
        for number in range(10):
            source.problems.add("is odd", f"line {number}", "it was left out")
        yield thread("a")

    run(
        tmp_path,
        [make(tmp_path, "a.txt"), tmp_path / "missing.txt"],
        importer_of(read),
        listener=lambda name, problem: heard.append((Path(name).name, problem)),
    )
    assert [(name, problem.where) for name, problem in heard[:10]] == [("a.txt", f"line {n}") for n in range(10)]
    assert (heard[10][0], heard[10][1].done) == ("missing.txt", "it was not imported, or not to its end")


def test_a_strict_import_stops_at_the_first_problem(tmp_path: Path) -> None:
    def read(source: Source) -> Iterator[Thread]:
        source.problems.add("is odd", "line 3", "it was left out")
        yield thread("a")

    (found,) = run(tmp_path, [make(tmp_path, "a.txt")], importer_of(read), is_strict=True)
    assert isinstance(found, Refused)
    assert "line 3 is odd" in found.error.message
    assert not (tmp_path / "postil.db").exists()


def test_the_same_again_passes_over_what_is_there_and_counts_it(tmp_path: Path) -> None:
    importer = importer_of(lambda _: map(thread, "abcde"))
    path = make(tmp_path, "a.txt")
    run(tmp_path, [path], importer)
    found = run(tmp_path, [path], importer)
    assert said(found).splitlines() == [f"{path}: 5 threads, 5 comments; 5 were in the project already"]


KILLED = """
import os, signal, sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from tests.annotations.test_importing import importer_of, thread
from annotations.importing import SourceImport
from annotations.store.project import Project
from annotations.work import Work

def read(source):
    for number in range(60):
        if number == 40:
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(0.02)
        yield thread(f"t{number:02}")

path = Path(sys.argv[1])
for _ in SourceImport(path, lambda: Project.open(path, create=True), [Path(sys.argv[2])], importer_of(read), Work()):
    print("told", flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system kills otherwise")
def test_after_a_kill_the_import_goes_on(tmp_path: Path) -> None:
    source = make(tmp_path, "a.txt")
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path / "postil.db"), str(source), str(ROOT)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    told = done.stdout.count("told")
    there = keys_in(tmp_path)
    assert 0 < told <= len(there) < 60, "what was told of is there"
    found = run(tmp_path, [source], importer_of(lambda _: (thread(f"t{number:02}") for number in range(60))))
    finished = found[-1]
    assert isinstance(finished, Finished)
    assert (finished.threads, finished.unchanged) == (60, len(there))
    assert keys_in(tmp_path) == [f"t{number:02}" for number in range(60)]


# --- folders and archives ---------------------------------------------------------------------------------------------


def test_of_a_folder_each_file_that_an_importer_knows_is_a_source(tmp_path: Path) -> None:
    folder = tmp_path / "all"
    for name in ("one.txt", "deep/er/two.txt", "deep/one.txt", ".hidden.txt"):
        make(folder, name, FLAT.format(name))
    make(folder, "plain.txt", "Only an article\n\nNothing more.\n")
    make(folder, "README.md", "Words about the rest.\n")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    found = run(tmp_path, [folder])
    assert [each.thread.posts[0].text.split("\n")[0] for each in found if isinstance(each, Imported)] == [
        "About deep/er/two.txt",
        "About deep/one.txt",
        "About one.txt",
        "Only an article",
    ]
    finished = found[-1]
    assert isinstance(finished, Finished)
    assert [Path(name).name for name in finished.passed_over] == ["README.md", "picture.png"]
    assert "2 files passed over, which no importer knows" in said(found)


def test_an_archive_is_a_folder(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/one.txt", FLAT.format("one"))
        archive.writestr("two.txt", FLAT.format("two"))
        archive.writestr("../three.txt", FLAT.format("three"))
    found = run(tmp_path, [path])
    assert sorted(keys_in(tmp_path)) == ["one", "two"]
    assert "../three.txt: has a name that leads out of the archive; it was left out." in said(found)
    assert "nothing changed" in said(run(tmp_path, [path]))


@pytest.mark.parametrize("names", [[], ["a.png", "b.png"]])
def test_a_folder_of_which_nothing_is_known_is_refused(tmp_path: Path, names: list[str]) -> None:
    (tmp_path / "all").mkdir()
    for name in names:
        (tmp_path / "all" / name).write_bytes(b"\x89PNG\r\n\x1a\n")
    (found,) = run(tmp_path, [tmp_path / "all"])
    assert isinstance(found, Refused)
    assert "no file" in found.error.message
    assert not (tmp_path / "postil.db").exists()


def test_a_folder_that_an_importer_knows_is_one_source_and_a_mixed_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sniff(source: Source) -> float:
        return 0.9 if any(member.relative.endswith("corpus.mark") for member in source.members()) else 0.0

    corpus = SimpleNamespace(name="corpus", title="A corpus", sniff=sniff, read=lambda _: map(thread, "ab"))
    flattened = formats.importer("flattened")
    monkeypatch.setattr(formats, "importers", lambda: {"corpus": corpus, "flattened": flattened})
    monkeypatch.setattr(formats, "_load", lambda _, entry: entry)
    make(tmp_path, "corpora/one/corpus.mark")
    make(tmp_path, "corpora/one/text.txt", FLAT.format("one"))
    found = run(tmp_path, [tmp_path / "corpora" / "one"])
    assert [type(each) for each in found] == [Imported, Imported, Finished]
    assert "read as A corpus (corpus): recognised" in said(found)
    make(tmp_path, "corpora/single.txt", FLAT.format("single"))
    found = run(tmp_path, [tmp_path / "corpora"])
    assert sorted(keys_in(tmp_path)) == ["a", "b", "single"]
    assert said(found).count("nothing changed") == 0


def test_files_of_a_folder_have_problems_of_their_own(tmp_path: Path) -> None:
    def read(source: Source) -> Iterator[Thread]:
        source.problems.add("is odd", f"line of {source.relative}", "it was left out")
        yield thread(source.stem)

    def sniff(source: Source) -> float:
        return 0.0 if source.is_folder else 1.0

    importer = cast("Importer", SimpleNamespace(name="odd", title="Odd", sniff=sniff, read=read))
    make(tmp_path, "all/a.txt")
    make(tmp_path, "all/b.txt")
    found = run(tmp_path, [tmp_path / "all"], importer)
    assert [each.thread.warnings for each in found if isinstance(each, Imported)] == [
        ("line of a.txt: is odd; it was left out.",),
        ("line of b.txt: is odd; it was left out.",),
    ]


def test_where_two_importers_fit_the_choice_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def entry(name: str, sure: float) -> SimpleNamespace:
        return SimpleNamespace(name=name, title=name.title(), sniff=lambda _: sure, read=lambda _: map(thread, "a"))

    def why(**sure: float) -> str:
        monkeypatch.setattr(formats, "importers", lambda: {name: entry(name, value) for name, value in sure.items()})
        (first, *_) = run(tmp_path, [make(tmp_path, "a.txt")])
        assert isinstance(first, Imported)
        return first.explanation

    monkeypatch.setattr(formats, "_load", lambda _, entry: entry)
    assert why(one=0.9, two=0.8) == (
        "read as One (one): recognised (0.90), surer than Two (two, 0.80); --format two reads it as that"
    )
    assert why(one=0.8, two=0.8).startswith(
        "read as One (one): recognised (0.80), as sure as, and by its name before, Two"
    )
    assert why(one=0.9, two=0.7) == "read as One (one): recognised"
    assert why(one=0.35, two=0.25) == "read as One (one): recognised"
    assert why(one=0.1, two=0.09) == "read as One (one): nothing more special fits"
