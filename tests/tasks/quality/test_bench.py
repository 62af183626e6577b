"""The measures of quality run on any folder in the form of the data; the real data is not needed for that."""
import csv
import json

import pytest

from bench.quality import labels, plainly, transcripts
from bench.quality.__main__ import main
from bench.quality.data import interval
from tests.tasks.quality.crowds import crowd, majority


def written(path, columns, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([columns, *rows])


@pytest.fixture
def data(tmp_path):
    for name, seed in (("birds", 1), ("moods", 2)):
        rows, truth = crowd(items=60, workers=9, labels=3, each=5, accuracy=(0.4, 0.95), seed=seed)
        written(tmp_path / f"crowd_labels/{name}/label.csv", ("item", "worker", "label"), rows)
        written(tmp_path / f"crowd_labels/{name}/truth.csv", ("item", "truth"), [*truth.items()][:40])
    heard = [("1", "aoki", "A cat sat."), ("1", "baba", "a cat sat"), ("1", "chiba", "the bat"), ("2", "aoki", "Rain!")]
    written(tmp_path / "crowd_transcripts/responses.csv", ("task", "performer", "output"), heard)
    written(tmp_path / "crowd_transcripts/truth.csv", ("task", "output"), [("1", "a cat sat"), ("2", "rain")])
    return tmp_path


def test_labels_are_measured_on_whatever_sets_a_folder_has(data):
    whole, one = (labels.measure(["--fit", str(data), "--test", str(place)]) for place in (data, data / "crowd_labels/birds"))

    assert set(whole["sets"]) == {"birds", "moods"} and set(one["sets"]) == {"birds"}
    assert whole["figure"] == pytest.approx(sum(each["figure"] for each in whole["sets"].values()) / 2, abs=1e-4)
    assert whole["ci"][0] <= whole["figure"] <= whole["ci"][1] and set(labels.PLAIN) <= set(whole["opponents"])
    assert all(each["gold"] == 40 for each in whole["sets"].values())


@pytest.mark.parametrize("measure", ["labels", "transcripts"])
def test_the_last_line_is_one_json_object(data, capsys, measure):
    assert main([measure, "--data", str(data), "--json"]) == 0

    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["measure"] == measure and {"figure", "ci", "sets", "opponents"} <= set(told)


def test_transcripts_are_measured_by_words(data):
    told = transcripts.measure(["--data", str(data)])

    assert told["figure"] == 100 and told["opponents"]["first answer"]["figure"] == 100


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SystemExit, match="nowhere"):
        labels.measure(["--data", str(tmp_path / "nowhere")])


def test_the_plain_opponents_do_what_their_names_say():
    rows, truth = crowd(items=200, workers=5, labels=2, each=5, accuracy=[0.95, 0.9, 0.6, 0.5, 0.1], seed=9)
    shares = plainly.majority(rows)
    most, skilled = (sum(plainly.right(method(rows), item, label) for item, label in truth.items()) / 200
                     for method in (plainly.majority, plainly.dawid_skene))

    assert most == pytest.approx(majority(rows, truth)) and skilled > most
    assert plainly.right({"a": {"x": 1.0, "y": 1.0}}, "a", "x") == 0.5 and plainly.right(shares, "unknown", "x") == 0


def test_an_interval_holds_the_mean_and_narrows_with_items():
    few, many = interval([0.0, 1.0] * 20), interval([0.0, 1.0] * 2_000)

    assert few[0] < many[0] < 0.5 < many[1] < few[1] and interval([1.0, 1.0]) == [1, 1]
