"""Download one file, going on where an earlier try stopped."""

import http.client
import shutil
import urllib.error
import urllib.request
from pathlib import Path

from quotestance.errors import QuotestanceError

CHUNK = 1 << 16
TIMEOUT_S = 60
_WAYS_OUT = "try again (it goes on where it stopped) or give a copy with --from DIR"


class FetchError(QuotestanceError, OSError):
    """A corpus that cannot be had; the message names the address and the way out."""


class ChecksumError(FetchError):
    """A file that is not the one the table names."""


def download_file(url: str, path: Path) -> None:
    """Download to `path` by way of `path.partial`, going on where an earlier try stopped."""
    partial = path.with_name(path.name + ".partial")
    start = partial.stat().st_size if partial.is_file() else 0
    headers = {"User-Agent": "quotestance-fetch"} | ({"Range": f"bytes={start}-"} if start else {})
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, headers=headers), timeout=TIMEOUT_S
        ) as response:
            # A server that ignores the range sends the whole file with status 200.
            with partial.open("ab" if response.status == 206 else "wb") as file:
                shutil.copyfileobj(response, file, CHUNK)
            _require_whole(response, partial, start)
    except urllib.error.HTTPError as error:
        if error.code != 416 or not start:
            raise FetchError(f"{url} answered {error.code} {error.reason}; {_WAYS_OUT}") from error
        # 416: nothing lies beyond what is there, so it is whole; the checksum decides.
    except (OSError, http.client.HTTPException) as error:
        if isinstance(error, FetchError):
            raise
        reason = getattr(error, "reason", error)
        raise FetchError(f"no download from {url} ({reason}); {_WAYS_OUT}") from error
    partial.replace(path)


def _require_whole(response: http.client.HTTPResponse, partial: Path, start: int) -> None:
    """Raise where the connection ended before the announced length."""
    length = response.headers.get("Content-Length")
    wanted = None if length is None else int(length) + (start if response.status == 206 else 0)
    got = partial.stat().st_size
    if wanted is not None and got < wanted:
        raise FetchError(f"connection ended after {got} of {wanted} bytes; {_WAYS_OUT}")
