"""`postil import --as`: what is merely like a thread is told, and the analyst says whose later state it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.tui.commands.conftest import Trial

OLD = [{"author": f"A{number}", "text": f"Comment {number} says enough"} for number in range(6)]
NEW = [{"author": "B", "text": "One more before all others"}, *OLD]


def lines(rows: list[dict[str, str]]) -> str:
    return "".join(f"{json.dumps({**row, 'title': 'Fog'})}\n" for row in rows)


def test_a_later_state_under_another_name_is_told_and_taken_where_it_is_said(trial: Trial) -> None:
    trial.write("fog.txt", flattened(OLD))
    trial.write("mist.txt", flattened(NEW))
    trial.done("import", "fog.txt")
    trial.done("annotate", "fog", "2", "agree", "--annotator", "Ada")
    told = trial.done("import", "mist.txt")
    assert "looks like fog (“The fog”): 100% of the comments of the smaller one are in both" in told
    assert "import it once more with --as fog" in told
    (again,) = trial.objects("import", "mist.txt", "--as", "fog")
    assert (again["thread"], again["status"], again["changes"]["added"]) == ("fog", "revised", 1)
    shown = json.loads(trial.done("show", "fog", "--json"))
    assert [post["text"] for post in shown if post["labels"]] == ["Comment 1 says enough"]
    (third,) = trial.objects("import", "mist.txt")
    assert (third["thread"], third["status"], third["looks_like"]) == ("fog", "unchanged", None)


def flattened(rows: list[dict[str, str]]) -> str:
    comments = "".join(f"  • {row['author']}\n\n    {row['text']}\n\n" for row in rows)
    return f"The fog\n\nThe fog of the harbour is thick.\n\n{comments}"


def test_a_page_saved_again_is_known_by_its_address(trial: Trial) -> None:
    page = (Path(__file__).parents[3] / "sample_data/pages/wordpress.html").read_text(encoding="utf-8")
    trial.write("page.html", page)
    trial.write("page (1).html", page.replace("<p>", "<p>In the end: ", 1))
    trial.done("import", "page.html")
    told = trial.done("import", "page (1).html")
    assert told.startswith("page: Council votes for the harbour tunnel\n  revised: 6 comments")
    assert "known again by its address or its ids: it came from" in told
    (before,) = trial.objects("import", "page.html")
    assert (before["status"], before["is_left"]) == ("unchanged", True)
    assert "left as it is" in trial.done("import", "page.html")


def test_only_one_thread_can_be_another_state(trial: Trial) -> None:
    trial.write("fog.txt", flattened(OLD))
    trial.done("import", "fog.txt")
    rows = [{**row, "thread": name} for name in "ab" for row in OLD]
    trial.write("two.jsonl", lines(rows))
    (trial.folder / "all").mkdir()
    trial.write("all/fog.txt", flattened(NEW))
    assert "cannot all be one thread" in trial.refused("import", "fog.txt", "two.jsonl", "--as", "fog", code=2)
    assert "cannot all be a state of one" in trial.refused("import", "two.jsonl", "--as", "fog", code=1)
    assert "cannot all be a state of one" in trial.refused("import", "all", "--as", "fog", code=1)
    assert "has no thread 'mist'" in trial.refused("import", "fog.txt", "--as", "mist", code=1)
    assert trial.done("threads").count("\n") == 2
