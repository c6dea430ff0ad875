"""The one place that chooses what to compute on.

CTranslate2 opens cuBLAS of CUDA 12 by its name. The extra `gpu` brings it in a wheel, where the system's loader does
not look: loaded beforehand, by its path, it is found.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from daemon.errors import AskHuman


class DeviceName(StrEnum):
    AUTO = "auto"  #: the GPU where what computes sees one, else the CPU
    CPU = "cpu"
    CUDA = "cuda"


@dataclass(frozen=True)
class Device:
    """`name` is cpu or cuda, `compute_type` one of CTranslate2's (see its documentation, "Quantization")."""

    name: str
    compute_type: str


def choose(name: DeviceName, compute_type: str) -> Device:
    """The device to use for a setting. With `auto`, float16 on a GPU and int8 on a CPU: each the fastest there."""
    found = name
    if name is DeviceName.AUTO:
        found = DeviceName.CUDA if gpus() > 0 else DeviceName.CPU
    if found is DeviceName.CUDA:
        _preload_cublas()
    if compute_type != "auto":
        return Device(found.value, compute_type)
    return Device(found.value, "float16" if found is DeviceName.CUDA else "int8")


def for_torch(name: DeviceName) -> str:
    """What torch computes on for a setting; with `auto` a GPU where torch sees one.

    Raise AskHuman if it sees none and one was asked for.
    """
    import torch

    is_seen = torch.cuda.is_available()
    if name is DeviceName.CUDA and not is_seen:
        raise AskHuman('torch sees no GPU: set device to "auto", or install torch for your version of CUDA')
    if name is DeviceName.AUTO:
        return (DeviceName.CUDA if is_seen else DeviceName.CPU).value
    return name.value


def has_gpu() -> bool:
    """Whether NVIDIA's driver sees a GPU; loads none of the libraries that compute."""
    try:
        driver = ctypes.CDLL("libcuda.so.1")
    except OSError:
        return False
    count = ctypes.c_int()
    return driver.cuInit(0) == 0 and driver.cuDeviceGetCount(ctypes.byref(count)) == 0 and count.value > 0


def gpus() -> int:
    """How many GPUs CTranslate2 sees."""
    import ctranslate2

    return int(ctranslate2.get_cuda_device_count())


def has_cublas() -> bool:
    """Whether cuBLAS of CUDA 12 is there: in its wheel, or where the system's loader looks."""
    if cublas_libraries():
        return True
    try:
        ctypes.CDLL("libcublas.so.12")
    except OSError:
        return False
    return True


def _preload_cublas() -> None:
    """Load cuBLAS of CUDA 12 from its wheel, where that is installed."""
    for library in cublas_libraries():
        with contextlib.suppress(OSError):  # then CTranslate2 says what is missing
            ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL)


def cublas_libraries() -> list[Path]:
    """The libraries of the wheel nvidia-cublas-cu12, those first that the others need; none where it is not there."""
    spec = importlib.util.find_spec("nvidia")
    folders = [Path(place) / "cublas" / "lib" for place in (spec.submodule_search_locations or ())] if spec else []
    names = ("libcublasLt.so.12", "libcublas.so.12")
    return [folder / name for folder in folders for name in names if (folder / name).is_file()]
