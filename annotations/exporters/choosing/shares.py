"""The splits that a data set is divided into: their names and shares."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from annotations.errors import WrongUsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    Shares: TypeAlias = "Sequence[tuple[str, float]]"

EXAMPLE = "train=0.8,dev=0.1,test=0.1"

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
_TAKEN = frozenset(
    {"all", "readme", "report", "manifest", "datapackage", "croissant", "metadata", "con", "prn", "aux", "nul"}
)
"""Names that would be those of other files of a folder, of devices (Windows), or of all splits together (datasets)."""
_CLOSE = 1e-6


def parse_shares(text: str) -> tuple[tuple[str, float], ...]:
    """Read splits as they are typed: `train=0.8,dev=0.1,test=0.1`, or with `80%` for `0.8`.

    Raises:
        WrongUsageError: If it says something else, or what `check_shares` refuses.
    """
    shares = []
    for part in text.split(","):
        name, equals, share = (each.strip() for each in part.partition("="))
        if not equals:
            raise WrongUsageError(f"{part.strip()!r} is no split with its share", f"Write them so: {EXAMPLE}")
        shares.append((name, _number(share)))
    check_shares(shares)
    return tuple(shares)


def check_shares(shares: Shares) -> None:
    """See that splits have names that files can have, each once, and shares that sum to 1.

    Raises:
        WrongUsageError: If not.
    """
    seen: set[str] = set()
    for name, share in shares:
        if not _NAME.fullmatch(name) or name.lower() in _TAKEN:
            raise WrongUsageError(
                f"{name!r} is no name for a split: files are called by it",
                "A name begins with a letter from A to Z, and has letters, digits and _ besides; some are taken: "
                + ", ".join(sorted(_TAKEN)),
            )
        if name.lower() in seen:
            raise WrongUsageError(f"There are two splits named {name}", "Give each a name of its own.")
        seen.add(name.lower())
        if not 0 < share <= 1:
            raise WrongUsageError(
                f"{share:g} is no share for the split {name}", "A share is more than 0 and at most 1: 0.8, or 80%."
            )
    total = sum(share for _, share in shares)
    if abs(total - 1) > _CLOSE:
        raise WrongUsageError(
            f"The shares of the splits sum to {total:.10g}, not to 1", f"Make them so that nothing is left: {EXAMPLE}"
        )


def _number(share: str) -> float:
    """Return what a share says, as a part of 1."""
    number, is_percent = (share[:-1].rstrip(), True) if share.endswith("%") else (share, False)
    if re.fullmatch(r"\d{1,9}(\.\d{1,12})?|\.\d{1,12}", number, re.ASCII) is None:
        raise WrongUsageError(f"{share!r} is no share", "Write 0.8, or 80%.")
    return float(number) / 100 if is_percent else float(number)
