"""Write the shipped model's answers on the sample table to tests/golden.json, once per release.

python -m benchmarks.golden
"""

import csv
import json
from pathlib import Path

import quotestance

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Predict the sample statements and store labels with their scores."""
    with (ROOT / "data" / "samples" / "statements.csv").open(encoding="utf-8") as file:
        texts = [row["text"] for row in csv.DictReader(file) if row["text"]]
    golden = [
        {
            "text": prediction.text,
            "stance": {t: [d.label, round(d.score, 4)] for t, d in prediction.stance.items()},
        }
        for prediction in quotestance.load().predict(texts)
    ]
    (ROOT / "tests" / "golden.json").write_text(json.dumps(golden, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
