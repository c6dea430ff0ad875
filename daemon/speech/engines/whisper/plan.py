"""How a model is computed, and what to do when the GPU's memory does not suffice. Loads nothing.

smaller batch, halved down to 1 ──► smaller numbers ──► the CPU
"""

from __future__ import annotations

from dataclasses import dataclass, replace

CPU_BATCH_SIZE = 8  # the default of the options: the memory of a CPU is another one, and takes that

SMALLER = {"float32": "int8", "float16": "int8_float16", "bfloat16": "int8_bfloat16"}
"""Smaller numbers that a GPU has which has those: one without float16 has no int8_float16 either."""


@dataclass(frozen=True)
class Plan:
    """`device` is cpu or cuda, `compute_type` one of CTranslate2's, `batch_size` counts chunks of up to 30 s."""

    device: str
    compute_type: str
    batch_size: int


def next_plan(plan: Plan) -> Plan | None:
    """The plan that takes less of the GPU's memory by one step; None where it takes none already."""
    if plan.device != "cuda":
        return None
    if plan.batch_size > 1:
        return replace(plan, batch_size=plan.batch_size // 2)
    if plan.compute_type in SMALLER:
        return replace(plan, compute_type=SMALLER[plan.compute_type])
    return Plan("cpu", "int8", CPU_BATCH_SIZE)


def next_to_load(plan: Plan) -> Plan | None:
    """As `next_plan`, where the model itself does not fit: then no batch is small enough."""
    return next_plan(replace(plan, batch_size=1))


def is_out_of_memory(error: BaseException) -> bool:
    """Whether CTranslate2 says that the memory of the GPU is full."""
    text = str(error).lower()
    full = "out of memory" in text or "cublas_status_alloc_failed" in text
    return full and ("cuda" in text or "cublas" in text)


def told(first: Plan, last: Plan) -> str:
    """A sentence on what was computed otherwise than planned; "" if nothing was."""
    if first == last:
        return ""
    if last.device != first.device:
        return "The GPU's memory did not suffice: recognised on the CPU."
    how = f"in batches of {last.batch_size}" if last.batch_size > 1 else "chunk by chunk"
    numbers = f", with {last.compute_type}" if last.compute_type != first.compute_type else ""
    return f"The GPU's memory did not suffice: recognised {how}{numbers}."
