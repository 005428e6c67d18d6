"""Whoever pinned a release that was withdrawn is told, whatever command they use, and nobody waits for it."""

import http.server
import json
import threading
from datetime import date

import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.share.folder import FolderPlace
from flows.share.index import Entry, YankSaid, index_json
from flows.share.lock import LOCK, Lock, write_lock
from flows.share.pinned import pinned_warning
from flows.share.publish import publish
from flows.store.withdrawn import Yank, write_yank

TODAY, TOMORROW = date(2026, 1, 2), date(2026, 1, 3)
YANK = Yank("1.0.0", "wrong days", "1.1.0", "2026-01-02")
GOOD = Entry("1.0.0", "a" * 64, 1)
YANKED = Entry("1.0.0", "a" * 64, 1, YankSaid("wrong days", "1.1.0", "2026-01-02"))


def pin(folder, source, digest="a" * 64, version="1.0.0"):
    write_lock(folder / LOCK, Lock("dateline", version, digest, str(source), "data"))


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path / "project"


@pytest.fixture
def published(store, tmp_path):
    place = FolderPlace(tmp_path / "published")
    publish(store, place, ["1.0.0", "1.1.0"])
    return place


@pytest.fixture
def bucket(monkeypatch):
    """A server that has only an index; `asked` counts."""

    class Handler(http.server.BaseHTTPRequestHandler):
        entry, asked = GOOD, 0

        def do_GET(self):
            Handler.asked += 1
            data = index_json({"1.0.0": Handler.entry})
            self.send_response(200)
            self.send_header("ETag", '"x"')
            self.send_header("Last-Modified", "Fri, 02 Jan 2026 00:00:00 GMT")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
    yield Handler
    server.shutdown()
    server.server_close()


def test_without_a_lock_there_is_nothing_to_say(project):
    assert pinned_warning(project, TODAY) is None


@pytest.mark.parametrize("source", ["published", "warehouse"])
def test_a_yank_is_told_to_whoever_pinned_the_release_with_what_to_use(source, project, store, published):
    digest = json.loads((published.root / "index.json").read_text())["releases"][0]["manifest_sha256"]
    pin(project, f"../{source}", digest)
    assert pinned_warning(project, TODAY) is None
    write_yank(store, YANK)
    publish(store, published, ["1.1.0"])
    said = pinned_warning(project, TODAY)
    assert "yanked on 2026-01-02: wrong days; use 1.1.0" in said
    assert "dateline upgrade 1.1.0" in said


def test_every_command_tells_it_on_stderr(project, store, published):
    digest = json.loads((published.root / "index.json").read_text())["releases"][0]["manifest_sha256"]
    pin(project, "../published", digest)
    write_yank(store, YANK)
    publish(store, published, ["1.1.0"])
    for arguments in (["releases", "-w", "../warehouse"], ["schema"], ["query", "select 1", "-w", "../warehouse"]):
        result = CliRunner().invoke(app, arguments)
        assert result.exit_code == 0
        assert "which dateline.lock pins, was yanked" in result.stderr
        assert "dateline.lock pins" not in result.stdout


def test_a_release_that_the_source_has_otherwise_is_told(project, published):
    pin(project, "../published", "f" * 64)
    assert "not the one of" in pinned_warning(project, TODAY)


def test_a_source_that_is_gone_is_no_reason_to_warn(project):
    pin(project, "../nowhere")
    assert pinned_warning(project, TODAY) is None


@pytest.mark.parametrize("spoilt", ["lock", "index"])
def test_a_spoilt_file_stops_no_command(spoilt, project, published):
    pin(project, "../published")
    (project / LOCK if spoilt == "lock" else published.root / "index.json").write_text("{")
    result = CliRunner().invoke(app, ["schema"])
    assert result.exit_code == 0
    assert spoilt in result.stderr


def test_a_bucket_is_asked_once_a_day_and_what_it_said_is_told_all_day(project, bucket):
    pin(project, "s3://news")
    bucket.entry = YANKED
    assert "wrong days" in pinned_warning(project, TODAY)
    assert "wrong days" in pinned_warning(project, TODAY)
    assert bucket.asked == 1
    bucket.entry = GOOD
    assert pinned_warning(project, TOMORROW) is None
    assert bucket.asked == 2


def test_another_lock_is_asked_for_anew(project, bucket):
    pin(project, "s3://news")
    assert pinned_warning(project, TODAY) is None
    pin(project, "s3://news", "b" * 64)
    assert "not the one of" in pinned_warning(project, TODAY)


def test_a_bucket_that_cannot_be_reached_is_said_so_once_a_day_and_what_was_known_stays(project, bucket, monkeypatch):
    pin(project, "s3://news")
    bucket.entry = YANKED
    pinned_warning(project, TODAY)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    assert "wrong days" in pinned_warning(project, TOMORROW)
    pin(project, "s3://news", "b" * 64)
    assert "could not ask whether 1.0.0" in pinned_warning(project, TOMORROW)
    assert pinned_warning(project, TOMORROW) is None
