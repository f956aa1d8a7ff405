"""`training.check_data` finds each fault; coverage and shortcuts count what is there."""

import json
from dataclasses import asdict

import pytest

from quotestance.errors import InputFormatError
from training import check_data, coverage, shortcuts
from training.check_overlap import leaks, near_repeats, repeats, shared_runs
from training.check_rows import annotation_faults, group_faults, real_speaker, row_faults
from training.codes import decode
from training.near_duplicates import Clusters, near_pairs
from training.standoff import sha256, split_of
from training.statements import COLUMNS, FILES, file_of, key_of, write_rows

GRAIN = (
    "Grain left Odesa at dawn, and nobody in the port asked whose flag the tanker flew that day."
)
CLUB = "An alliance that cannot name its enemy is a choir, said the deputy, and choirs win no wars."


def statement(text: str, code: str = "NNN0", **fields) -> dict:
    row = dict.fromkeys(COLUMNS) | {
        "id": f"authored-{key_of(text)}",
        "text": text,
        **decode(code),
        "origin": "authored",
        "source": "authored",
        "group": f"authored:{key_of(text)}",
        "phenomena": [],
        "calibration": False,
    }
    return row | fields


def write_data(folder, *rows):
    """Write a dataset in which every row stands in its group's file."""
    files = {name: [] for name in FILES}
    for row in rows:
        name, calibration = file_of(row["group"])
        files[name].append(row | {"calibration": calibration})
    for name, found in files.items():
        write_rows(folder / "statements" / f"{name}.jsonl", found)
    return folder


def test_a_sound_row_has_no_fault():
    row = statement(GRAIN, register="news_report", theme="grain", phenomena=["fact"])
    assert list(row_faults(row)) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"stance": "for"}, "stance is 'for'"),
        ({"sentiment": None}, "sentiment is None"),
        ({"stance_nato": "supportive"}, "breaks the joint rule"),
        ({"text": " "}, "text is ' '"),
        ({"text": None}, "text is None"),
        ({"text": "Two  blanks here."}, "stray white space"),
        ({"text": "Word " * 99 + "end."}, "100 words"),
        ({"id": "authored-1"}, "id does not follow"),
        ({"group": None}, "group is None"),
        ({"register": "shouting"}, "register 'shouting'"),
        ({"phenomena": ["sarcasm"]}, "phenomenon 'sarcasm'"),
        ({"phenomena": None}, "phenomena is None"),
        ({"speaker_role": "aide to Putin"}, "a real person is the speaker"),
        ({"speaker": "Anna Kowal"}, "a real person is the speaker"),
        ({"mood": "good"}, "columns differ from the schema: mood"),
    ],
)
def test_each_fault_of_a_row_is_named(change, fault):
    assert any(fault in found for found in row_faults(statement(GRAIN) | change))


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("Peskov said the talks had been useful.", True),
        ("The door is open, according to Mr Stoltenberg.", True),
        ("It was a mistake, said President Zelensky.", True),
        ("The envoy told Putin to his face that it must end.", False),
        ("Putin is the reason, said the baker.", False),
        ("Zelensky's adviser said nothing.", False),
        ("A plan, said Biden's critics, without a budget.", False),
    ],
)
def test_prominent_persons_may_be_spoken_of_but_do_not_speak(text, speaks):
    assert bool(real_speaker(text)) is speaks


def test_groups_across_splits_and_repeated_ids_are_found():
    row, name = statement(GRAIN), file_of(f"authored:{key_of(GRAIN)}")[0]
    other = next(split for split in FILES if split != name)
    files = {split: [] for split in FILES}
    assert (
        list(group_faults({**files, name: [row | {"calibration": file_of(row["group"])[1]}]})) == []
    )
    misplaced = list(group_faults({**files, other: [row]}))
    assert len(misplaced) == 1
    both = " ".join(group_faults({**files, name: [row], other: [row]}))
    assert "too" in both
    assert "two splits" in both


def test_annotations_are_checked():
    row = {"id": "kremlin-1", "link": "http://k", "sha256": "x", "group": "kremlin:http://k"}
    row |= {"split": split_of(row["group"]), **decode("ANA-")}
    assert list(annotation_faults("kremlin", [row])) == []
    faults = " ".join(
        [
            *annotation_faults("kremlin", [row, row]),
            *annotation_faults("kremlin", [row | {"split": "nowhere"}]),
            *annotation_faults("kremlin", [row | {"text": "The passage."}]),
            *annotation_faults("kremlin", [{"id": "kremlin-2"}]),
            *annotation_faults("kremlin", [row | {"stance": "neutral"}]),
        ]
    )
    for fault in ("annotated twice", "split nowhere", "holds the passage's text", "lacks", "joint"):
        assert fault in faults


def test_exact_repeats_are_found_whatever_case_and_punctuation():
    rows = [statement(GRAIN), statement(GRAIN.upper().replace(",", ""))]
    assert len(list(repeats(rows))) == 1


def test_near_repeats_are_a_fault_between_groups_only():
    rows = [statement(GRAIN), statement(GRAIN.replace("dawn", "noon")), statement(CLUB)]
    (fault,) = near_repeats(rows)
    assert fault.startswith(rows[1]["id"])
    assert list(near_repeats([row | {"group": "one"} for row in rows])) == []


def test_a_shared_frame_is_found_in_its_five_word_runs():
    frame = "{} of the most experienced negotiators in the room would call it {}"
    rows = [statement(frame.format("Few", "peace")), statement(frame.format("None", "a truce"))]
    (fault,) = shared_runs(rows)
    assert "five-word runs" in fault
    assert list(shared_runs([statement(GRAIN), statement(CLUB)])) == []


def test_a_leaked_stretch_of_a_corpus_is_found_and_a_formula_is_not():
    corpus = [("kremlin", f"He paused. {GRAIN} Then they left.")]
    assert len(list(leaks([statement(GRAIN), statement(CLUB)], corpus))) == 1
    formula = "They agreed to continue contacts at various levels next week."
    assert list(leaks([statement("So, agreed to continue contacts at various levels.")],
                      [("kremlin", formula)])) == []  # fmt: skip


def test_near_pairs_are_confirmed_and_clusters_do_not_depend_on_order():
    texts = [GRAIN, CLUB, GRAIN + " Again."]
    assert [(left, right) for left, right, _ in near_pairs(texts, 0.8)] == [(0, 2)]
    for order in (["ab", "bc"], ["bc", "ab"]):
        clusters = Clusters()
        for left, right in order:
            clusters.union(left, right)
        assert {clusters.find(key) for key in "abc"} == {"a"}
        assert clusters.find("d") == "d"


def test_the_command_prints_one_line_per_fault_and_exits_1(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)  # no corpora here
    bad = statement(CLUB, "ANA-") | {"stance": "neutral"}
    write_data(tmp_path, statement(GRAIN), bad)
    assert check_data.main(["--data", str(tmp_path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert sum("joint rule" in line for line in lines) == 1
    assert any(line.startswith("count: authored statements 2") for line in lines)
    assert any(line.startswith("phenomena: irony 0; wanted 60") for line in lines)
    assert "no corpora" in lines[-1]


def test_a_file_that_is_not_json_is_one_fault(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_data(tmp_path, statement(GRAIN))
    (tmp_path / "statements" / "test.jsonl").write_text("{broken\n")
    assert check_data.main(["--data", str(tmp_path)]) == 1
    assert "test.jsonl:1 is not JSON" in capsys.readouterr().out
    assert check_data.main(["--corpora", "absent"]) == 1
    assert "no folder absent" in capsys.readouterr().out


def test_rare_labels_fall_short_of_the_balance(tmp_path):
    rows = [statement(f"{GRAIN} {n}") for n in range(9)] + [statement(CLUB, "ANA-")]
    faults = list(check_data.quantity_faults(write_data(tmp_path, *rows)))
    assert "balance: stance adversarial 10.0%; wanted 22%" in faults
    assert "balance: sentiment negative 10.0%; wanted 15%" in faults


def test_a_challenge_text_may_not_be_learned(tmp_path):
    row = next(
        statement(text)
        for text in (f"{GRAIN} {n}" for n in range(99))
        if file_of(f"authored:{key_of(text)}")[0] == "train"
    )
    write_data(tmp_path, row)
    pair = {"pair": "x", "members": [{"text": row["text"] + " So."}]}
    (tmp_path / "challenge").mkdir()
    (tmp_path / "challenge" / "pairs.jsonl").write_text(json.dumps(pair) + "\n")
    (fault,) = check_data.content_faults(tmp_path)
    assert "nearly repeats challenge/pairs.jsonl:1" in fault


def test_coverage_writes_between_its_markers_only():
    card = f"before {coverage.BEGIN} old {coverage.END} after"
    new = coverage.rewrite(card, "| new |")
    assert new.startswith(f"before {coverage.BEGIN}")
    assert new.endswith(f"{coverage.END} after")
    assert "old" not in new
    assert coverage.rewrite(new, "| new |") == new
    with pytest.raises(InputFormatError, match="needs one"):
        coverage.rewrite("no markers", "| new |")


def test_coverage_counts_by_hand():
    rows = [statement(GRAIN, theme="grain"), statement(CLUB, "ANA-", theme="grain")]
    assert "| grain | 2 | 0 | 1 | 1 |" in coverage.by_field(rows, "theme", ("grain",))
    assert "| A | N | A | 0 | 1 | 0 | 1 |" in coverage.combinations(rows)
    assert "| stance | adversarial 1 (50%) | neutral 1 (50%) |" in coverage.labels(rows)
    assert "| 12 to 20 | 2 |" in coverage.by_length(rows)


def test_the_card_shows_what_shortcuts_measured(tmp_path):
    rows = [statement(f"The regime in hall {n}", "NAA-") for n in range(20)]
    rows += [statement(f"The meeting in hall {n}") for n in range(20)]
    found = {
        "baselines": [asdict(score) for score in shortcuts.baselines("authored", rows, rows)],
        "words": [asdict(word) for word in shortcuts.telling_words(rows, 1)],
    }
    (tmp_path / "shortcuts.json").write_text(json.dumps(found))
    text = coverage.shortcuts(tmp_path / "shortcuts.json")
    assert "| authored, majority | 0.333 | 1.000 | 0.333 | 0.333 |" in text
    assert "- adversarial: regime (100% of 20)" in text
    assert any("regime 100% of 20" in line for line in shortcuts.lines(found))


def test_wilson_by_hand():
    # 8 of 10: centre .8 + .19208, spread 1.96 * sqrt(.016 + .009604), over 1.38416.
    assert shortcuts.wilson_low(8, 10) == pytest.approx(0.4902, abs=1e-4)


def test_a_word_that_gives_a_label_away_is_the_first_of_its_label():
    rows = [statement(f"The regime again, part {n}", "NAA-") for n in range(20)]
    rows += [statement(f"The meeting again, part {n}") for n in range(20)]
    words = [w for w in shortcuts.telling_words(rows, 1) if w.column == "stance"]
    assert {w.label: (w.word, w.share) for w in words} == {
        "adversarial": ("regime", 1.0),
        "neutral": ("meeting", 1.0),
    }


def test_the_bag_of_words_learns_a_planted_word_and_majority_does_not():
    rows = [statement(f"The regime in hall {n}", "NAA-") for n in range(20)]
    rows += [statement(f"The meeting in hall {n}") for n in range(20)]
    scores = {s.baseline: s.macro_f1 for s in shortcuts.baselines("x", rows, rows)}
    assert scores["bag"]["stance"] == 1.0
    assert scores["majority"]["stance"] == pytest.approx(1 / 3)
    assert set(scores["target unknown"]) == {"stance", "stance_nato", "stance_ukraine"}


def test_masking_hides_every_name_of_a_target():
    text = "NATO, the Alliance and its allies owe Kyiv and Ukrainians, said Zelenskyy."
    masked = shortcuts.mask_names({"text": text})
    assert masked == "TARGET, the TARGET and its TARGET owe TARGET and TARGET, said TARGET."


def test_the_source_alone_gives_the_label_where_sources_differ_in_it():
    rows = [statement(f"Speech {n}", "NSS+", source="ungdc") for n in range(10)]
    rows += [statement(f"Claim {n}", "NAA-", source="euvsdisinfo") for n in range(10)]
    scores = shortcuts.source_shortcuts(rows, rows)
    assert scores["stance from source, macro-F1"] == 1.0
    assert scores["source from text, accuracy"] == 1.0


def test_the_hash_of_a_passage_is_that_of_its_utf8():
    assert sha256("é") == "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"
