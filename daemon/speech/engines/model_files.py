"""Models as files: names and folders, what is missing in them, and what an ONNX file says of itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from daemon.errors import AskHuman

METADATA_PROPS = 14  # the field of ONNX's ModelProto that holds pairs of key (1) and value (2)
VARINT, EIGHT_BYTES, LENGTH, FOUR_BYTES = 0, 1, 2, 5  # wire types of Protocol Buffers


def is_name(model: str) -> bool:
    """Whether it is a name at a model hub, as `nemo-parakeet-tdt-0.6b-v3` or `organisation/model`, and no folder."""
    path = Path(model).expanduser()
    if path.exists() or (path.parent != Path() and path.parent.is_dir()):  # then a folder was meant, and mistyped
        return False
    return "/" not in model or (model.count("/") == 1 and not model.startswith((".", "~", "/")))


def found_in(model: str, wanted: Mapping[str, tuple[str, ...]], setting: str) -> dict[str, Path]:
    """The file of each name in `wanted` in the folder `model`: the first of its patterns that there is.

    Raise AskHuman, naming `setting`, if there is no such folder, or a file is missing in it.
    """
    try:
        folder = Path(model).expanduser()
        there = folder.is_dir()
        found = {name: _first(folder, patterns) for name, patterns in wanted.items()}
    except (OSError, RuntimeError) as error:  # no permission to look; a home of nobody
        raise AskHuman(f"the model folder {model} cannot be looked at: {error}") from error
    if not there:
        raise AskHuman(f"there is no model folder {model}: set {setting} to another one")
    missing = [wanted[name][-1] for name, path in found.items() if path is None]
    if missing:
        raise AskHuman(f"in the model folder {model} there is no {' and no '.join(missing)}: set {setting} to another")
    return {name: path for name, path in found.items() if path is not None}


def metadata(path: Path) -> dict[str, str]:
    """The pairs of key and value that an ONNX file carries. Its weights are passed over, not read.

    Raise ValueError if it is no ONNX file, OSError if it cannot be read.
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(0)
        return dict(_pair(entry) for entry in _entries(file, size))


def _first(folder: Path, patterns: tuple[str, ...]) -> Path | None:
    return next((path for one in patterns for path in sorted(folder.glob(one)) if path.is_file()), None)


def _entries(file: BinaryIO, size: int) -> Iterator[bytes]:
    while file.tell() < size:
        field, kind = divmod(_varint(file), 8)
        if field == METADATA_PROPS and kind == LENGTH:
            yield file.read(_within(file, size, _varint(file)))
        elif kind == VARINT:
            _varint(file)
        elif kind in (LENGTH, EIGHT_BYTES, FOUR_BYTES):
            length = {EIGHT_BYTES: 8, FOUR_BYTES: 4}.get(kind)
            file.seek(_within(file, size, _varint(file) if length is None else length), 1)
        else:
            raise ValueError(f"no ONNX file: a field of kind {kind}")


def _within(file: BinaryIO, size: int, length: int) -> int:
    if file.tell() + length > size:
        raise ValueError("no ONNX file, or it is cut off")
    return length


def _varint(file: BinaryIO) -> int:
    value = 0
    for shift in range(0, 70, 7):
        byte = file.read(1)
        if not byte:
            raise ValueError("no ONNX file, or it is cut off")
        value |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:
            return value
    raise ValueError("no ONNX file: a number of more than ten bytes")


def _pair(entry: bytes) -> tuple[str, str]:
    file = BytesIO(entry)
    values = {1: "", 2: ""}
    while file.tell() < len(entry):
        field, _kind = divmod(_varint(file), 8)
        values[field] = file.read(_within(file, len(entry), _varint(file))).decode("utf-8", "replace")
    return values[1], values[2]
