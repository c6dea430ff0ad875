"""Write a file that a person asked for: whole or not at all, and what is in the way is told before the work."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def beside(target: Path) -> Iterator[Path]:
    """A temporary file beside `target`, gone in the end. Raise OSError now, not when all is done, if there is none."""
    if not target.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "there is no such folder", str(target.parent))
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, "there is a folder of that name", str(target))
    temporary = target.with_name(f".{target.name}.part")
    try:
        temporary.touch()
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def write(target: Path, temporary: Path, text: str) -> None:
    """Write the file, whole or not at all."""
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(target)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(target)) from error
