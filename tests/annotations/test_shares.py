from __future__ import annotations

import pytest

from annotations.errors import WrongUsageError
from annotations.exporters.choosing.shares import check_shares, parse_shares


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("train=0.8,dev=0.1,test=0.1", (("train", 0.8), ("dev", 0.1), ("test", 0.1))),
        ("train=80%, test=20 %", (("train", 0.8), ("test", 0.2))),
        ("a=.5,b=50%", (("a", 0.5), ("b", 0.5))),
        ("a=33.3%,b=33.3%,c=33.4%", (("a", 0.333), ("b", 0.333), ("c", 0.334))),
        ("all_of_it=1", (("all_of_it", 1.0),)),
    ],
)
def test_shares_as_they_are_typed(text: str, shares: tuple[tuple[str, float], ...]) -> None:
    found = parse_shares(text)
    assert [name for name, _ in found] == [name for name, _ in shares]
    assert [share for _, share in found] == pytest.approx([share for _, share in shares])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("80/10/10", "no split with its share"),
        ("", "no split with its share"),
        ("train", "no split with its share"),
        ("train=0.8,dev=0.1", "sum to 0.9, not to 1"),
        ("train=80,test=20", "no share for the split train"),
        ("train=0.8,dev=0.3", "sum to 1.1, not to 1"),
        ("train=0.5,Train=0.5", "two splits named Train"),
        ("train=1,test=0", "0 is no share for the split test"),
        ("train=1,test=-0.5", "'-0.5' is no share"),
        ("train=many,test=0.5", "'many' is no share"),
        ("train=1e-1,test=0.9", "'1e-1' is no share"),
        ("train=nan", "'nan' is no share"),
        ("../x=1", "no name for a split"),
        ("=1", "no name for a split"),
        ("8=1", "no name for a split"),
        ("dev set=1", "no name for a split"),
        ("con=1", "no name for a split"),
        ("report=1", "no name for a split"),
        ("all=1", "no name for a split"),
        ("a" * 41 + "=1", "no name for a split"),
    ],
)
def test_what_is_refused(text: str, reason: str) -> None:
    with pytest.raises(WrongUsageError, match=reason):
        parse_shares(text)


def test_shares_that_come_from_elsewhere_are_checked_too() -> None:
    check_shares([("a", 1 / 3), ("b", 1 / 3), ("c", 1 / 3)])
    with pytest.raises(WrongUsageError, match="nan is no share"):
        check_shares([("a", float("nan"))])
