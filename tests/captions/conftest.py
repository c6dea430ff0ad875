"""Fixtures of the tests of `captions`."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from captions.profiles import Profile, find

DATA = Path(__file__).parent / "data"


@pytest.fixture
def netflix() -> Profile:
    return find("netflix")


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compare a text with a file of `data`; `REGOLDEN=1 pytest tests/captions` writes it, a person reads the diff."""

    def compare(name: str, text: str) -> None:
        file = DATA / name
        if os.environ.get("REGOLDEN"):
            file.write_text(text, encoding="utf-8")
        assert text == file.read_text(encoding="utf-8")

    return compare
