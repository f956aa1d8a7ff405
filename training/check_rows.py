"""Faults of single rows and of their groups: schema, codebook logic, splits, real persons."""

import re
from collections.abc import Iterator, Mapping, Sequence

from quotestance.labels import SENTIMENTS, STANCES
from training.codes import joint_rule
from training.sources import DOCUMENT_FIELD
from training.standoff import EXCLUDED, split_of
from training.statements import COLUMNS, Row, file_of, key_of
from training.vocabulary import ENGLISH, PHENOMENA, REGISTERS, SIDES, TARGET_FORMS, THEMES

LABELS: Mapping[str, tuple[str, ...]] = {
    "stance": STANCES,
    "stance_nato": STANCES,
    "stance_ukraine": STANCES,
    "sentiment": SENTIMENTS,
}
OPTIONAL: Mapping[str, Sequence[str]] = {
    "register": REGISTERS,
    "side": SIDES,
    "theme": THEMES,
    "english": tuple(ENGLISH.values()),
    "target_form": tuple(TARGET_FORMS.values()),
}
WORDS = (2, 95)

PERSONS = (
    "Zelensky", "Zelenskyy", "Zelenskiy", "Putin", "Biden", "Trump", "Obama", "Clinton", "Bush",
    "Stoltenberg", "Rutte", "Rasmussen", "Lavrov", "Peskov", "Zakharova", "Medvedev", "Shoigu",
    "Gerasimov", "Nebenzia", "Nebenzya", "Solovyov", "Simonyan", "Kadyrov", "Prigozhin",
    "Lukashenko", "Blinken", "Sullivan", "Vance", "Rubio", "Hegseth", "Witkoff", "Kellogg",
    "McConnell", "Nuland", "Kissinger", "Mearsheimer", "Musk", "Macron", "Scholz", "Merz",
    "Merkel", "Baerbock", "Pistorius", "Sunak", "Starmer", "Meloni", "Orbán", "Orban", "Szijjártó",
    "Szijjarto", "Fico", "Tusk", "Duda", "Nawrocki", "Sikorski", "Kallas", "Borrell", "Erdogan",
    "Erdoğan", "Modi", "Lula", "Guterres", "Kuleba", "Sybiha", "Yermak", "Podolyak", "Reznikov",
    "Umerov", "Zaluzhny", "Zaluzhnyi", "Syrskyi", "Budanov", "Poroshenko", "Yanukovych",
    "Klitschko", "Shmyhal", "Svyrydenko", "Sandu", "Vucic", "Vučić", "Niinistö", "Stubb", "Cavoli",
    "Milley",
)  # fmt: skip
"""Prominent persons who are never the speaker of an authored statement."""

_VERBS = (
    "said says told tells added adds warned warns insisted insists argued argues claimed claims "
    "announced announces declared declares noted notes stressed stresses wrote writes tweeted "
    "vowed vows pledged pledges replied replies remarked urged urges"
)
_NAME = "|".join(PERSONS)
_VERB = "|".join(_VERBS.split())
_SPEAKS = re.compile(
    rf"\b(?:{_NAME})\s+(?:has |had |also |then )?(?:{_VERB})\b"
    rf"|\b(?:{_VERB})\s+(?:\w+\s+){{0,3}}?(?:{_NAME})\b(?!['’]s)"
    rf"|\b[Aa]ccording to (?:\w+\s+){{0,3}}?(?:{_NAME})\b(?!['’]s)"
)
_TOLD = re.compile(r"\b(?:told|tells|urged|urges|warned|warns)\s+(?:\w+\s+){0,3}?$")


def real_speaker(text: str) -> str | None:
    """Return the words that make a prominent person the speaker, if any.

    Somebody who is told, urged or warned is the listener.

    >>> real_speaker("Peskov said the talks were useful.")
    'Peskov said'
    >>> real_speaker("The envoy told Putin to leave.") is None
    True
    """
    for match in _SPEAKS.finditer(text):
        words = match.group()
        name = re.search(rf"(?:{_NAME})$", words)
        if not (name and _TOLD.search(words[: name.start()])):
            return words
    return None


def row_faults(row: Row) -> Iterator[str]:
    """Yield the faults of one row, without its id."""
    if tuple(sorted(row)) != tuple(sorted(COLUMNS)):
        odd = set(row) ^ set(COLUMNS)
        yield f"columns differ from the schema: {', '.join(sorted(odd))}"
        return
    text = row["text"]
    if not isinstance(text, str) or not text.strip():
        yield f"text is {text!r}; wanted words"
        return
    yield from _label_faults(row)
    yield from _vocabulary_faults(row)
    if text != " ".join(text.split()):
        yield "text has stray white space"
    if not isinstance(row["group"], str) or not row["group"]:
        yield f"group is {row['group']!r}; wanted a key"
    if row["origin"] == "authored":
        yield from _authored_faults(row)


def _label_faults(row: Row) -> Iterator[str]:
    for column, allowed in LABELS.items():
        if row[column] not in allowed:
            yield f"{column} is {row[column]!r}; wanted one of {', '.join(allowed)}"
    if not joint_rule(row):
        yield (
            f"stance {row['stance']} breaks the joint rule for NATO {row['stance_nato']}, "
            f"Ukraine {row['stance_ukraine']}"
        )


def _vocabulary_faults(row: Row) -> Iterator[str]:
    for column, allowed in OPTIONAL.items():
        if row[column] is not None and row[column] not in allowed:
            yield f"{column} {row[column]!r} is not in the vocabulary"
    if not isinstance(row["phenomena"], list):
        yield f"phenomena is {row['phenomena']!r}; wanted a list"
        return
    for name in row["phenomena"]:
        if name not in PHENOMENA:
            yield f"phenomenon {name!r} is not in the vocabulary"


def _authored_faults(row: Row) -> Iterator[str]:
    count = len(row["text"].split())
    if not WORDS[0] <= count <= WORDS[1]:
        yield f"{count} words; wanted {WORDS[0]} to {WORDS[1]}"
    if row["id"] != f"authored-{key_of(row['text'])}":
        yield "id does not follow from the text; import the drafts again"
    if spoken := real_speaker(row["text"]):
        yield f"a real person speaks: {spoken!r}"
    if row["speaker"] or re.search(rf"\b(?:{_NAME})\b(?!-)", row["speaker_role"] or ""):
        yield f"a real person is the speaker: {row['speaker'] or row['speaker_role']!r}"


def group_faults(files: Mapping[str, list[Row]]) -> Iterator[str]:
    """Yield repeated ids, groups in two splits, and authored rows out of their group's split."""
    ids: dict[str, str] = {}
    places: dict[str, tuple[str, bool]] = {}
    for name, rows in files.items():
        for row in rows:
            place = (name, bool(row["calibration"]))
            if row["id"] in ids:
                yield f"{name}: {row['id']}: id stands in {ids[row['id']]} too"
            ids[row["id"]] = name
            if places.setdefault(row["group"], place) != place:
                yield f"{name}: {row['id']}: group {row['group']} is in two splits"
            elif row["origin"] == "authored" and place != file_of(row["group"]):
                yield f"{name}: {row['id']}: the group's hash puts it into {file_of(row['group'])}"


def annotation_faults(corpus: str, rows: list[Row]) -> Iterator[str]:
    """Yield the faults of one corpus's stand-off rows."""
    needed = {"id", DOCUMENT_FIELD[corpus], "sha256", "group", "split", *LABELS}
    seen: set[str] = set()
    for row in rows:
        where = f"{corpus}: {row.get('id')}"
        if missing := needed - set(row):
            yield f"{where}: lacks {', '.join(sorted(missing))}"
            continue
        yield from (f"{where}: {fault}" for fault in _label_faults(row))
        if row["split"] not in (split_of(row["group"]), EXCLUDED):
            yield f"{where}: split {row['split']}; the group's hash gives {split_of(row['group'])}"
        if row["sha256"] in seen:
            yield f"{where}: the passage is annotated twice"
        if "text" in row:
            yield f"{where}: holds the passage's text, which stays with its publisher"
        seen.add(row["sha256"])
