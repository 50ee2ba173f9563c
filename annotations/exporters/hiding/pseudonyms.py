"""Names that stand for people's names: keyed hashes, the same for a name wherever it stands, and of no use without the key.

A pseudonym is `author-` and 16 hexadecimal digits of BLAKE2b (RFC 7693) under a secret key of 32 bytes. Whoever has the key can tell
whether a name belongs to a pseudonym; nobody else can. That two of a million names get the same one has a chance of 1 in 37 million
(64 bits, the birthday bound). Letter case and a sign before a name ("@", "u/") do not count.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

from annotations.errors import ExportError
from annotations.exporters.hiding.nobody import is_somebody, same_name

if TYPE_CHECKING:
    from pathlib import Path

PREFIX = "author-"
_MADE = re.compile(rf"{PREFIX}[0-9a-f]{{16}}")
_KEY_BYTES = 32
_DIGEST_BYTES = 8
_KNOWN = 10_000
"""Names whose pseudonyms are remembered."""


class Pseudonyms:
    """Makes pseudonyms.

    Args:
        key: The secret key, 32 bytes.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.of_name = lru_cache(_KNOWN)(self._of_name)
        """Returns the pseudonym of a name."""

    def of_author(self, author: str | None) -> str | None:
        """Return what stands for an author; None and what is nobody's name ("[deleted]") stay."""
        return self.of_name(author) if author is not None and is_somebody(author) else author

    def _of_name(self, name: str) -> str:
        if _MADE.fullmatch(name):
            return name
        signs = same_name(name).encode("utf-8", "surrogatepass")
        return PREFIX + blake2b(signs, key=self._key, digest_size=_DIGEST_BYTES).hexdigest()


def load_key(path: Path) -> tuple[bytes, str]:
    """Return the key in a file, and a warning about the file or ""; a new key is put there if there is no file.

    Raises:
        ExportError: If the file cannot be read or made, or holds something else.
    """
    try:
        if not path.exists():
            _make_key(path)
        text = path.read_text(encoding="ascii").strip()
        key = bytes.fromhex(text)
        mode = path.stat().st_mode
    except OSError as error:
        raise ExportError(
            f"The key of the pseudonyms, {path}, cannot be read or made: {error.strerror or error}",
            "Name another file with --pseudonym-key.",
        ) from error
    except ValueError:
        key, mode = b"", 0
    if len(key) != _KEY_BYTES:
        raise ExportError(
            f"{path} is no key of pseudonyms: it should hold {2 * _KEY_BYTES} hexadecimal digits",
            "Name another file with --pseudonym-key; where there is none, a new key is made.",
        )
    is_open = os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO)
    return key, f"Others can read the key of the pseudonyms, {path}" if is_open else ""


def _make_key(path: Path) -> None:
    """Put a new random key into a file that only its owner can read, whole or not at all."""
    part = path.with_name(f".postil-{secrets.token_hex(6)}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(_KEY_BYTES) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(part, path)  # it fails where another export has made one meanwhile: then that one is the key
        except FileExistsError:
            return
        except OSError:  # the file system has no links
            if not path.exists():
                part.rename(path)
    finally:
        part.unlink(missing_ok=True)
