"""A program that labels at random until it is killed, for `test_several_processes`.

It says each step on standard output as soon as the session has returned, in the form `action label post`; what it said
is on disk, whatever happens to it next.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from annotations.errors import RuleError
from annotations.model import Target
from annotations.session import LabelingSession
from annotations.store.codebooks import codebook_in_force
from annotations.store.project import Project

if TYPE_CHECKING:
    from annotations.store.writing import Change


def main(path: str, annotator: str, seed: str, steps: str) -> None:
    """Label comments of the first thread with labels that exclude each other, take some of it back, review."""
    chance = random.Random(seed)  # noqa: S311  # repeatable, not secret
    with Project.open(Path(path)) as project:
        session = LabelingSession(project, project.annotator(annotator), codebook_in_force(project))
        posts = [row[0] for row in project.connection.execute("SELECT id FROM posts WHERE position > 0")]
        for number in range(int(steps)):
            post, label = chance.choice(posts), chance.choice(("agree", "disagree", "asks", "sarcasm"))
            action = chance.choices(("toggle", "undo", "redo", "review"), (8, 2, 1, 2))[0]
            change: Change | None = None
            try:
                if action == "toggle":
                    change = session.toggle(label, Target(thread_id=1, post_id=post))
                elif action == "undo":
                    change = session.undo()
                elif action == "redo":
                    change = session.redo()
                else:
                    change = session.toggle_review(post)
            except RuleError:  # the other process of this annotator was faster: what was done no longer stands
                pass
            added = " ".join(f"{one.label}:{one.target.post_id}" for one in change.added) if change else ""
            sys.stdout.write(f"{number} {action} {int(change is not None)} {added}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
