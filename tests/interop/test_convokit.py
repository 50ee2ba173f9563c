"""ConvoKit opens the corpus, each split is one of its own, and everything that was written is in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from annotations.exporters import convokit, jsonl
from annotations.exporters.choosing.options import Context, ExportOptions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from annotations.store.project import Project

REQUIREMENTS = ("convokit==3.0.0", "setuptools==80.9.0")

SCRIPT = """
import json, sys, warnings
from convokit import Corpus

found = {}
for folder in sys.argv[2:]:
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        corpus = Corpus(filename=folder, disable_type_check=False)
    index = {kind: dict(types) for kind, types in corpus.meta_index.indices.items()}
    assert index == {
        kind: json.load(open(folder + "/index.json"))[name + "-index"]
        for kind, name in (("utterance", "utterances"), ("conversation", "conversations"), ("speaker", "speakers"), ("corpus", "overall"))
    }, "ConvoKit sees other types than the index says"
    conversations = {}
    slices = 0
    for conversation in corpus.iter_conversations():
        assert conversation.check_integrity(verbose=False), conversation.id
        order = [utterance.id for utterance in conversation.traverse("preorder")]
        assert conversation.get_root_to_leaf_paths()[0][0].id == order[0] == conversation.id
        assert len(conversation.get_chronological_utterance_list()) == len(order)
        conversations[conversation.meta["thread"]] = order
    for utterance in corpus.iter_utterances():
        assert type(utterance.timestamp) is int
        for annotation in utterance.meta["annotations"]:
            if annotation["scope"] == "span" and not annotation["detached"]:
                assert utterance.text[annotation["start_char"] : annotation["end_char"]] == annotation["quote"]
                slices += 1
    frame = corpus.get_utterances_dataframe()
    assert len(frame) == len(corpus.utterances)
    corpus.dump("again", base_path=sys.argv[1])
    again = Corpus(filename=sys.argv[1] + "/again", disable_type_check=False)
    texts = {utterance.id: utterance.text for utterance in corpus.iter_utterances()}
    assert {utterance.id: utterance.text for utterance in again.iter_utterances()} == texts
    metas = {utterance.id: utterance.meta.to_dict() for utterance in corpus.iter_utterances()}
    assert {utterance.id: utterance.meta.to_dict() for utterance in again.iter_utterances()} == metas
    found[folder.rsplit("/", 1)[-1]] = {
        "conversations": conversations,
        "slices": slices,
        "texts": {utterance.meta["post"] + " " + utterance.conversation_id: utterance.text for utterance in corpus.iter_utterances()},
        "speakers": sorted(corpus.speakers),
        "meta": corpus.meta.to_dict(),
        "thread_labels": {each.meta["thread"]: each.meta["labels"] for each in corpus.iter_conversations()},
        "annotations": sum(len(each.meta["annotations"]) for each in [*corpus.iter_utterances(), *corpus.iter_conversations()]),
    }
print("RESULT" + json.dumps(found))
"""


def opened(run: Callable[..., str], python: Path, home: Path, *folders: Path) -> dict[str, Any]:
    """Return what ConvoKit finds in corpora, by the names of their folders."""
    home.mkdir()
    (line,) = [line for line in run(python, SCRIPT, home, *folders).splitlines() if line.startswith("RESULT")]
    found: dict[str, Any] = json.loads(line.removeprefix("RESULT"))
    return found


@pytest.mark.heavy
def test_a_corpus_has_everything_in_it(
    rich_project: Project, tmp_path: Path, consumer: Callable[..., Path], run: Callable[..., str]
) -> None:
    report = convokit.write(rich_project, tmp_path / "corpus", ExportOptions())
    jsonl.write(rich_project, tmp_path / "all.jsonl", ExportOptions())
    lines = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text(encoding="utf-8").splitlines()]
    found = opened(run, consumer(*REQUIREMENTS), tmp_path / "home", tmp_path / "corpus")["corpus"]
    assert found["conversations"] == {
        key: [f"{key}/{line['post']}" for line in lines if line["thread"] == key]
        for key in dict.fromkeys(line["thread"] for line in lines)
    }
    assert sorted(found["texts"].values()) == sorted(line["text"] for line in lines)
    spans = [span for line in lines for span in line["spans"]]
    assert found["slices"] == sum(not span["detached"] for span in spans) > 20
    fields = ("labels", "spans", "relations", "thread_labels", "thread_relations")
    assert found["annotations"] == sum(len(line[field]) for line in lines for field in fields)
    assert found["speakers"] == sorted({line["author"] or "[unknown]" for line in lines})
    assert found["thread_labels"]["harbour"] == ["heated"]
    assert found["meta"]["codebook"]["labels"][0]["description"]
    assert (report.rows, dict(report.lost)) == (len(lines), {})


@pytest.mark.heavy
def test_each_split_is_a_corpus_and_posts_that_are_left_out_break_no_tree(
    rich_project: Project, tmp_path: Path, consumer: Callable[..., Path], run: Callable[..., str]
) -> None:
    split = (("train", 0.5), ("test", 0.5))
    convokit.write(rich_project, tmp_path / "parts", ExportOptions(split=split, context=Context.ANCESTORS))
    convokit.write(rich_project, tmp_path / "seen", ExportOptions(only_reviewed=True))
    folders = (tmp_path / "parts" / "train", tmp_path / "parts" / "test", tmp_path / "seen")
    found = opened(run, consumer(*REQUIREMENTS), tmp_path / "home", *folders)
    train, test = found["train"]["conversations"], found["test"]["conversations"]
    assert not train.keys() & test.keys()
    assert train.keys() | test.keys() == {"harbour", "tide", "eel", "lock"}
    assert found["train"]["meta"]["split"] == "train"
    assert found["seen"]["conversations"]
