"""What there is to compute on: each machine is a process with an environment and a search path of its own."""

import _ctypes
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from daemon.speech import device
from daemon.speech.device import Device, DeviceName

ROOT = Path(device.__file__).parents[2]
LIBRARIES = ("libcublasLt.so.12", "libcublas.so.12")
SCRIPT = (
    "import json; from daemon.speech import device;"
    "print(json.dumps([device.has_cublas(), [str(path) for path in device.cublas_libraries()]]))"
)


def looks(system, *wheels):
    """Whether cuBLAS is there, and its libraries, for a loader that looks in `system` and a Python with `wheels`."""
    environment = {
        **os.environ,
        "LD_LIBRARY_PATH": str(system),
        "PYTHONPATH": os.pathsep.join(map(str, (ROOT, *wheels))),
    }
    command = [sys.executable, "-S", "-c", SCRIPT]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=system, check=True)
    return json.loads(done.stdout)


@pytest.fixture
def system(tmp_path):
    """A folder of the system's loader whose cuBLAS is broken: the loader looks no further."""
    folder = tmp_path / "system"
    folder.mkdir()
    (folder / "libcublas.so.12").write_text("nonsense")
    return folder


def wheel(folder, *names):
    """The folder of packages that a wheel nvidia-cublas-cu12 with these libraries was unpacked into."""
    libraries = folder / "nvidia" / "cublas" / "lib"
    libraries.mkdir(parents=True)
    for name in names:
        (libraries / name).write_text("nonsense")
    return folder


def test_without_a_gpu_the_cpu_is_chosen():
    script = "from daemon.speech.device import *; print(gpus(), choose(DeviceName.AUTO, 'auto').name)"
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": ""}  # which is read once, when the first GPU is looked for
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "cpu"]


def test_a_cublas_that_cannot_be_loaded_is_not_there(system):
    assert looks(system) == [False, []]


def test_a_cublas_where_the_loader_of_the_system_looks_is_there(system):
    shutil.copy(_ctypes.__file__, system / "libcublas.so.12")  # any library that loads
    assert looks(system) == [True, []]


def test_a_cublas_in_its_wheel_is_there_and_the_library_that_the_other_needs_comes_first(system, tmp_path):
    packages = wheel(tmp_path / "packages", *LIBRARIES)
    assert looks(system, packages) == [True, [f"{packages}/nvidia/cublas/lib/{name}" for name in LIBRARIES]]


def test_the_wheel_is_found_beside_other_wheels_of_nvidia(system, tmp_path):
    """They share the folder `nvidia`, which may be there in more than one place."""
    other = tmp_path / "other"
    (other / "nvidia" / "cudnn" / "lib").mkdir(parents=True)
    packages = wheel(tmp_path / "packages", *LIBRARIES)
    assert looks(system, other, packages) == looks(system, packages)
    assert looks(system, other) == [False, []]


def test_a_cublas_of_another_version_of_cuda_is_none(system, tmp_path):
    assert looks(system, wheel(tmp_path / "packages", "libcublas.so.13", "libcublasLt.so.13")) == [False, []]


@pytest.mark.parametrize(
    ("name", "compute_type", "chosen"),
    [
        (DeviceName.CPU, "auto", Device("cpu", "int8")),
        (DeviceName.CUDA, "auto", Device("cuda", "float16")),
        (DeviceName.CPU, "float32", Device("cpu", "float32")),
        (DeviceName.CUDA, "int8_float16", Device("cuda", "int8_float16")),
    ],
)
def test_what_is_asked_for_is_chosen_with_the_fastest_numbers_there(name, compute_type, chosen):
    assert device.choose(name, compute_type) == chosen


def test_libraries_that_do_not_load_are_for_ctranslate2_to_tell_of(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(wheel(tmp_path, *LIBRARIES))
    assert len(device.cublas_libraries()) >= len(LIBRARIES)
    assert device.choose(DeviceName.CUDA, "auto") == Device("cuda", "float16")
