"""The YAML at the head of a card, as Hugging Face reads it (huggingface.co/docs/hub/datasets-cards, specification in hub-docs)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from annotations.exporters.describing.markdown import yaml_text
from annotations.model import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.exporters.writing.folder import DatasetFile, Folder

_KEY = re.compile(r"^([A-Za-z_]+):", re.MULTILINE)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?=-|$)")
_SPLIT = re.compile(r"\w+(\.\w+)*")

_LICENCES = """
apache-2.0 mit openrail bigscience-openrail-m creativeml-openrail-m afl-3.0 artistic-2.0 bsl-1.0 bsd bsd-2-clause
bsd-3-clause bsd-3-clause-clear c-uda cc cc0-1.0 cc-by-2.0 cc-by-2.5 cc-by-3.0 cc-by-4.0 cc-by-sa-3.0 cc-by-sa-4.0
cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0 cc-by-nd-4.0 cc-by-nc-nd-3.0 cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 cc-by-nc-sa-3.0
cc-by-nc-sa-4.0 cdla-sharing-1.0 cdla-permissive-1.0 cdla-permissive-2.0 wtfpl ecl-2.0 epl-1.0 epl-2.0 etalab-2.0
eupl-1.1 eupl-1.2 agpl-3.0 gfdl gpl gpl-2.0 gpl-3.0 lgpl lgpl-2.1 lgpl-3.0 isc mpl-2.0 odc-by odbl ofl-1.1 pddl
unlicense zlib
"""
"""What Hugging Face calls licences (huggingface.co/docs/hub/repositories-licenses); any other one is `other`."""

_SIZES = (
    (10**3, "n<1K"),
    (10**4, "1K<n<10K"),
    (10**5, "10K<n<100K"),
    (10**6, "100K<n<1M"),
    (10**7, "1M<n<10M"),
    (10**8, "10M<n<100M"),
)
_PARQUET = "application/vnd.apache.parquet"


def card_head(folder: Folder) -> str:
    """Return the head's lines: the exporter's own, and what it does not say."""
    own = folder.card_head.strip()
    taken = set(_KEY.findall(own))
    lines = [line for key, told in _fields(folder) if key not in taken for line in told]
    return "".join(f"{line}\n" for line in [*lines, *own.splitlines()])


def _fields(folder: Folder) -> Iterator[tuple[str, list[str]]]:
    codebook = folder.selection.codebook
    yield "pretty_name", [f"pretty_name: {yaml_text(folder.name)}"]
    language = _LANGUAGE.match(codebook.language.lower())
    if language:
        yield "language", ["language:", f"- {yaml_text(language[0])}"]
    yield "license", _licence(folder.selection.options.licence)
    size = next((size for most, size in _SIZES if folder.tally.rows < most), "100M<n<1B")
    yield "size_categories", ["size_categories:", f"- {size}"]
    scopes = {label.scope for label in codebook.labels}
    tasks = [
        task
        for scope, task in ((Scope.POST, "text-classification"), (Scope.SPAN, "token-classification"))
        if scope in scopes
    ]
    if tasks:
        yield "task_categories", ["task_categories:", *(f"- {task}" for task in tasks)]
    yield "tags", ["tags:", "- postil", "- annotation", "- discussion", "- comments"]
    configs = _configs(folder.files)
    if configs:
        yield "configs", configs


def _licence(licence: str) -> list[str]:
    if not licence:
        return ["license: unknown"]
    if licence.lower() in _LICENCES.split():
        return [f"license: {licence.lower()}"]
    return ["license: other", f"license_name: {yaml_text(licence)}"]


def _configs(files: tuple[DatasetFile, ...]) -> list[str]:
    """Return which table is in which files, so that the folder is loaded as it stands.

    Of Parquet alone: what other files hold Hugging Face guesses from file to file, which does not always agree. Nor does it load a
    file without rows.
    """
    tables = [file for file in files if file.table is not None and file.media_type == _PARQUET and file.rows]
    if not all(_SPLIT.fullmatch(file.split) or not file.split for file in tables):
        return []
    lines = ["configs:"] if tables else []
    for name in dict.fromkeys(file.table.name for file in tables if file.table):
        lines += [f"- config_name: {yaml_text(name)}", "  data_files:"]
        for file in tables:
            if file.table and file.table.name == name:
                lines += [f"  - split: {yaml_text(file.split or 'train')}", f"    path: {yaml_text(file.name)}"]
    return lines
