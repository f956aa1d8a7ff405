"""Fetch a public corpus: python -m training.fetch NAME [--from DIR] [--to corpora].

NAME is ungdc, kremlin, whitehouse, euvsdisinfo, perspectrum, newsmtsc, ruw or all. An interrupted
download goes on from its `.partial` file. `--from DIR` copies DIR/NAME (or DIR) instead. Files with
a known checksum are verified. Exit status 3 with one line on standard error where it cannot be had.
"""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

from training.download import ChecksumError, FetchError, download_file
from training.publishers import PUBLISHERS, Download, Publisher
from training.standoff import file_sha256
from training.unpack import unpack

RECORD = "FETCHED.json"


def fetch(publisher: Publisher, folder: Path, source: Path | None = None) -> list[str]:
    """Bring a corpus to `folder` from its publisher or from a folder; return what was done.

    Raises:
        FetchError: no connection, a refusal, a broken archive, or nothing usable in `source`.
        ChecksumError: a file differs from its checksum; it is removed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if source is not None:
        return [_copy(publisher, source, folder)]
    return [_download(publisher, download, folder) for download in publisher.downloads]


def _download(publisher: Publisher, download: Download, folder: Path) -> str:
    """Bring one address; return a line on what was done."""
    path, known = folder / download.name, publisher.checksums()
    wanted = list(download.members or {}) if download.is_archive else [download.name]
    verified = [name for name in wanted if name in known and _matches(folder / name, known[name])]
    if wanted and len(verified) == len(wanted):
        return f"{', '.join(wanted)}: already there, checksum right"
    download_file(download.url, path)
    digest = file_sha256(path)
    if download.sha256 and digest != download.sha256:
        path.unlink()
        raise ChecksumError(_differs(path, digest, download.sha256))
    _write_record(folder, download, digest)
    if not download.is_archive:
        return f"{path}: {path.stat().st_size} bytes, sha256 {digest}"
    count = unpack(path, download, folder)
    _verify(publisher, folder)
    path.unlink()
    return f"{folder}: {count} files of {download.name}, sha256 {digest}"


def _copy(publisher: Publisher, source: Path, folder: Path) -> str:
    """Copy a corpus from a folder that holds it, or that holds a folder of its name."""
    origin = source / publisher.name if (source / publisher.name).is_dir() else source
    files = [path for path in sorted(origin.rglob("*")) if path.is_file()]
    suffixes = tuple(d.suffix or Path(d.name).suffix for d in publisher.downloads)
    wanted = [path for path in files if path.name.endswith(suffixes)]
    if not wanted:
        raise FetchError(f"no {publisher.name} files ({', '.join(set(suffixes))}) in {origin}")
    for path in wanted:
        target = folder / path.relative_to(origin)
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            copy = Path(scratch) / path.name
            shutil.copyfile(path, copy)
            copy.replace(target)
    _verify(publisher, folder)
    return f"{folder}: {len(wanted)} files from {origin}"


def _verify(publisher: Publisher, folder: Path) -> None:
    """Raise where a file with a known checksum is missing or differs; it is removed."""
    for name, wanted in publisher.checksums().items():
        path = folder / name
        if not path.is_file():
            raise FetchError(f"{path} is missing; the {publisher.name} corpus has {name}")
        digest = file_sha256(path)
        if digest != wanted:
            path.unlink()
            raise ChecksumError(_differs(path, digest, wanted))


def _matches(path: Path, wanted: str) -> bool:
    return path.is_file() and file_sha256(path) == wanted


def _differs(path: Path, got: str, wanted: str) -> str:
    return f"{path}: sha256 {got}, wanted {wanted}; removed, the publisher's file may have changed"


def _write_record(folder: Path, download: Download, digest: str) -> None:
    """Note address, checksum and size of what was fetched."""
    path = folder / RECORD
    record = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    size = (folder / download.name).stat().st_size
    record[download.name] = {"url": download.url, "sha256": digest, "bytes": size}
    path.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Fetch the named corpora; return 0, or 3 after a one-line error."""
    parser = argparse.ArgumentParser(prog="training.fetch", description=__doc__)
    parser.add_argument("name", choices=[*PUBLISHERS, "all"])
    parser.add_argument("--from", dest="source", type=Path, metavar="DIR")
    parser.add_argument("--to", type=Path, default=Path("corpora"), metavar="DIR")
    options = parser.parse_args(arguments)
    names = list(PUBLISHERS) if options.name == "all" else [options.name]
    try:
        for publisher in (PUBLISHERS[name] for name in names):
            print(f"{publisher.name}: {publisher.source}; licence: {publisher.licence}")
            print(f"  note: {publisher.note}\n" if publisher.note else "", end="")
            for line in fetch(publisher, options.to / publisher.name, options.source):
                print(f"  {line}")
    except FetchError as error:
        print(f"error: {error}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
