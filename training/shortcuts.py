"""What gives a label away: python -m training.shortcuts [-o FILE.json] [--corpora DIR].

Trained on the train split, macro-F1 on the test split, of authored and of annotated statements:
`majority` (no text: the commonest label of each target), `bag` (bag of words, one model per
column), `names masked` (the same, every name of a target replaced by one word) and `target
unknown` (one bag of words for the three stance columns, not told which target is asked about).
Then the words that alone predict a label best, the source predicted from the text, and the
label from the source. Where a word gives a label away, write statements against it.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from math import sqrt
from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import accuracy_score, f1_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.svm import LinearSVC

from training.codes import LABEL_COLUMNS
from training.near_duplicates import words
from training.standoff import load_annotated
from training.statements import STATEMENTS, Row, read_statements

STANCE_COLUMNS = LABEL_COLUMNS[:3]
CEILING = 0.75
"""The bag of words stays under this macro-F1 (`stance`) on the authored test split."""
LEAST_COUNT = 15
WORDS_SHOWN = 8
_TARGET_NAMES = re.compile(
    r"\b(?:NATO|Nato|North Atlantic\w*|Atlantic|[Aa]lliance|[Aa]llies|bloc|Ukrain\w+|Kyiv|Kiev"
    r"|Zelensk\w+)\b"
)


@dataclass(frozen=True)
class Score:
    """Macro-F1 of one baseline on one part's test split, by column."""

    part: str
    baseline: str
    macro_f1: dict[str, float]


@dataclass(frozen=True)
class Word:
    """A word and how often a label stands where it occurs; `low` is Wilson's lower bound."""

    column: str
    label: str
    word: str
    count: int
    share: float
    base: float
    low: float


def bag_of_words() -> Pipeline:
    """Return a bag of words and word pairs under a linear support vector machine."""
    return make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2),
        LinearSVC(C=0.3, class_weight="balanced", random_state=0),
    )


def macro_f1(rows: Sequence[Row], column: str, predicted: Sequence[str]) -> float:
    """Return macro-F1 over the labels that the rows have."""
    gold = [row[column] for row in rows]
    return float(
        f1_score(gold, predicted, average="macro", zero_division=0, labels=list(set(gold)))
    )


def _fit_predict(
    train: list[Row], test: list[Row], column: str, text: Callable[[Row], str]
) -> list[str]:
    """Return the bag of words' answers; the one label there is where nothing is to be learned."""
    labels = [row[column] for row in train]
    if len(set(labels)) == 1:
        return labels[:1] * len(test)
    model = bag_of_words().fit([text(row) for row in train], labels)
    return list(model.predict([text(row) for row in test]))


def mask_names(row: Row) -> str:
    """Return the row's text with every name of a target replaced by one word."""
    return _TARGET_NAMES.sub("TARGET", row["text"])


def baselines(part: str, train: list[Row], test: list[Row]) -> Iterator[Score]:
    """Yield the scores of the four baselines."""
    majority, bag, masked = {}, {}, {}
    for column in LABEL_COLUMNS:
        commonest = Counter(row[column] for row in train).most_common(1)[0][0]
        majority[column] = macro_f1(test, column, [commonest] * len(test))
        bag[column] = macro_f1(test, column, _fit_predict(train, test, column, _text))
        masked[column] = macro_f1(test, column, _fit_predict(train, test, column, mask_names))
    yield Score(part, "majority", majority)
    yield Score(part, "bag", bag)
    yield Score(part, "names masked", masked)
    yield Score(part, "target unknown", _target_unknown(train, test))


def _text(row: Row) -> str:
    return str(row["text"])


def _target_unknown(train: list[Row], test: list[Row]) -> dict[str, float]:
    """Score one model for all three stance columns, which cannot know which one is asked."""
    texts = [row["text"] for row in train for _ in STANCE_COLUMNS]
    labels = [row[column] for row in train for column in STANCE_COLUMNS]
    predicted = bag_of_words().fit(texts, labels).predict([row["text"] for row in test])
    return {column: macro_f1(test, column, predicted) for column in STANCE_COLUMNS}


def telling_words(rows: list[Row], shown: int = WORDS_SHOWN) -> Iterator[Word]:
    """Yield, per column and label, the words whose presence predicts it best.

    Words are ranked by the lower bound of Wilson's 95 % interval of the label's share, less the
    label's share among all rows: a rare word needs a cleaner record than a common one.
    """
    found = [set(words(row["text"])) for row in rows]
    counts = Counter(word for members in found for word in members)
    common = [word for word, count in counts.items() if count >= LEAST_COUNT]
    for column in LABEL_COLUMNS:
        totals = Counter(row[column] for row in rows)
        joint = Counter(
            (w, row[column]) for row, members in zip(rows, found, strict=True) for w in members
        )
        for label, total in sorted(totals.items()):
            base = total / len(rows)
            ranked = [_word(column, label, w, (joint[w, label], counts[w], base)) for w in common]
            yield from sorted(ranked, key=lambda word: base - word.low)[:shown]


def _word(column: str, label: str, word: str, numbers: tuple[int, int, float]) -> Word:
    hits, count, base = numbers
    return Word(column, label, word, count, hits / count, base, wilson_low(hits, count))


def wilson_low(hits: int, count: int, z: float = 1.96) -> float:
    """Return the lower end of Wilson's score interval of a share (Wilson 1927)."""
    share = hits / count
    centre = share + z * z / (2 * count)
    spread = z * sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return (centre - spread) / (1 + z * z / count)


def source_shortcuts(train: list[Row], test: list[Row]) -> dict[str, float]:
    """Return how well the text gives the source, and the source the label."""
    predicted = _fit_predict(train, test, "source", _text)
    scores = {
        "source from text, accuracy": float(
            accuracy_score([row["source"] for row in test], predicted)
        ),
        "source from text, macro-F1": macro_f1(test, "source", predicted),
    }
    for column in LABEL_COLUMNS:
        by_source = {
            source: Counter(row[column] for row in train if row["source"] == source)
            for source in {row["source"] for row in train}
        }
        guess = [by_source[row["source"]].most_common(1)[0][0] for row in test]
        scores[f"{column} from source, macro-F1"] = macro_f1(test, column, guess)
    return scores


def split_parts(corpora: Path | None) -> dict[str, dict[str, list[Row]]]:
    """Return train and test rows of the authored and, where corpora are there, annotated part."""
    files = read_statements(STATEMENTS)
    parts = {
        "authored": {
            name: [row for row in files[name] if row["origin"] == "authored"]
            for name in ("train", "test")
        }
    }
    if corpora:
        joined = load_annotated(None, corpora).rows
        parts["annotated"] = {
            name: [row for row in joined if row["split"] == name] for name in ("train", "test")
        }
    return parts


def measure(corpora: Path | None) -> dict[str, object]:
    """Return all shortcuts as one JSON object."""
    parts = split_parts(corpora)
    scores = [
        s for part, rows in parts.items() for s in baselines(part, rows["train"], rows["test"])
    ]
    found: dict[str, object] = {
        "baselines": [asdict(score) for score in scores],
        "words": [asdict(word) for word in telling_words(parts["authored"]["train"])],
    }
    if "annotated" in parts:
        everything = {
            name: [row for rows in parts.values() for row in rows[name]]
            for name in ("train", "test")
        }
        found["sources"] = {
            "annotated": source_shortcuts(parts["annotated"]["train"], parts["annotated"]["test"]),
            "annotated and authored": source_shortcuts(everything["train"], everything["test"]),
        }
    return found


def lines(found: dict[str, object]) -> Iterator[str]:
    """Yield the measurements as text."""
    yield f"{'part':10} {'baseline':15}" + "".join(f"{column:>16}" for column in LABEL_COLUMNS)
    for score in found["baselines"]:  # type: ignore[attr-defined]
        cells = (score["macro_f1"].get(column) for column in LABEL_COLUMNS)
        numbers = "".join(f"{'' if cell is None else f'{cell:.3f}':>16}" for cell in cells)
        yield f"{score['part']:10} {score['baseline']:15}{numbers}"
    grouped: dict[tuple[str, str], list[str]] = {}
    for word in found["words"]:  # type: ignore[attr-defined]
        entry = f"{word['word']} {word['share']:.0%} of {word['count']}"
        grouped.setdefault((word["column"], f"{word['label']} ({word['base']:.0%})"), []).append(
            entry
        )
    for (column, label), entries in grouped.items():
        yield f"{column} {label}: {', '.join(entries)}"
    for part, scores in found.get("sources", {}).items():  # type: ignore[attr-defined]
        yield from (f"{part}: {name} {value:.3f}" for name, value in scores.items())


def main(arguments: list[str] | None = None) -> int:
    """Print the shortcuts; return 1 where the bag of words exceeds its ceiling."""
    parser = argparse.ArgumentParser(prog="training.shortcuts", description=__doc__)
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("--corpora", type=Path, default=Path("corpora"))
    options = parser.parse_args(arguments)
    found = measure(options.corpora if options.corpora.is_dir() else None)
    for line in lines(found):
        print(line)
    if options.output:
        options.output.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    bag = next(s for s in found["baselines"] if s["baseline"] == "bag")  # type: ignore[attr-defined]
    return int(bag["macro_f1"]["stance"] >= CEILING)


if __name__ == "__main__":
    raise SystemExit(main())
