"""The registry: formats are found by entry points, loaded on use, and a broken one harms nobody but itself."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from annotations import formats
from annotations.errors import ExportError, SourceError, UnknownNameError
from annotations.sources.source import read_source

if TYPE_CHECKING:
    from annotations.sources.source import Source

ROOT = Path(__file__).parents[2]
GROUPS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]

GOOD_IMPORTER = """
    name = "good"
    title = "Good"
    def sniff(source):
        return 0.99 if source.text.startswith("GOOD") else 0.0
    def read(source):
        return iter(())
"""


def install(folder: Path, package: str, groups: dict[str, dict[str, str]], modules: dict[str, str]) -> None:
    """Lay out a package as pip leaves it: modules, and a .dist-info that names the entry points."""
    info = folder / f"{package.replace('-', '_')}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n", encoding="utf-8")
    lines = [
        line for group, names in groups.items() for line in (f"[{group}]", *(f"{n} = {v}" for n, v in names.items()))
    ]
    (info / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
    for module, code in modules.items():
        (folder / f"{module}.py").write_text(dedent(code), encoding="utf-8")


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packages in front of all others, with Postil in it as its pyproject.toml registers it."""
    folder = tmp_path / "site-packages"
    folder.mkdir()
    install(folder, "postil", GROUPS, {})
    monkeypatch.syspath_prepend(folder)
    return folder


def source_of(folder: Path, name: str, text: str) -> Source:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_source(path)


@pytest.mark.usefixtures("packages")
def test_the_formats_of_the_project_are_registered_by_entry_points() -> None:
    assert set(GROUPS["postil.importers"]) <= set(formats.importers())
    assert set(GROUPS["postil.exporters"]) <= set(formats.exporters())
    assert formats.importers()["flattened"].value == "annotations.importers.flattened"


@pytest.mark.usefixtures("packages")
def test_an_importer_is_loaded_by_name() -> None:
    importer = formats.importer("flattened")
    assert importer.name == "flattened"
    assert importer.title.startswith("Flattened page text")


@pytest.mark.usefixtures("packages")
def test_an_unknown_name_gets_the_known_ones_and_the_closest() -> None:
    with pytest.raises(
        UnknownNameError, match=r"“flatened” is no importer. Did you mean flattened\? Known: .*flattened"
    ):
        formats.importer("flatened")
    with pytest.raises(UnknownNameError, match=r"“spreadsheet” is no exporter. Known: .*csv"):
        formats.exporter("spreadsheet")


def test_a_third_partys_format_is_one_of_ours(packages: Path, tmp_path: Path) -> None:
    install(packages, "postil-good", {"postil.importers": {"good": "good_format"}}, {"good_format": GOOD_IMPORTER})
    assert "good" in formats.importers()
    chosen, why = formats.choose_importer(source_of(tmp_path, "a.txt", "GOOD text"))
    assert (chosen.name, why) == ("good", "read as Good (good): recognised")


def test_the_surest_importer_is_chosen_and_any_text_is_an_article(packages: Path, tmp_path: Path) -> None:
    install(packages, "postil-good", {"postil.importers": {"good": "good_format"}}, {"good_format": GOOD_IMPORTER})
    chosen, why = formats.choose_importer(source_of(tmp_path, "a.txt", "Title\n\nText\n\n  • Ann\n\n    Hello\n"))
    assert chosen.name == "flattened"
    assert why.endswith("recognised")
    chosen, why = formats.choose_importer(source_of(tmp_path, "b.txt", "Just a text"))
    assert chosen.name == "flattened"
    assert why.endswith("nothing more special fits")


BROKEN: list[tuple[str, str]] = [
    ("import nothing_of_that_name", "cannot be loaded: ModuleNotFoundError: No module named 'nothing_of_that_name'"),
    ("def (", "cannot be loaded: SyntaxError"),
    ("1 / 0", "cannot be loaded: ZeroDivisionError"),
    ("name = 'bad'\ntitle = 'Bad'\ndef sniff(source): return 1.0", "lacks read"),
]


@pytest.mark.parametrize(("code", "complaint"), BROKEN)
def test_a_broken_importer_is_named_and_the_others_work(
    packages: Path, tmp_path: Path, code: str, complaint: str
) -> None:
    install(packages, "postil-bad", {"postil.importers": {"bad": "bad_format"}}, {"bad_format": code})
    with pytest.raises(SourceError) as caught:
        formats.importer("bad")
    assert "the importer bad (bad_format, package postil-bad)" in caught.value.message
    assert complaint in caught.value.message
    assert "uninstall postil-bad" in caught.value.hint
    chosen, why = formats.choose_importer(source_of(tmp_path, "a.txt", "Just a text"))
    assert chosen.name == "flattened"
    assert complaint in why
    assert any(complaint in problem for problem in formats.problems())
    sys.modules.pop("bad_format", None)


@pytest.mark.parametrize("answer", ["1 / 0", "'very'", "None"])
def test_an_importer_that_fails_to_look_is_passed_over(packages: Path, tmp_path: Path, answer: str) -> None:
    code = f"name = title = 'bad'\ndef sniff(source): return {answer}\ndef read(source): return iter(())"
    install(packages, "postil-bad", {"postil.importers": {"bad": "bad_sniffer"}}, {"bad_sniffer": code})
    chosen, why = formats.choose_importer(source_of(tmp_path, "a.txt", "Just a text"))
    assert chosen.name == "flattened"
    assert "the importer bad (bad_sniffer, package postil-bad) failed to look at" in why
    sys.modules.pop("bad_sniffer", None)


def test_a_broken_exporter_is_named(packages: Path) -> None:
    install(packages, "postil-bad", {"postil.exporters": {"bad": "bad_exporter"}}, {"bad_exporter": "name = 'bad'"})
    with pytest.raises(ExportError, match=r"the exporter bad \(bad_exporter, package postil-bad\) lacks title, write"):
        formats.exporter("bad")


def test_an_exporter_is_loaded_by_name(packages: Path) -> None:
    code = "name = 'fine'\ntitle = 'Fine'\ndef write(project, path, options): return 'written'"
    install(packages, "postil-fine", {"postil.exporters": {"fine": "fine_exporter"}}, {"fine_exporter": code})
    assert formats.exporter("fine").title == "Fine"


def test_nobody_takes_a_name_over_and_it_is_said(packages: Path) -> None:
    install(packages, "a-thief", {"postil.importers": {"flattened": "stolen"}}, {"stolen": GOOD_IMPORTER})
    assert formats.importer("flattened").name == "flattened"
    assert formats.importers()["flattened"].value == "annotations.importers.flattened"
    assert any(
        "the importer flattened (stolen, package a-thief) is passed over: annotations.importers.flattened (postil)"
        in problem
        for problem in formats.problems()
    )


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("a.json", '{"posts": []}', "JSON"),
        ("a.html", "<html><body><p>Text</p></body></html>", "HTML"),
        ("a.xml", "<?xml version='1.0'?><rss></rss>", "XML"),
        ("a.py", "print('x')\n", "source code"),
        ("a.csv", "id,text\n1,hello\n", "CSV"),
    ],
)
@pytest.mark.usefixtures("packages")
def test_a_file_that_no_importer_knows_gets_the_list_and_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str, kind: str
) -> None:
    only = {"flattened": formats.importers()["flattened"]}
    monkeypatch.setattr(formats, "importers", lambda: only)
    with pytest.raises(SourceError) as caught:
        formats.choose_importer(source_of(tmp_path, name, text))
    assert (
        f"{name} cannot be imported: it looks like {kind}, which none of the importers reads (flattened)"
        in caught.value.message
    )
    assert "--format" in caught.value.hint


def test_without_an_installed_package_the_error_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.metadata.entry_points", lambda **_: ())
    with pytest.raises(SourceError, match=r"no importer is registered.*install Postil with pip"):
        formats.choose_importer(source_of(tmp_path, "a.txt", "Text"))
    with pytest.raises(UnknownNameError, match="None is registered: install Postil with pip"):
        formats.importer("flattened")


@pytest.mark.parametrize(
    "statement",
    [
        "import annotations.formats as formats",
        "import annotations.formats as formats; formats.importers(); formats.exporters()",
    ],
)
def test_the_registry_loads_no_format_and_no_interface(packages: Path, statement: str) -> None:
    program = (
        f"import sys; sys.path.insert(0, {str(packages)!r}); {statement}; loaded = set(sys.modules);"
        "print(sorted(m for m in loaded if m.split('.')[0] in {'textual', 'rich', 'click', 'tui', 'sqlite_utils', 'charset_normalizer'}"
        " or m.startswith(('annotations.importers', 'annotations.exporters', 'annotations.store'))))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
