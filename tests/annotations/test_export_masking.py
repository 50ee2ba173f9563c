"""What is told of posts with pseudonyms for names, and without links, addresses and numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.errors import ExportError
from annotations.exporters import csv, jsonl
from annotations.exporters.choosing.losing import Losing
from annotations.exporters.choosing.options import Context, ExportOptions
from annotations.exporters.choosing.selecting import select
from annotations.exporters.hiding.masking import Masking
from annotations.exporters.hiding.pseudonyms import Pseudonyms, load_key
from annotations.exporters.writing.report import Tally
from annotations.model import Post, PostKind, Target, Thread
from annotations.span import Span
from annotations.store.threads import find_thread, save_thread
from tests.annotations.told_posts import ARTICLE, REPLY, save_names, told, told_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.annotations.conftest import Desk

PSEUDONYM = re.compile(r"author-[0-9a-f]{16}")


class TestPseudonyms:
    def test_names_are_replaced_and_places_moved(self, desk: Desk, tmp_path: Path) -> None:
        thread_id, posts = save_names(desk.project)
        ada = desk.session()
        article, reply = posts["0"], posts["https://mas.to/@cyd/1"]

        def words(post_id: int, text: str, said: str) -> Target:
            start = text.index(said)
            return Target(thread_id=thread_id, post_id=post_id, span=Span(start, start + len(said)))

        (asked,) = ada.apply("claim", words(article, ARTICLE, "Ask @Ada Bond"), note="like @cyd").added
        ada.apply("term", words(article, ARTICLE, "Bond or"))
        ada.apply("term", words(article, ARTICLE, "020 7946 0958"))
        (knows,) = ada.apply(
            "claim", words(reply, REPLY, "@Cyd knows. 👩‍👩‍👧"), attributes={"source": "u/cyd said"}
        ).added
        ada.apply(
            "rebuts",
            Target(
                thread_id=thread_id,
                post_id=reply,
                from_annotation=knows.id,
                to_post_id=article,
                to_annotation=asked.id,
            ),
        )
        ada.note(reply, "@Cyd?")
        selection = select(desk.project, ExportOptions(thread="names", pseudonymize=tmp_path / "key"))
        found = told_of(selection, desk)
        pseudonyms = Pseudonyms(load_key(tmp_path / "key")[0])
        bond, cyd = pseudonyms.of_name("Ada Bond"), pseudonyms.of_name("Cyd")
        head, answer, last = found
        assert [post.post.author for post in found] == [bond, cyd, "[deleted]"]
        assert head.thread.title == f"Where is the key, @{bond}?"
        assert head.post.text.startswith(f"Where is the key?\n\nAsk @{bond} or ada@example.org")
        assert answer.post.text.startswith(f"@{pseudonyms.of_name('ada')} bond: no! @{cyd} knows.")
        assert last.post.text == f"Who is u/{cyd}?"
        assert (answer.post.key, last.post.parent) == (f"https://mas.to/@{cyd}/1",) * 2
        assert [each.quote.exact for each in head.annotations if each.quote] == [
            f"Ask @{bond}",
            f"{bond} or",
            "020 7946 0958",
        ]
        assert head.annotations[0].note == f"like @{cyd}"
        for post in found:
            for each in post.annotations:
                if each.quote is not None and each.target.span is not None:
                    span = each.target.span
                    assert post.post.text[span.start : span.end] == each.quote.exact
                    assert post.post.text[: span.start].endswith(each.quote.prefix)
        claim, relation = answer.annotations[1], answer.annotations[0]
        if claim.target.span is None:
            claim, relation = relation, claim
        assert claim.attributes == {"source": f"u/{cyd} said"}
        assert answer.notes[0].note == f"@{cyd}?"
        start, end = (answer.ends[row or 0] for row in (relation.target.from_annotation, relation.target.to_annotation))
        assert (start.exact, end.exact) == (f"@{cyd} knows. 👩‍👩‍👧", f"Ask @{bond}")
        assert end.span == head.annotations[0].target.span
        assert answer.post_keys == {article: "0"}
        lost = selection.tally.lost
        assert lost["spans widened to the whole of a pseudonym or of what was redacted"] == 1
        assert lost["fields of the source's metadata, which may name people"] == 5
        assert lost["addresses of threads, which name people"] == 1
        assert (head.thread.url, head.thread.meta, head.post.meta, answer.post.meta) == (None, {}, {}, {})

    def test_no_name_is_left_in_the_files(self, desk: Desk, tmp_path: Path) -> None:
        _, posts = save_names(desk.project)
        thread_id = find_thread(desk.project, "names").id
        desk.session("Zoe").apply("funny", Target(thread_id=thread_id, post_id=posts["https://mas.to/@cyd/1"]))
        options = ExportOptions(
            thread="names", pseudonymize=tmp_path / "key", redact=True, context=Context.ANCESTORS, only_reviewed=False
        )
        jsonl.write(desk.project, tmp_path / "names.jsonl", options)
        csv.write(desk.project, tmp_path / "names.csv", options)
        for file in ("names.jsonl", "names.csv"):
            written = (tmp_path / file).read_text(encoding="utf-8")
            assert not re.search(r"cyd|ada bond:? (?!no)|example|7946", written, re.IGNORECASE), file
            assert PSEUDONYM.search(written)
            assert "Zoe" in written

    def test_the_key_is_made_once_and_names_go_by_it(self, desk: Desk, tmp_path: Path) -> None:
        save_names(desk.project)
        key = tmp_path / "key"
        first = told(desk, thread="names", pseudonymize=key)
        assert re.fullmatch(r"[0-9a-f]{64}\n", key.read_text())
        assert key.stat().st_mode & 0o777 == 0o600
        assert told(desk, thread="names", pseudonymize=key) == first
        other = told(desk, thread="names", pseudonymize=tmp_path / "other")
        assert other[0].post.author != first[0].post.author

    def test_letter_case_and_signs_do_not_count_and_nobody_has_no_pseudonym(self) -> None:
        pseudonyms = Pseudonyms(bytes(32))
        names = ("Ada", "ada", "@ADA", "u/ada", "/u/Ada", " Ada ")
        assert len({pseudonyms.of_author(name) for name in names}) == 1
        assert pseudonyms.of_author("Ada") != pseudonyms.of_author("Adá")
        assert [pseudonyms.of_author(name) for name in (None, "[deleted]", "Anonymous", "")] == [
            None,
            "[deleted]",
            "Anonymous",
            "",
        ]
        once = pseudonyms.of_name("Ada")
        assert once == "author-" + PSEUDONYM.fullmatch(once)[0][7:]  # type: ignore[index]  # it is one
        assert pseudonyms.of_name(once) == once

    @pytest.mark.parametrize("content", ["", "secret", "ab" * 31, "é" * 64])
    def test_a_file_that_is_no_key_is_refused(self, tmp_path: Path, content: str) -> None:
        (tmp_path / "key").write_text(content, encoding="utf-8")
        with pytest.raises(ExportError, match="is no key of pseudonyms"):
            load_key(tmp_path / "key")
        assert (tmp_path / "key").read_text(encoding="utf-8") == content

    def test_a_key_that_cannot_be_made_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(ExportError, match="cannot be read or made"):
            load_key(tmp_path / "no" / "key")

    def test_a_key_that_others_can_read_is_told(self, desk: Desk, tmp_path: Path) -> None:
        key = tmp_path / "key"
        key.write_text("ab" * 32)
        key.chmod(0o644)
        selection = select(desk.project, ExportOptions(pseudonymize=key))
        assert f"Others can read the key of the pseudonyms, {key}" in selection.tally.warnings

    def test_the_key_never_lies_in_the_data_set(self, desk: Desk, tmp_path: Path) -> None:
        split = (("a", 0.5), ("b", 0.5))
        for key in (tmp_path / "out" / "key", tmp_path / "out" / "deep" / "key", tmp_path / "out"):
            with pytest.raises(ExportError, match="would lie inside the data set"):
                jsonl.write(desk.project, tmp_path / "out", ExportOptions(split=split, pseudonymize=key))
        with pytest.raises(ExportError, match="would lie inside the data set"):
            jsonl.write(desk.project, tmp_path / "out", ExportOptions(pseudonymize=tmp_path / "out"))
        assert not (tmp_path / "out").exists()


PIECES = st.sampled_from(
    [
        "@pikeperch",
        "u/eel",
        "@Ada",
        "ada@x.org",
        "https://x.org/@ada",
        "+44 20 7946 0958",
        "`@x`",
        "🌊",
        "e\u0301",
        "a",
        ".",
        "\n",
    ]
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data(), st.lists(st.tuples(PIECES, st.sampled_from([" ", ", ", "\n"])), min_size=1, max_size=12))
def test_masked_spans_say_what_they_said_but_for_what_was_masked(
    desk: Desk, data: st.DataObject, pieces: list[tuple[str, str]]
) -> None:
    text = "".join(part for piece in pieces for part in piece)
    masking = Masking(desk.project, Losing(Tally()), Pseudonyms(bytes(32)), is_redacted=True)
    rewriting = masking.rewrite(desk.thread_id, text)
    assert not re.search(r"pikeperch|@eel|x\.org|7946", rewriting.text)
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    moved, is_widened = rewriting.span(span)
    said = rewriting.text[moved.start : moved.end]
    if not is_widened:
        # Masking the words by themselves may find more in them, or less: what stands around them is gone.
        plain = re.compile(r"author-[0-9a-f]{16}|\[link\]|\[email\]|\[phone\]")
        position = 0
        for part in plain.split(said):
            position = text[span.start : span.end].index(part, position) + len(part)
    assert masking.rewrite(desk.thread_id, rewriting.text).text == rewriting.text


class TestRedacting:
    def test_links_addresses_and_numbers_go_and_names_stay(self, desk: Desk) -> None:
        thread_id, posts = save_names(desk.project)
        start = ARTICLE.index("example.org, see")
        span = Span(start, start + len("example.org, see"))
        desk.session().apply(
            "term", Target(thread_id=thread_id, post_id=posts["0"], span=span), note="mail ada@example.org"
        )
        selection = select(desk.project, ExportOptions(thread="names", redact=True))
        head, answer, _ = told_of(selection, desk)
        assert head.post.text == "Where is the key?\n\nAsk @Ada Bond or [email], see [link] (or ring [phone])."
        assert answer.post.text == "@ada bond: no! @Cyd knows. 👩‍👩‍👧 I wrote to [link] twice."
        (term,) = head.annotations
        assert term.quote is not None
        assert (term.quote.exact, term.note) == ("[email], see", "mail [email]")
        assert answer.post.meta == {"mail": "[email]", "n": [1, "[link]"]}
        assert (head.post.author, head.post.meta) == ("Ada Bond", {"name": "Ada", "n": 1})
        assert selection.tally.lost["spans widened to the whole of a pseudonym or of what was redacted"] == 1

    def test_authors_that_are_addresses_are_told_of(self, desk: Desk) -> None:
        root = Post(key="0", parent=None, kind=PostKind.ARTICLE, text="x", author="ada@example.org")
        thread = Thread(key="mail", title="x", posts=(root,), format="test")
        save_thread(desk.project, thread, location="/mail", source_sha256="mail")
        selection = select(desk.project, ExportOptions(thread="mail", redact=True))
        told_of(selection, desk)
        assert selection.tally.warnings == [
            "Authors that are e-mail addresses are told as they are: --pseudonymize replaces them"
        ]

    def test_both_together_touch_a_name_in_a_link_once(self, desk: Desk, tmp_path: Path) -> None:
        save_names(desk.project)
        head, answer, _ = told(desk, thread="names", redact=True, pseudonymize=tmp_path / "key")
        assert re.fullmatch(
            r"Where is the key\?\n\nAsk @author-\w{16} or \[email\], see \[link\] \(or ring \[phone\]\)\.",
            head.post.text,
        )
        assert re.fullmatch(
            r"@author-\w{16} bond: no! @author-\w{16} knows. 👩‍👩‍👧 I wrote to \[link\] twice\.", answer.post.text
        )

    def test_detached_spans_keep_their_words_masked(self, desk: Desk) -> None:
        article = "Old headline\n\nSee https://example.org/x for more."
        desk.revise(article=article)
        start = article.index("See")
        desk.session().apply("term", desk.span(start, start + 25))
        desk.revise(article="Quite another headline.")
        (term,) = told(desk, thread="tunnel", redact=True)[0].annotations
        assert term.detached
        assert term.quote is not None
        assert term.quote.exact == "See [link]"
