"""Where each public corpus comes from: address, licence, checksum of every file.

A checksum stands where the publisher's file is fixed (a commit, a released archive's members);
`None` where the publisher's address moves on. What was fetched there is recorded in the corpus's
`FETCHED.json`, and the stand-off join checks every single passage by its own hash anyway.
"""

from collections.abc import Mapping
from dataclasses import dataclass

_RAW = "https://raw.githubusercontent.com"
_PERSPECTRUM = f"{_RAW}/CogComp/perspectrum"
_RUW = f"{_RAW}/multi-target/RUW/abb7154986607f25f4c7d02741dccee5f4a5104b"


@dataclass(frozen=True)
class Download:
    """One address: a file (`name`, `sha256`), or an archive of which the members are kept.

    Of an archive, members that end in `suffix` are kept, below the first path part that begins
    with `root` (all below the top folder where `root` is empty); `members` gives the checksums
    of those that must be there.
    """

    url: str
    name: str
    sha256: str | None = None
    suffix: str = ""
    root: str = ""
    members: Mapping[str, str] | None = None

    @property
    def is_archive(self) -> bool:
        """Whether the file is taken apart after the download."""
        return bool(self.suffix)


@dataclass(frozen=True)
class Publisher:
    """A corpus and where it comes from; `note` is what a user must know before using it."""

    name: str
    licence: str
    source: str
    downloads: tuple[Download, ...]
    note: str = ""

    def checksums(self) -> dict[str, str]:
        """Return the known checksums by the file's name in the corpus folder."""
        known = {d.name: d.sha256 for d in self.downloads if d.sha256 and not d.is_archive}
        for download in self.downloads:
            known.update(download.members or {})
        return known


PUBLISHERS: dict[str, Publisher] = {
    publisher.name: publisher
    for publisher in (
        Publisher(
            "ungdc",
            "CC0 1.0",
            "UN General Debate Corpus, Jankin, Baturo, Dasandi; doi:10.7910/DVN/0TJX8Y",
            (
                Download(
                    "https://dataverse.harvard.edu/api/access/datafile/11095259",
                    "UNGDC_1946-2024.tar.gz",
                    suffix=".txt",
                    root="Session ",
                ),
            ),
            "the whole corpus; the annotations name 1,192 of its speeches",
        ),
        Publisher(
            "kremlin",
            "CC BY 4.0",
            "kremlin.ru, as collected in github PeiYiZhuo/zelenskyy-putin",
            (
                Download(
                    f"{_RAW}/PeiYiZhuo/zelenskyy-putin/HEAD/press_release_data/putin.csv",
                    "press_releases.csv",
                ),
            ),
        ),
        Publisher(
            "whitehouse",
            "public domain (works of the US government)",
            "whitehouse.gov, as collected in github brian14708/wh-briefings",
            (
                Download(
                    "https://codeload.github.com/brian14708/wh-briefings/tar.gz/HEAD",
                    "wh-briefings.tar.gz",
                    suffix=".md",
                ),
            ),
        ),
        Publisher(
            "euvsdisinfo",
            "CC BY-SA 4.0 (dataset form, zenodo 10514307)",
            "EUvsDisinfo, European External Action Service, as collected in cknabs/EUvsDisinfo",
            (Download(f"{_RAW}/cknabs/EUvsDisinfo/HEAD/data/posts.csv", "claims.csv"),),
            "claims made by others: never shown as facts",
        ),
        Publisher(
            "perspectrum",
            "CC BY-SA 4.0",
            "Perspectrum, Chen et al., NAACL 2019; github CogComp/perspectrum",
            (
                Download(
                    f"{_PERSPECTRUM}/317ae35bdb09718024735d40eee54689d07d2b49/data/dataset/"
                    "dataset_split_v1.0.json",
                    "dataset_split_v1.0.json",
                    "5ba5296f6e5956c44a2fd014b15a3f7c10b9a253451162932acaf217f20cd7da",
                ),
                Download(
                    f"{_PERSPECTRUM}/317ae35bdb09718024735d40eee54689d07d2b49/data/dataset/"
                    "perspective_pool_v1.0.json",
                    "perspective_pool_v1.0.json",
                    "d4d4e78c4777ea971d26546a8819aa9e02c5a68ffff45e10b40ca0cb91b43ae4",
                ),
                Download(
                    f"{_PERSPECTRUM}/0a8b13c1e4c78a07cc618df6a46f3153e7e3f40d/data/dataset/"
                    "perspectrum_with_answers_v1.0.json",
                    "perspectrum_with_answers_v1.0.json",
                    "39d0391d26ebe21efb1cc3162abcc3c4212d2eadfb07514129c3015d6f6ae1f1",
                ),
            ),
        ),
        Publisher(
            "newsmtsc",
            "MIT",
            "NewsMTSC, Hamborg and Donnay, EACL 2021; github fhamborg/NewsMTSC",
            (
                Download(
                    f"{_RAW}/fhamborg/NewsMTSC/ea6766fc8fa02fc6b2aeb26ee63707e24790c506/"
                    "NewsSentiment/controller_data/datasets/NewsMTSC-dataset/NewsMTSC-dataset.zip",
                    "NewsMTSC-dataset.zip",
                    suffix=".jsonl",
                    members={
                        "train.jsonl": (
                            "fb80ff05993dd59016c36abefaa7bd00d77cb0cb38a781c1f9edd9ad7c61471e"
                        ),
                        "devtest_rw.jsonl": (
                            "c915d6461625cc610a43fd0bac7a25dddfc1252e1331a4bfb7cc30e75b35982a"
                        ),
                        "devtest_mt.jsonl": (
                            "f7657900083bc12f41f1dcd7f19ae5b3eec87844da5eeb22d07ee916fe83a865"
                        ),
                    },
                ),
            ),
        ),
        Publisher(
            "ruw",
            "none stated",
            "RUW, github multi-target/RUW",
            (
                Download(
                    f"{_RUW}/raw_train_Russia_Ukraine.csv",
                    "train.csv",
                    "e63c65afc3491a51fabec0709b559004ee03453aa392f5b3fac005a55a6372c2",
                ),
                Download(
                    f"{_RUW}/raw_val_Russia_Ukraine.csv",
                    "val.csv",
                    "3c13e456bc4b830370a15ebd888de428d1b3a929ad14d1220cc3b0e4a5b50ff0",
                ),
                Download(
                    f"{_RUW}/raw_test_Russia_Ukraine.csv",
                    "test.csv",
                    "92f4f6817e20c65969b4215770d3253ef8d7b03d89972050b769a730bf1c85af",
                ),
            ),
            "no licence: benchmark only, no model that ships is trained on it",
        ),
    )
}
