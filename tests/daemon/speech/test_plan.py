"""What is tried next where the GPU's memory does not suffice."""

import pytest

from daemon.speech.engines.whisper.plan import Plan, is_out_of_memory, next_plan, next_to_load, told

FIRST = Plan("cuda", "float16", 8)


def steps(plan, following=next_plan):
    found = [plan]
    while (plan := following(plan)) is not None:
        found.append(plan)
    return found


def test_first_smaller_batches_then_smaller_numbers_then_the_cpu():
    assert steps(FIRST) == [
        FIRST,
        Plan("cuda", "float16", 4),
        Plan("cuda", "float16", 2),
        Plan("cuda", "float16", 1),
        Plan("cuda", "int8_float16", 1),
        Plan("cpu", "int8", 8),
    ]


def test_a_model_that_does_not_fit_is_not_tried_with_smaller_batches():
    assert steps(FIRST, next_to_load) == [FIRST, Plan("cuda", "int8_float16", 1), Plan("cpu", "int8", 8)]


@pytest.mark.parametrize(
    ("compute_type", "smaller"),
    [("float32", "int8"), ("bfloat16", "int8_bfloat16"), ("int8", None), ("int8_float16", None)],
)
def test_numbers_are_smaller_and_such_as_the_gpu_has(compute_type, smaller):
    expected = Plan("cuda", smaller, 1) if smaller else Plan("cpu", "int8", 8)
    assert next_plan(Plan("cuda", compute_type, 1)) == expected


def test_on_the_cpu_there_is_nothing_smaller():
    assert next_plan(Plan("cpu", "float32", 16)) is None
    assert next_to_load(Plan("cpu", "float32", 16)) is None


def test_batches_that_are_no_power_of_two_come_down_to_one():
    assert [plan.batch_size for plan in steps(Plan("cuda", "int8", 11))] == [11, 5, 2, 1, 8]


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("CUDA failed with error out of memory", True),
        ("CUDA out of memory: tried to allocate 2 GB", True),
        ("cuBLAS failed with status CUBLAS_STATUS_ALLOC_FAILED", True),
        ("CUDA failed with error an illegal memory access was encountered", False),
        ("Library libcublas.so.12 is not found or cannot be loaded", False),
        ("out of memory", False),
    ],
)
def test_a_full_memory_of_the_gpu_is_known_by_what_ctranslate2_says(text, full):
    assert is_out_of_memory(RuntimeError(text)) is full


@pytest.mark.parametrize(
    ("last", "sentence"),
    [
        (FIRST, ""),
        (Plan("cuda", "float16", 2), "recognised in batches of 2."),
        (Plan("cuda", "float16", 1), "recognised chunk by chunk."),
        (Plan("cuda", "int8_float16", 1), "recognised chunk by chunk, with int8_float16."),
        (Plan("cpu", "int8", 8), "recognised on the CPU."),
    ],
)
def test_what_was_done_is_a_sentence(last, sentence):
    assert told(FIRST, last) == (f"The GPU's memory did not suffice: {sentence}" if sentence else "")
