import io
import json
import math

import pytest
from rich.console import Console

from bench import report
from bench.report import Bar, Column, Failed, Measurement, Report, run, to_values, verdict, written

SECONDS = Column("seconds", ".2f")


def made(*bars):
    columns = (Column("what"), SECONDS, Column("peer", ".2f"))
    rows = (("talk [1]", Measurement((2.0, 1.0, 4.0)), 1.5), ("start", 0.25, None))
    return Report("Speed", columns, rows, bars, ("Two processors.",))


def measured(*bars):
    return lambda _options: made(*bars)


def ran(measure, *arguments):
    return run(report.parser("what it measures"), measure, arguments)


def shown(what):
    console = Console(file=io.StringIO(), width=report.WIDTH)
    report.show(what, console)
    return console.file.getvalue()


def test_the_median_of_several_stands_with_their_spread():
    taken = Measurement((4.0, 1.0, 2.0))
    assert taken.median == 2.0
    assert taken.spread == (1.0, 4.0)
    assert written(taken, SECONDS) == "2.00 (1.00–4.00)"


def test_the_median_of_an_even_number_lies_between_the_middle_two():
    assert Measurement((1.0, 2.0, 3.0, 10.0)).median == 2.5


def test_a_figure_taken_once_has_no_spread_beside_it():
    assert written(Measurement((2.0,)), SECONDS) == "2.00"


def test_a_figure_that_was_never_taken_is_refused():
    with pytest.raises(ValueError, match="at least one value"):
        Measurement(())


@pytest.mark.parametrize(
    ("cell", "form", "expected"),
    [("word", None, "word"), (None, ".2f", "–"), (3, "d", "3"), (1.234, ".1f", "1.2"), (-0.5, "+.2f", "-0.50")],
)
def test_a_cell_is_written_in_its_columns_form(cell, form, expected):
    assert written(cell, Column("name", form)) == expected


@pytest.mark.parametrize(
    ("bar", "met"),
    [
        (Bar("ratio", 1.05, 1.05), True),
        (Bar("ratio", 1.0501, 1.05), False),
        (Bar("speed", 10, 10, at_least=True), True),
        (Bar("speed", 9.9, 10, at_least=True), False),
        (Bar("ratio", math.nan, 1.05), False),
        (Bar("speed", math.nan, 1.05, at_least=True), False),
    ],
)
def test_a_bar_is_met_up_to_its_limit_itself_and_never_by_what_is_no_number(bar, met):
    assert bar.met is met


def test_a_verdict_says_figure_limit_side_and_outcome():
    assert verdict(Bar("ratio", 1.02, 1.05)) == "ratio 1.02, at most 1.05: met"
    assert verdict(Bar("speed", 9.5, 10, " times", at_least=True)) == "speed 9.5 times, at least 10 times: missed"


def test_a_row_that_does_not_fit_the_columns_is_refused():
    with pytest.raises(ValueError, match="1 cells in a table of 2"):
        Report("Speed", (Column("what"), SECONDS), (("start",),))


def test_the_table_has_every_figure_note_and_verdict_and_takes_no_name_for_markup():
    text = shown(made(Bar("ratio", 1.02, 1.05)))
    for part in ("Speed", "talk [1]", "2.00 (1.00–4.00)", "1.50", "–", "Two processors.", "at most 1.05: met"):
        assert part in text


def test_figures_end_in_one_column():
    lines = shown(Report("Words", (Column("n", "d"),), ((5,), (12345,)))).splitlines()
    ends = {len(line.rstrip()) for line in lines if line.strip().isdigit()}
    assert len(ends) == 1


def test_json_holds_the_same_rows_and_bars():
    values = to_values(made(Bar("ratio", 1.02, 1.05, " times")))
    assert json.loads(json.dumps(values)) == values
    several = {"median": 2.0, "lowest": 1.0, "highest": 4.0, "values": [2.0, 1.0, 4.0]}
    assert values["rows"] == [
        {"what": "talk [1]", "seconds": several, "peer": 1.5},
        {"what": "start", "seconds": 0.25, "peer": None},
    ]
    assert values["bars"] == [
        {"name": "ratio", "value": 1.02, "limit": 1.05, "unit": "times", "at_least": False, "met": True}
    ]
    assert values["met"] is True


def test_json_is_all_that_is_printed_then(capsys):
    assert ran(measured(), "--json") == 0
    assert json.loads(capsys.readouterr().out) == to_values(made())


def test_the_exit_code_is_1_where_one_bar_of_several_is_missed(capsys):
    assert ran(measured(Bar("a", 1, 2), Bar("b", 1, 2))) == 0
    assert ran(measured(Bar("a", 1, 2), Bar("b", 3, 2))) == 1
    assert "b 3, at most 2: missed" in capsys.readouterr().out


def test_the_options_reach_the_measuring():
    seen = []
    ran(lambda options: seen.append(options.quick) or made())
    ran(lambda options: seen.append(options.quick) or made(), "--quick")
    assert seen == [False, True]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Failed("there is no corpus"), "bench: there is no corpus\n"),
        (ModuleNotFoundError("No module named 'jiwer'", name="jiwer"), "the module jiwer is not installed"),
    ],
)
def test_what_cannot_be_measured_is_one_line_and_exit_code_2(capsys, error, said):
    def measure(options):
        raise error

    assert ran(measure) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.err.count("\n") == 1
    assert not printed.out


def test_ctrl_c_ends_a_benchmark_without_a_traceback(capsys):
    def measure(options):
        raise KeyboardInterrupt

    assert ran(measure) == 130
    assert not capsys.readouterr().out


def test_progress_is_told_on_standard_error(capsys):
    with report.progress("speed") as say:
        say("1 of 2, talk [1]")
    printed = capsys.readouterr()
    assert printed.err == "speed: 1 of 2, talk [1]\n"
    assert not printed.out
