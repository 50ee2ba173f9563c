"""Reading a codebook that a command or the configuration names."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from annotations.codebook_toml import parse_codebook
from annotations.errors import CodebookError

if TYPE_CHECKING:
    from annotations.codebook import Codebook

STANDARD_STREAM = Path("-")


def read_codebook_file(file: Path) -> Codebook:
    """Read a codebook from a file or from standard input.

    Raises:
        CodebookError: If it cannot be read, is no text, or has mistakes.
    """
    name = "standard input" if file == STANDARD_STREAM else str(file)
    try:
        raw = sys.stdin.buffer.read() if file == STANDARD_STREAM else file.read_bytes()
        source = raw.decode("utf-8-sig")
    except OSError as error:
        raise CodebookError(f"{name} cannot be read: {error.strerror or error}", hint="Check the path.") from error
    except UnicodeDecodeError as error:
        raise CodebookError(f"{name} is no UTF-8 text", hint="Save it as UTF-8.") from error
    return parse_codebook(source, name)
