"""The one place that chooses what to compute on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DeviceName(StrEnum):
    AUTO = "auto"  #: the GPU where CTranslate2 sees one, else the CPU
    CPU = "cpu"
    CUDA = "cuda"


@dataclass(frozen=True)
class Device:
    """`name` is cpu or cuda, `compute_type` one of CTranslate2's (see its documentation, "Quantization")."""

    name: str
    compute_type: str


def choose(name: DeviceName, compute_type: str) -> Device:
    """The device to use for a setting. With `auto`, float16 on a GPU and int8 on a CPU: each the fastest there."""
    import ctranslate2

    found = name
    if name is DeviceName.AUTO:
        found = DeviceName.CUDA if ctranslate2.get_cuda_device_count() > 0 else DeviceName.CPU
    if compute_type != "auto":
        return Device(found.value, compute_type)
    return Device(found.value, "float16" if found is DeviceName.CUDA else "int8")
