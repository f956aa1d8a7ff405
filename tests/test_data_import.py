"""From drafts to statements: the authoring format, groups, second labels, agreement."""

import json
from math import isnan

import pytest

from quotestance.errors import InputFormatError
from training import (
    assign_splits,
    import_annotations,
    import_drafts,
    label_sheets,
    second_labels,
)
from training.agreement import below_floor, krippendorff_alpha, measure
from training.authoring import read_draft, read_drafts
from training.codes import decode, encode, joint_rule, read_codes
from training.sources import DOCUMENTS
from training.standoff import load_annotated, sha256
from training.statements import TRAINING_ONLY, file_of, key_of, read_statements
from training.vocabulary import PHENOMENA, STARTER_PHENOMENA, STARTER_THEMES, THEMES

LINE = (
    "NSS- | regional governor | spokesperson | ukrainian | energy | implied,third_party | ti | "
    "Three hundred thousand people woke without heat this morning | again."
)
SWAPPED = (
    "@NAA0 | deputy | parliamentary | sceptic | money | aid_opposed | nd | Not one cent for Kyiv."
)


def test_a_line_becomes_a_draft_with_the_text_last():
    draft = read_draft(LINE)
    assert draft.text.endswith("this morning | again.")
    assert draft.phenomena == ("implied", "third_party")
    assert (draft.english, draft.target_form) == ("translated", "implied")
    assert draft.head == draft.text


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("NSS-", "NXS-", "label code 'NXS-'"),
        ("NSS-", "NSN-", "joint stance of NSN- breaks"),
        ("spokesperson", "shouting", "register 'shouting'"),
        ("ukrainian", "martian", "side 'martian'"),
        ("energy", "cheese", "theme 'cheese'"),
        ("implied", "sarcasm", "phenomenon 'sarcasm'"),
        (" ti ", " t ", "flags 't'"),
        (" | ti", "", "flags"),
        ("Three hundred thousand people woke without heat this morning | again", "Ha", "1 words"),
    ],
)
def test_a_faulty_line_is_left_out_and_named(tmp_path, old, new, fault):
    path = tmp_path / "a.txt"
    path.write_text(f"{LINE}\n\n{LINE.replace(old, new)}\n{SWAPPED}\n")
    drafts, faults = read_drafts(path)
    assert len(drafts) == 2
    assert len(faults) == 1
    assert faults[0].startswith(f"{path}:3: ")
    assert fault in faults[0]


@pytest.mark.parametrize("code", ["SSS+", "NAA0", "ASN-", "NNA-", "SAA-"])
def test_codes_round_trip(code):
    assert encode(decode(code)) == code


@pytest.mark.parametrize(
    ("code", "follows"),
    [
        ("SNS0", True),
        ("SNN0", False),
        ("AAA0", True),
        ("AAN0", False),
        ("SAN0", True),
        ("NNA0", True),
        ("NSA0", False),
        ("ASS0", True),
    ],
)
def test_the_joint_rule_of_the_codebook(code, follows):
    assert joint_rule(decode(code)) is follows


def test_the_starters_tags_land_in_the_common_vocabulary():
    assert {name for names in STARTER_PHENOMENA.values() for name in names} <= set(PHENOMENA)
    assert set(STARTER_THEMES.values()) <= set(THEMES)


@pytest.fixture
def drafts(tmp_path):
    """Two drafts of one group, a third that nearly repeats the first, and a starter line."""
    folder = tmp_path / "drafts"
    (folder / "w01").mkdir(parents=True)
    near = LINE.replace("this morning | again", "this grey morning")
    (folder / "w01" / "a.txt").write_text(f"{LINE}\n{SWAPPED}\n")
    (folder / "w01" / "b.txt").write_text(f"{near}\n")
    starter = {"id": "starter-1", "text": "A club with better tailors, that is all NATO is."}
    starter |= decode("ANA-") | {"phenomena": ["neg_turn", "grain", "africa"]}
    (folder / "starter.jsonl").write_text(json.dumps(starter) + "\n")
    return folder


def run(drafts, *arguments):
    """Import and return the status and the authored rows by id."""
    places = ["--statements", str(drafts / "out"), "--agreement", str(drafts / "agreement.jsonl")]
    status = import_drafts.main([str(drafts), *places, *arguments])
    files = read_statements(drafts / "out")
    return status, {row["id"]: (name, row) for name, rows in files.items() for row in rows}


def test_variants_share_a_group_and_the_group_decides_the_file(drafts):
    status, rows = run(drafts, "--starter", str(drafts / "starter.jsonl"))
    assert status == 0
    assert len(rows) == 4
    groups = {}
    for name, row in rows.values():
        groups.setdefault(row["group"], []).append(row["id"])
        assert (name, row["calibration"]) == file_of(row["group"])
    assert sorted(map(len, groups.values())) == [1, 3]
    (starter,) = (row for _, row in rows.values() if "tailors" in row["text"])
    assert (starter["phenomena"], starter["theme"]) == (["contrast"], "grain")


def test_importing_again_changes_nothing_and_keeps_rows_of_other_origin(drafts):
    _, first = run(drafts)
    test = drafts / "out" / "test.jsonl"
    quoted = {**next(iter(first.values()))[1], "id": "quoted-1", "origin": "quoted"}
    test.write_text(test.read_text() + json.dumps(quoted) + "\n")
    _, second = run(drafts)
    assert second.pop("quoted-1")[1] == quoted
    assert second == first


def test_added_drafts_train_and_leave_what_is_there_alone(drafts):
    first = f"authored-{key_of(read_draft(LINE).text)}"
    (drafts / "adjudicated").mkdir()
    (drafts / "adjudicated" / "s.tsv").write_text(f"{first}\tNSS0\n")
    _, before = run(drafts)
    record = second_labels.read_record(drafts / "agreement.jsonl")
    more = drafts / "more"
    (more / "a1").mkdir(parents=True)
    new = LINE.replace(
        read_draft(LINE).text, "Nobody asked the villages along the river what they wanted."
    )
    near = LINE.replace("this morning | again", "this cold morning")
    text = "".join(f"{line}\n" for line in (new, LINE, near))
    (more / "a1" / "a.txt").write_text(text)
    places = ["--statements", str(drafts / "out"), "--agreement", str(drafts / "agreement.jsonl")]
    assert import_drafts.main([str(more), "--add", *places]) == 0
    files = read_statements(drafts / "out")
    after = {row["id"]: (name, row) for name, rows in files.items() for row in rows}
    assert {key: after[key] for key in before} == before
    assert second_labels.read_record(drafts / "agreement.jsonl") == record
    added = {
        row["text"]: (name, row["group"]) for key, (name, row) in after.items() if key not in before
    }
    name, group = added[read_draft(new).text]
    assert name == "train"
    assert group.startswith(TRAINING_ONLY)
    held = before[first][0] != "train"
    assert (read_draft(near).text in added) is not held
    if not held:
        assert added[read_draft(near).text] == ("train", before[first][1]["group"])

    (more / "labels").mkdir()
    sheet = f"authored-{key_of(read_draft(new).text)}\tNNN0\n"
    (more / "labels" / "s.tsv").write_text(sheet)
    assert import_drafts.main([str(more), "--add", *places]) == 0  # again, with a blind label
    files = read_statements(drafts / "out")
    assert {row["id"]: (name, row) for name, rows in files.items() for row in rows} == after
    assert len(second_labels.read_record(drafts / "agreement.jsonl")) == len(record) + 1


def test_a_draft_near_a_quotation_of_the_test_split_is_left_out(drafts):
    _, before = run(drafts)
    quoted = {**next(iter(before.values()))[1], "id": "quoted-1", "origin": "quoted"}
    quoted |= {"text": "The bridge will hold until the last of our convoys.", "group": "article:1"}
    test = drafts / "out" / "test.jsonl"
    test.write_text(test.read_text() + json.dumps(quoted) + "\n")
    more = drafts / "more"
    (more / "a1").mkdir(parents=True)
    near = quoted["text"].replace("last", "first")
    (more / "a1" / "a.txt").write_text(LINE.replace(read_draft(LINE).text, near) + "\n")
    places = ["--statements", str(drafts / "out"), "--agreement", str(drafts / "agreement.jsonl")]
    assert import_drafts.main([str(more), "--add", *places]) == 0
    texts = [row["text"] for rows in read_statements(drafts / "out").values() for row in rows]
    assert quoted["text"] in texts
    assert near not in texts


def test_a_draft_near_a_held_out_statement_is_left_out():
    there = {name: [] for name in ("train", "validation", "test")}
    text = "We were told that the bridge would hold until the last of the convoys had crossed it."
    there["test"] = [{"id": "a", "text": text, "group": "authored:a"}]
    rows = [
        {"id": "b", "text": text.replace("last", "first"), "group": "b"},
        {"id": "c", "text": "A variation of b in other words altogether.", "group": "b"},
        {
            "id": "d",
            "text": "Something else entirely was on the minds of the farmers.",
            "group": "d",
        },
    ]
    kept, dropped = import_drafts.further(rows, there)
    assert [row["id"] for row in kept] == ["d"]
    assert dropped == 2


def test_a_repeated_text_is_left_out_and_reported(drafts, capsys):
    (drafts / "w01" / "c.txt").write_text(LINE + "\n")
    status, rows = run(drafts)
    assert status == 1
    assert len(rows) == 3
    assert "repeated text" in capsys.readouterr().out


def test_second_labels_and_decisions_settle_rows_and_are_recorded(drafts, capsys):
    first = f"authored-{key_of(read_draft(LINE).text)}"
    other = f"authored-{key_of('Not one cent for Kyiv.')}"
    for name, line in (
        ("labels", f"{first}\tNSS0\n{other}\tNAA-\n"),
        ("adjudicated", f"{first}\tNSS0\n"),
    ):
        (drafts / name).mkdir()
        (drafts / name / "s.tsv").write_text(line)
    _, rows = run(drafts)
    assert encode(rows[first][1]) == "NSS0"  # the decision
    assert encode(rows[other][1]) == "NAA0"  # open: the writer's label holds
    record = second_labels.read_record(drafts / "agreement.jsonl")
    assert {who: encode(labels) for who, labels in record[first].items()} == {
        0: "NSS0", 1: "NSS-", 2: "NSS0",
    }  # fmt: skip
    assert "'second': 2, 'decided': 1, 'open': 1, 'orphaned': 0" in capsys.readouterr().out


def test_the_record_outlives_its_sheets(drafts):
    key = f"authored-{key_of(read_draft(LINE).text)}"
    (drafts / "adjudicated").mkdir()
    sheet = drafts / "adjudicated" / "s.tsv"
    sheet.write_text(f"{key}\tNSS0\n")
    run(drafts)
    sheet.unlink()
    _, rows = run(drafts)
    assert encode(rows[key][1]) == "NSS0"


@pytest.mark.parametrize("sheet", ["a\tXXX0\n", "a\tNSS0\na\tNSS-\n", "only an id\n"])
def test_faulty_sheets_are_refused_with_their_line(tmp_path, sheet):
    (tmp_path / "s.tsv").write_text("id\tcode\n" + sheet)
    with pytest.raises(InputFormatError, match=r"s\.tsv:"):
        read_codes(tmp_path)


def test_standoff_passages_are_settled_too_and_settling_twice_is_once(tmp_path):
    path = tmp_path / "kremlin.jsonl"
    path.write_text(json.dumps({"id": "kremlin-1", **decode("NNN0")}) + "\n")
    sheet = {"kremlin-1": "ANA-"}
    for changed in (1, 0):
        counts = second_labels.settle_standoff(sheet, sheet, tmp_path)
        assert counts == {"second": 1, "decided": 1, "open": 0, "changed": changed}
    assert encode(json.loads(path.read_text())) == "ANA-"
    (history,) = second_labels.read_record(tmp_path / "agreement.jsonl").values()
    assert {who: encode(x) for who, x in history.items()} == {0: "ANA-", 1: "NNN0", 3: "ANA-"}


def test_label_sheets_show_what_is_unlabelled_and_what_waits_for_a_decision():
    rows = [{"id": name, "text": f"text {name}", **decode("NSS0")} for name in "abc"]
    record = {"a": {2: decode("NSS0")}, "b": {2: decode("NAA0")}}
    assert list(label_sheets.unlabelled(rows, record)) == [("c", "text c")]
    assert list(label_sheets.disagreements(rows, record)) == [("b", "NAA0", "NSS0", "text b")]


def test_alpha_by_hand():
    # Two observers, ten units, 14 zeros and 6 ones, four units differ (Krippendorff 2011, A).
    units = list(zip("0100000000", "1110010010", strict=True))
    assert krippendorff_alpha(units) == pytest.approx(1 - 19 * 4 / (14 * 6))
    assert krippendorff_alpha([("a", "a"), ("b", "b")]) == 1.0
    assert krippendorff_alpha([("a", "a")]) == 1.0
    assert isnan(krippendorff_alpha([]))


def test_agreement_compares_blind_labels_and_leaves_the_decision_out():
    current = {"x": ("authored", decode("NSS0")), "y": ("authored", decode("AAA-"))}
    record = {
        "x": {0: decode("NSS0"), 1: decode("NNN0"), 2: decode("NSS0")},  # first label was NNN0
        "y": {2: decode("AAA-")},
    }
    found = {a.column: a for a in measure(record, current)}
    assert found["stance"].units == 2
    assert found["stance"].observed == 0.5
    assert found["sentiment"].alpha == 1.0
    assert [line.split()[2] for line in below_floor(found.values())] == ["stance", "stance_ukraine"]


@pytest.fixture
def selection(tmp_path):
    """A corpus with one speech and one claim, and a passage selected from each."""
    speech = tmp_path / "corpora" / "ungdc" / "Session 77 - 2022" / "FJI_77_2022.txt"
    speech.parent.mkdir(parents=True)
    speech.write_text("Thank you. The war must end. Thank you.")
    (tmp_path / "corpora" / "euvsdisinfo").mkdir()
    claims = "date,id,title\n2019-04-02,http://e/1,Kyiv has no army\n"
    (tmp_path / "corpora" / "euvsdisinfo" / "claims.csv").write_text(claims)
    speech_item = {"id": "ungdc-n1", "corpus": "ungdc", "start": 11, "end": 28}
    speech_item |= {
        "doc": "Session 77 - 2022/FJI_77_2022.txt",
        "sha256": sha256("The war must end."),
    }
    claim = {"id": "euvsdisinfo-n1", "corpus": "euvsdisinfo", "doc": "http://e/1"}
    claim |= {"sha256": sha256("Kyiv has no army")}
    wrong = speech_item | {"id": "ungdc-n2", "sha256": sha256("Something else.")}
    unlabelled = speech_item | {"id": "ungdc-n3"}
    (tmp_path / "s.json").write_text(json.dumps([speech_item, claim, wrong, unlabelled]))
    (tmp_path / "keys.json").write_text(json.dumps({"p1": "ungdc-n1"}))
    first = "ungdc-n1\tNNN0\neuvsdisinfo-n1\tNAA-\nungdc-n2\tNNN0\n"
    for name, sheet in (
        ("first", first),
        ("second", "p1\tNSS-\n"),
        ("decided", "ungdc-n1\tNSS-\n"),
    ):
        (tmp_path / f"{name}.tsv").write_text(sheet)
    return tmp_path


def test_selected_passages_with_labels_become_annotations(selection, monkeypatch, capsys):
    for module in (import_annotations, assign_splits, second_labels):
        wanted = {name: DOCUMENTS[name] for name in ("ungdc", "euvsdisinfo")}
        monkeypatch.setattr(module, "DOCUMENTS", wanted)
    annotations = selection / "annotations"
    annotations.mkdir()
    sheets = [f"--{name}={selection / name}.tsv" for name in ("first", "second", "decided")]
    places = [f"--corpora={selection / 'corpora'}", f"--annotations={annotations}"]
    keys = f"--keys={selection / 'keys.json'}"
    import_annotations.main([str(selection / "s.json"), *sheets, *places, keys])
    assert "'added': 2" in (out := capsys.readouterr().out)
    assert "'unconfirmed': 1" in out
    assert "1 selected passages have no first label" in out
    joined = load_annotated(None, selection / "corpora", annotations)
    found = {row["text"]: (encode(row), row["year"]) for row in joined.rows}
    assert found == {"The war must end.": ("NSS-", 2022), "Kyiv has no army": ("NAA-", 2019)}
    record = second_labels.read_record(annotations / "agreement.jsonl")
    assert sorted(record["ungdc-n1"]) == [0, 1, 2]
