"""Fetching corpora: a local server on 127.0.0.1 and small files stand for the publishers."""

import hashlib
import io
import json
import tarfile
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from training import fetch as fetching
from training.download import ChecksumError, FetchError
from training.publishers import PUBLISHERS, Download, Publisher
from training.sources import AUXILIARY, DOCUMENTS

CONTENT = b"id,title\n" + b"http://e/1,A claim\n" * 400


class Server:
    """Serves `files` by path; `ranges` notes what was asked for, `cut` breaks off one answer."""

    def __init__(self):
        self.files, self.ranges, self.cut, self.ignore_range = {}, [], None, False
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.answer(self)

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def answer(self, request):
        content = self.files.get(request.path)
        if content is None:
            request.send_error(404)
            return
        wanted = request.headers.get("Range")
        self.ranges.append(wanted)
        start = 0 if wanted is None or self.ignore_range else int(wanted[6:].rstrip("-"))
        if start >= len(content):
            request.send_error(416)
            return
        request.send_response(206 if start else 200)
        request.send_header("Content-Length", str(len(content) - start))
        request.end_headers()
        body = content[start:]
        if self.cut is not None:
            body, self.cut = body[: self.cut], None
        request.wfile.write(body)


@pytest.fixture
def server():
    server = Server()
    yield server
    server.http.shutdown()
    server.http.server_close()


def publisher(server, **fields) -> Publisher:
    server.files["/posts.csv"] = CONTENT
    download = Download(f"{server.url}/posts.csv", "claims.csv", **fields)
    return Publisher("euvsdisinfo", "CC BY-SA 4.0", "a test", (download,))


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_a_file_arrives_with_its_record(server, tmp_path):
    fetching.fetch(publisher(server, sha256=digest(CONTENT)), tmp_path)
    assert (tmp_path / "claims.csv").read_bytes() == CONTENT
    record = json.loads((tmp_path / "FETCHED.json").read_text())["claims.csv"]
    assert record["sha256"] == digest(CONTENT)
    assert record["bytes"] == len(CONTENT)


def test_a_broken_connection_leaves_a_partial_file_and_the_next_try_goes_on(server, tmp_path):
    corpus = publisher(server, sha256=digest(CONTENT))
    server.cut = 1000
    with pytest.raises(FetchError, match="1000 of"):
        fetching.fetch(corpus, tmp_path)
    assert (tmp_path / "claims.csv.partial").stat().st_size == 1000
    assert not (tmp_path / "claims.csv").exists()
    fetching.fetch(corpus, tmp_path)
    assert server.ranges == [None, "bytes=1000-"]
    assert (tmp_path / "claims.csv").read_bytes() == CONTENT
    assert not (tmp_path / "claims.csv.partial").exists()


def test_a_server_without_ranges_starts_over(server, tmp_path):
    (tmp_path / "claims.csv.partial").write_bytes(CONTENT[:500])
    server.ignore_range = True
    fetching.fetch(publisher(server, sha256=digest(CONTENT)), tmp_path)
    assert (tmp_path / "claims.csv").read_bytes() == CONTENT


def test_a_partial_file_that_is_whole_is_taken(server, tmp_path):
    (tmp_path / "claims.csv.partial").write_bytes(CONTENT)
    fetching.fetch(publisher(server, sha256=digest(CONTENT)), tmp_path)
    assert (tmp_path / "claims.csv").read_bytes() == CONTENT


def test_a_file_that_is_there_is_not_fetched_again(server, tmp_path):
    (tmp_path / "claims.csv").write_bytes(CONTENT)
    (done,) = fetching.fetch(publisher(server, sha256=digest(CONTENT)), tmp_path)
    assert "already there" in done
    assert server.ranges == []


def test_a_wrong_checksum_is_refused_and_the_file_removed(server, tmp_path):
    with pytest.raises(ChecksumError, match=digest(CONTENT)):
        fetching.fetch(publisher(server, sha256="0" * 64), tmp_path)
    assert not (tmp_path / "claims.csv").exists()


def test_a_missing_page_and_a_closed_port_are_one_line_with_the_way_out(server, tmp_path):
    gone = Publisher("x", "", "", (Download(f"{server.url}/gone", "gone.csv"),))
    with pytest.raises(FetchError, match=r"404.*--from DIR"):
        fetching.fetch(gone, tmp_path)
    closed = Publisher("x", "", "", (Download("http://127.0.0.1:1/x", "x.csv"),))
    with pytest.raises(FetchError, match=r"no download from http://127\.0\.0\.1:1/x") as caught:
        fetching.fetch(closed, tmp_path)
    assert "\n" not in str(caught.value)


def tar(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def test_an_archive_keeps_the_wanted_members_below_the_corpus_folder(server, tmp_path):
    members = {
        "TXT/Session 56 - 2001/BLR_56_2001.txt": b"speech",
        "TXT/Session 56 - 2001/._BLR_56_2001.txt": b"resource fork",
        "TXT/../Session 1/escape.txt": b"no",
        "TXT/readme.pdf": b"no",
    }
    server.files["/u.tar.gz"] = tar(**members)
    download = Download(f"{server.url}/u.tar.gz", "u.tar.gz", suffix=".txt", root="Session ")
    fetching.fetch(Publisher("ungdc", "CC0", "", (download,)), tmp_path / "ungdc")
    assert dict(DOCUMENTS["ungdc"](tmp_path / "ungdc")) == {
        "Session 56 - 2001/BLR_56_2001.txt": "speech"
    }
    assert not list(tmp_path.rglob("escape.txt"))


def test_the_members_of_a_zip_are_verified(server, tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("data/train.jsonl", "{}")
    server.files["/n.zip"] = buffer.getvalue()
    for wanted, right in ((digest(b"{}"), True), ("0" * 64, False)):
        members = {"train.jsonl": wanted}
        download = Download(f"{server.url}/n.zip", "n.zip", suffix=".jsonl", members=members)
        corpus = Publisher("newsmtsc", "MIT", "", (download,))
        if right:
            fetching.fetch(corpus, tmp_path)
        else:
            with pytest.raises(ChecksumError):
                fetching.fetch(corpus, tmp_path)
    assert not (tmp_path / "train.jsonl").exists()


def test_an_archive_that_is_none_is_refused(server, tmp_path):
    server.files["/u.tar.gz"] = b"<html>maintenance</html>"
    download = Download(f"{server.url}/u.tar.gz", "u.tar.gz", suffix=".txt")
    with pytest.raises(FetchError, match="cannot be unpacked"):
        fetching.fetch(Publisher("ungdc", "", "", (download,)), tmp_path)


def test_from_a_folder_the_command_copies_and_verifies(tmp_path, capsys):
    source = tmp_path / "mine" / "kremlin"
    source.mkdir(parents=True)
    (source / "press_releases.csv").write_text("link,body\nhttp://k/1,Text\n")
    arguments = ["kremlin", "--from", str(tmp_path / "mine"), "--to", str(tmp_path / "corpora")]
    assert fetching.main(arguments) == 0
    assert "CC BY 4.0" in capsys.readouterr().out
    assert DOCUMENTS["kremlin"](tmp_path / "corpora" / "kremlin") == {"http://k/1": "Text"}


def test_from_a_folder_with_other_content_is_an_error_line_and_status_3(tmp_path, capsys):
    (tmp_path / "ruw").mkdir()
    assert fetching.main(["ruw", "--from", str(tmp_path), "--to", str(tmp_path / "out")]) == 3
    assert capsys.readouterr().err.startswith("error: no ruw files")
    for name in ("train.csv", "val.csv", "test.csv"):
        (tmp_path / "ruw" / name).write_text("Tweet\n")
    assert fetching.main(["ruw", "--from", str(tmp_path), "--to", str(tmp_path / "out")]) == 3
    assert "wanted e63c65af" in capsys.readouterr().err


def test_the_table_covers_every_corpus_with_address_and_licence():
    assert set(PUBLISHERS) == {*DOCUMENTS, *AUXILIARY}
    for corpus in PUBLISHERS.values():
        assert corpus.licence
        assert all(download.url.startswith("https://") for download in corpus.downloads)
        assert all(len(known) == 64 for known in corpus.checksums().values())
