"""The Spark sketch of docs/SCALING.md runs on pandas frames, as a Spark worker would call it."""

import re
from pathlib import Path
from types import SimpleNamespace

import pandas as pd

import quotestance

SKETCH = Path("docs/SCALING.md")


def sketch():
    """Run the sketch's code against a stand-in for the Spark frame; return what it defines."""
    section = SKETCH.read_text(encoding="utf-8").split("## Spark")[1]
    code = re.search(r"```python\n(.*?)```", section, re.DOTALL).group(1)
    calls = []
    frame = SimpleNamespace(
        schema=SimpleNamespace(simpleString=lambda: "struct<id:bigint,text:string>"),
        mapInPandas=lambda function, schema: calls.append((function, schema)),
    )
    names = {"spark_frame": frame}
    exec(code, names)
    ((function, schema),) = calls
    return function, schema


def test_the_sketch_answers_every_readable_row_in_the_columns_that_it_promises():
    function, schema = sketch()
    texts = [
        "We must and we will continue to support Ukraine.",
        " ",
        "The summit opens on Tuesday.",
    ]
    frame = pd.DataFrame({"id": [1, 2, 3], "text": texts}, index=[7, 8, 9])
    (answer,) = function(iter([frame]))
    assert list(answer.id) == [1, 3]
    columns = [re.split(r"[: ]", part.strip())[0] for part in schema.split(",")]
    assert list(answer.columns) == columns
    wanted = quotestance.load().predict([texts[0], texts[2]])
    assert list(answer.stance) == [p.stance["NATO/Ukraine"].label for p in wanted]


def test_a_part_without_a_readable_row_gives_no_frame_of_fewer_columns():
    function, _ = sketch()
    assert list(function(iter([pd.DataFrame({"id": [1], "text": [""]})]))) == []
