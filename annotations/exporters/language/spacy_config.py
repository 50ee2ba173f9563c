"""The base of a configuration for `spacy train`, and how it is used; source: spacy.io/usage/training."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections import Counter

_COVERED = 0.95
_LONGEST = 24
"""Tokens of the longest spans that the trained model looks at: the candidates are as many as the text's tokens times this."""

_HEAD = """\
# A base: complete it with  python -m spacy init fill-config base_config.cfg config.cfg

[paths]
train = "{train}"
dev = "{dev}"

[system]
seed = 0

[nlp]
lang = "{language}"
pipeline = [{pipeline}]
batch_size = 256

[components]
"""

_SPANCAT = """
[components.tok2vec]
factory = "tok2vec"

[components.tok2vec.model]
@architectures = "spacy.HashEmbedCNN.v2"
pretrained_vectors = null
width = 96
depth = 4
embed_size = 2000
window_size = 1
maxout_pieces = 3
subword_features = true

[components.spancat]
factory = "spancat"
spans_key = "sc"
threshold = 0.5

[components.spancat.model]
@architectures = "spacy.SpanCategorizer.v1"

[components.spancat.model.reducer]
@layers = "spacy.mean_max_reducer.v1"
hidden_size = 128

[components.spancat.model.scorer]
@layers = "spacy.LinearLogistic.v1"
nO = null
nI = null

[components.spancat.model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = ${{components.tok2vec.model.width}}

[components.spancat.suggester]
@misc = "spacy.ngram_range_suggester.v1"
min_size = 1
max_size = {longest}
"""

_TEXTCAT = """
[components.textcat_multilabel]
factory = "textcat_multilabel"
threshold = 0.5
"""

_CORPORA = """
[corpora]

[corpora.train]
@readers = "spacy.Corpus.v1"
path = ${paths.train}
max_length = 0

[corpora.dev]
@readers = "spacy.Corpus.v1"
path = ${paths.dev}
max_length = 0

[training]
train_corpus = "corpora.train"
dev_corpus = "corpora.dev"
seed = ${system.seed}
"""


def base_config(language: str, lengths: Counter[int], places: tuple[str, ...], *, has_cats: bool) -> str:
    """Return the base of a configuration; "" where there is nothing to train.

    Args:
        language: As spaCy calls it.
        lengths: How many spans have how many tokens.
        places: The folders of the splits.
        has_cats: Whether posts have labels.
    """
    pipeline = ['"tok2vec"', '"spancat"'] if lengths else []
    pipeline += ['"textcat_multilabel"'] if has_cats else []
    if not pipeline:
        return ""
    train, dev = _places(places)
    head = _HEAD.format(train=train, dev=dev, language=language, pipeline=", ".join(pipeline))
    spancat = _SPANCAT.format(longest=_longest(lengths)) if lengths else ""
    return head + spancat + (_TEXTCAT if has_cats else "") + _CORPORA


def use(language: str, lengths: Counter[int], places: tuple[str, ...], *, has_config: bool) -> str:
    """Return how to load the data set and train with it, as Markdown."""
    train, dev = _places(places)
    longer = sum(number for length, number in lengths.items() if length > _longest(lengths))
    parts = [
        f"""\
A post is a `Doc`; it was tokenized with `spacy.blank("{language}")`. The files of a split lie in a folder, which spaCy reads as it reads
one file.

```python
from pathlib import Path

import spacy
from spacy.tokens import DocBin

nlp = spacy.blank("{language}")
for path in sorted(Path("{train}").glob("*.spacy")):
    for doc in DocBin().from_disk(path).get_docs(nlp.vocab):
        print(doc.user_data["postil"]["post"], doc.cats, [(span.label_, span.text) for span in doc.spans["sc"]])
```

`doc.spans["sc"]` has the spans of all annotators, `doc.spans["sc:NAME"]` those of one; `span.id_` names the annotation, whose exact
offsets, attributes and notes are in `doc.user_data["postil"]["spans"]`. A span whose edge was within a token is widened to whole tokens:
`report.json` lists those. `doc.cats` is empty where nobody has labeled or reviewed a post; trainers take that for unknown.
Spans know no such thing: a post that nobody has looked at counts as one without any, so export with `--only-reviewed` to train on spans.
"""
    ]
    if has_config:
        note = (
            ""
            if train != dev
            else f"\nThere are no splits: `{train}` stands for both, which is good for a try alone.\n"
        )
        size = (
            f"\nThe model looks at spans of up to {_longest(lengths)} tokens; {longer} are longer. "
            "For more, raise `max_size` in the configuration; it costs memory.\n"
            if longer
            else ""
        )
        parts.append(
            f"""\
Training:

```sh
python -m spacy init fill-config base_config.cfg config.cfg
python -m spacy debug data config.cfg
python -m spacy train config.cfg --output model
```
{note}{size}"""
        )
    return "\n".join(parts)


def _places(places: tuple[str, ...]) -> tuple[str, str]:
    """Return the folders to train from and to look at meanwhile."""
    train = "train" if "train" in places else places[0]
    others = [place for place in places if place != train]
    dev = next((place for place in others if place in {"dev", "validation", "val", "valid"}), (others or [train])[0])
    return train, dev


def _longest(lengths: Counter[int]) -> int:
    """Return the length up to which nearly all spans go, as far as a model can look at that."""
    wanted, seen = _COVERED * sum(lengths.values()), 0
    for length in sorted(lengths):
        seen += lengths[length]
        if seen >= wanted or length >= _LONGEST:
            return min(length, _LONGEST)
    return 1
