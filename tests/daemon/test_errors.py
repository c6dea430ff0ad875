import json

import pytest

from daemon.errors import DaemonError, from_message, to_message
from tests.daemon.misbehaving_child import EXAMPLES


def classes(base=DaemonError):
    """Every class below `base`."""
    return {found for one in base.__subclasses__() for found in {one, *classes(one)}}


def test_there_is_an_example_of_every_class_of_the_tree():
    assert {type(error) for error in EXAMPLES} == classes()


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_an_error_passes_through_json_unchanged(error):
    back = from_message(json.loads(json.dumps(to_message(error))))
    assert type(back) is type(error)
    assert str(back) == str(error)
    assert vars(back) == vars(error)


def test_an_error_of_an_unknown_kind_is_a_bug():
    with pytest.raises(ValueError, match="unknown kind of error 'Later'"):
        from_message({"kind": "Later", "message": "x"})
