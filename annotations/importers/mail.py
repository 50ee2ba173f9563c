"""The importer of mail: mailboxes (mbox), maildirs, folders and archives of mails, a single mail.

Each thread of a mailbox is a thread whose article is its first mail. A mailbox is read twice, so that one of any size needs
little memory: once for who answers whom (`mail_threading`), once for what they say. Sources: RFC 5322 and 2045 to 2049;
those of the parts stand in `mail_box`, `mail_header`, `mail_body` and `mail_threading`.
"""

from __future__ import annotations

import hashlib
from pathlib import PurePath
from typing import TYPE_CHECKING

from annotations.errors import SourceError
from annotations.importers.mails.body import read_body
from annotations.importers.mails.box import find_mail_files, is_mail, is_mbox, read_mails
from annotations.importers.mails.header import (
    decode_field,
    find,
    find_answered,
    find_author,
    find_ids,
    split_mail,
    split_subject,
)
from annotations.importers.mails.threading import NONE, Threading
from annotations.importers.reading.ending import with_last_words
from annotations.importers.reading.json_fields import one_line
from annotations.importers.reading.making import ABSENT, ThreadMaker, absent_article, join_headline, make_meta
from annotations.importers.reading.times import from_text
from annotations.model import Post, PostKind
from annotations.sources.cleaning import slug
from annotations.store.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.importers.mails.box import RawMail
    from annotations.importers.mails.header import Fields
    from annotations.model import Thread
    from annotations.sources.source import Source

name = "mail"
title = "Mail: a mailbox (mbox), a maildir, a folder of mails, or a single one"
keeps = "who answers whom, authors, times in UTC, plain text or else HTML, all fields of the header, what is attached by name"
loses = "the contents of attachments, the HTML of mails that have plain text too"

_MBOX, _MAIL, _FOLDER, _SOME = 0.97, 0.92, 0.95, 0.8
_LOOKED_AT = 20
LACKING = "answers a mail that is not in the source"
BY_SUBJECT = "names no mail that it answers: it was placed by its subject"
_IN_MODEL = {"message-id", "subject"}


def sniff(source: Source) -> float:
    """Say how sure it is that the source is mail: from the line in front of a mail, the fields of a header, a folder's names."""
    if not source.is_folder:
        return _MBOX if is_mbox(source.head) else _MAIL if is_mail(source.head) else 0.0
    members = source.members()
    folders = {PurePath(member.relative).parent.name for member in members}
    if {"cur", "new"} <= folders or ("cur" in folders and any(is_mail(member.head) for member in members[:_LOOKED_AT])):
        return _FOLDER
    looked = members[:_LOOKED_AT]
    mails = sum(1 for member in looked if is_mbox(member.head) or is_mail(member.head))
    return _SOME if mails and mails * 2 >= len(looked) else 0.0


def read(source: Source) -> Iterator[Thread]:
    """Yield the threads in the order of their first mails."""
    files, others = find_mail_files(source) if source.is_folder else ([source], 0)
    mailbox = _Mailbox(source, files)
    with source.work.within(0, 0.3):
        mailbox.find_threads()
    with Spool(source.work) as spool:
        with source.work.within(0.3, 1):
            mailbox.fill(spool)
        said = (
            f"{others:,} files were left out: they are no mails."
            if others > 1
            else "1 file was left out: it is no mail."
        )
        yield from with_last_words(mailbox.make_threads(spool), lambda: said if others else "")


class _Mailbox:
    """A mailbox, in two passes."""

    def __init__(self, source: Source, files: list[Source]) -> None:
        self._source = source
        self._files = files
        self._threading = Threading()
        self._seen = bytearray()  # mails and ghosts of which there is a post
        self._begun = bytearray()  # first mails and ghosts whose thread has one
        self._placed: dict[int, int] = {}

    def find_threads(self) -> None:
        """Read who answers whom.

        Raises:
            SourceError: If there is no mail.
        """
        for mail in read_mails(self._source, self._files):
            fields, _ = split_mail(mail.raw)
            references = find_ids(find(fields, "References")) or find_answered(find(fields, "In-Reply-To"))
            subject, is_answer = split_subject(decode_field(find(fields, "Subject")))
            self._threading.add(self._name(mail, fields), references, subject.casefold(), is_answer=is_answer)
        if not self._threading.mails:
            raise SourceError(f"{self._source.shown} holds no mail")
        self._threading.finish()
        self._seen = bytearray(len(self._threading.ids))
        self._begun = bytearray(len(self._threading.ids))

    def fill(self, spool: Spool) -> None:
        """Read what the mails say."""
        for mail in read_mails(self._source, self._files):
            fields, raw = split_mail(mail.raw)
            if not find(fields, "Message-ID"):
                self._source.problems.add("has no Message-ID", mail.where, "it is called after its place")
            number = self._threading.mails[mail.number - 1]
            root = self._threading.root(number)
            post = self._make(mail, fields, raw, number)
            if number == root:
                self._add_article(spool, root, post, mail)
            else:
                if not self._seen[root] and not self._begun[root]:
                    subject = split_subject(str(post.meta.get("subject") or ""))[0]
                    spool.add_thread_fact(str(root), "subject", subject)
                self._add_ghosts(spool, number)
                spool.add(str(root), post)
            self._begun[root] = self._seen[number] = True

    def make_threads(self, spool: Spool) -> Iterator[Thread]:
        """Yield the threads."""
        maker = ThreadMaker(self._source, name)
        is_one = self._threading.threads == 1
        for thread, posts in spool.threads():
            facts = spool.thread_facts(thread)
            root = int(thread)
            headline = str(facts.get("subject") or "") or "(no subject)"
            key = self._key(root)
            article = absent_article(key, headline)
            if isinstance(said := facts.get("article"), dict):
                article = Post(**{**said, "uncertain": tuple(said["uncertain"])}, parent=None, kind=PostKind.ARTICLE)
            mark = hashlib.sha256(key.encode()).hexdigest()[:6]
            placed = self._placed.get(root, 0)
            many = "1 mail names" if placed == 1 else f"{placed:,} mails name"
            yield maker.make(
                article,
                posts,
                key="" if is_one else f"{slug(split_subject(headline)[0]) or 'mail'}-{mark}",
                title=headline,
                warnings=[f"{many} nothing to answer and went here by the subject."] if placed else [],
            )

    def _add_article(self, spool: Spool, root: int, post: Post, mail: RawMail) -> None:
        """Keep the first mail of a thread; of another one with its id what it says more."""
        headline = str(post.meta.get("subject") or "")
        fields = {
            "key": post.key,
            "text": join_headline(headline, post.text),
            "author": post.author,
            "created_at": post.created_at,
            "uncertain": list(post.uncertain),
            "meta": {field: value for field, value in post.meta.items() if field != "subject"},
        }
        if not self._seen[root]:
            spool.add_thread_fact(str(root), "subject", headline)
            spool.add_thread_fact(str(root), "article", fields)
            return
        before = spool.thread_facts(str(root)).get("article")
        if isinstance(before, dict) and all(
            before[field] == fields[field] for field in ("text", "author", "created_at")
        ):
            self._source.problems.add("stands in the mailbox twice, word for word", mail.where, "it was imported once")
        else:
            spool.add(str(root), post)

    def _add_ghosts(self, spool: Spool, number: int) -> None:
        """Put an empty comment where several mails hang on one that is not there."""
        threading = self._threading
        root = threading.root(number)
        ghosts = []
        while (number := threading.parent(number)) not in {NONE, root} and threading.is_ghost(number):
            if self._seen[number]:
                break
            ghosts.append(number)
        for ghost in reversed(ghosts):
            self._seen[ghost] = True
            parent = self._key(threading.parent(ghost))
            meta = {"is_missing": True}
            spool.add(str(root), Post(key=self._key(ghost), parent=parent, uncertain=(ABSENT,), meta=meta))

    def _make(self, mail: RawMail, fields: Fields, raw: bytes, number: int) -> Post:
        """Make a post of a mail."""
        body = read_body(fields, raw)
        for doubt in dict.fromkeys(body.doubts):
            self._source.problems.add(doubt, mail.where, "its text was read as far as it can be")
        shown, address = find_author(find(fields, "From"))
        written = find(fields, "Date")
        created_at = from_text(self._text(decode_field(written)))
        if created_at is None:
            self._source.problems.add("has no date that can be read", mail.where, "it was imported without one")
        parent, answered, uncertain = self._find_parent(fields, number, mail)
        meta = make_meta(
            self._rest(fields),
            markup="html" if body.is_html else "",
            subject=self._text(decode_field(find(fields, "Subject"))),
            address=self._text(address) if shown else "",
            attachments=[{**entry, "name": self._source.clean(str(entry["name"]))} for entry in body.attachments]
            or None,
            envelope=self._text(mail.envelope),
            file=self._text(mail.file),
            parent=answered,
        )
        return Post(
            key=self._key(number),
            parent=parent,
            text=self._source.clean(body.text),
            author=self._text(shown or address) or None,
            created_at=created_at,
            uncertain=uncertain,
            meta=meta,
        )

    def _find_parent(self, fields: Fields, number: int, mail: RawMail) -> tuple[str | None, str, tuple[str, ...]]:
        """Return what a mail answers, what it says that it answers if that is not there, and what is uncertain about it."""
        threading = self._threading
        parent = threading.parent(number)
        key = self._key(parent) if parent != NONE else None
        if number in threading.by_subject:
            root = threading.root(number)
            self._placed[root] = self._placed.get(root, 0) + 1
            return key, "", (BY_SUBJECT,)
        references = find_ids(find(fields, "References")) or find_answered(find(fields, "In-Reply-To"))
        if references:
            answered = self._text(references[-1].decode("utf-8", "replace"))
            if answered not in {key, self._key(number)}:
                done = "it answers the mail above that" if key else "it begins a thread"
                self._source.problems.add(LACKING, mail.where, done)
                return key, answered, (LACKING,)
        return key, "", ()

    def _rest(self, fields: Fields) -> dict[str, object]:
        """Return the header's fields but those that are in the model."""
        rest: dict[str, object] = {}
        for field, value in fields:
            if field.lower() in _IN_MODEL:
                continue
            said = self._text(decode_field(value))
            before = rest.get(field)
            rest[field] = said if before is None else [*(before if isinstance(before, list) else [before]), said]
        return rest

    def _name(self, mail: RawMail, fields: Fields) -> bytes:
        ids = find_ids(find(fields, "Message-ID"))
        return ids[0] if ids else find(fields, "Message-ID") or f"mail-{mail.number}".encode()

    def _key(self, number: int) -> str:
        return self._text(self._threading.ids[number].decode("utf-8", "replace")) or f"mail-{number}"

    def _text(self, text: str) -> str:
        return one_line(text if text.isprintable() else self._source.clean(text))
