"""Take the wanted files out of a publisher's zip or tar archive."""

import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from training.download import FetchError
from training.publishers import Download


def _members(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of every file of a zip or tar archive."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if not name.endswith("/"):
                    yield name, archive.read(name)
    else:
        with tarfile.open(path) as archive:
            for member in archive:
                content = archive.extractfile(member) if member.isfile() else None
                if content is not None:
                    yield member.name, content.read()


def unpack(path: Path, download: Download, folder: Path) -> int:
    """Write the wanted members of an archive below `folder`; return how many."""
    count = 0
    try:
        for name, content in _members(path):
            inner = _inner_path(name, download)
            if inner is not None:
                (folder / inner).parent.mkdir(parents=True, exist_ok=True)
                (folder / inner).write_bytes(content)
                count += 1
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, OSError) as error:
        raise FetchError(f"{path} cannot be unpacked ({error}); delete it, try again") from error
    if not count:
        raise FetchError(
            f"{path} holds no *{download.suffix} file; has the publisher's form changed?"
        )
    return count


def _inner_path(name: str, download: Download) -> PurePosixPath | None:
    """Return where a member goes below the corpus folder, `None` for one that is not wanted."""
    parts = PurePosixPath(name).parts
    unwanted = any(part in ("..", "/") or part.startswith("._") for part in parts)
    if unwanted or not name.endswith(download.suffix):
        return None
    if download.root:
        starts = [i for i, part in enumerate(parts) if part.startswith(download.root)]
        return PurePosixPath(*parts[starts[0] :]) if starts else None
    if download.members:
        return PurePosixPath(parts[-1]) if parts[-1] in download.members else None
    return PurePosixPath(*parts[1:]) if len(parts) > 2 else None
