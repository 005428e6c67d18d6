"""A bucket as a place for releases: against moto, and against servers that refuse, lie or are not there."""

import http.server
import itertools
import threading

import pytest

from flows.errors import NotPublished, OtherRelease, PlaceFailed, UsageError
from flows.share import bucket as bucket_module
from flows.share.bucket import open_bucket
from flows.share.places import place_of
from flows.share.publish import publish, read_index
from flows.share.pull import pull, releases_at

SAID = b'<?xml version="1.0"?><Error><Code>%s</Code><Message>%s</Message></Error>'


@pytest.fixture(scope="session")
def moto():
    """The address of an S3 server in this process."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def keys(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "owner")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_REGION", "us-east-1")


@pytest.fixture
def place(moto, keys, monkeypatch, request):
    """An empty bucket."""
    from botocore.session import get_session

    monkeypatch.setenv("AWS_ENDPOINT_URL", moto)
    name = f"news-{abs(hash(request.node.name))}"
    get_session().create_client("s3", endpoint_url=moto, region_name="us-east-1").create_bucket(Bucket=name)
    return place_of(f"s3://{name}/some/prefix")


@pytest.fixture
def refusing(keys, monkeypatch):
    """A function that starts a server which answers everything with one status and one body, or does so the first `times`."""
    servers = []

    def start(status, body, *, times=10**6, retries=0):
        answered = itertools.count()

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self):
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                self.send_response(status if next(answered) < times else 200)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("ETag", '"x"')
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            do_GET = do_PUT = do_HEAD = do_DELETE = answer  # noqa: N815  # the names that http.server calls

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setattr(bucket_module, "RETRIES", retries)
        return open_bucket("s3://news/prefix")

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def files_of(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_release_goes_through_a_bucket_unchanged(place, store, tmp_path):
    assert publish(store, place, ["1.0.0", "1.1.0"]).latest == "1.1.0"
    assert publish(store, place, ["1.0.0", "1.1.0"]).uploaded == ()
    pull(place, releases_at(place)["1.0.0"], tmp_path / "data")
    assert files_of(tmp_path / "data") == files_of(store.releases / "1.0.0")


def test_another_release_of_a_version_is_refused_in_a_bucket_too(place, store, otherwise):
    publish(store, place, ["1.0.0"])
    before = place.sizes("")
    with pytest.raises(OtherRelease):
        publish(otherwise, place, ["1.0.0"])
    assert place.sizes("") == before


def test_a_large_file_goes_up_in_parts_and_comes_down_from_any_byte(place, tmp_path, monkeypatch):
    monkeypatch.setattr(bucket_module, "PART_BYTES", 5 << 20)
    data = bytes(range(256)) * 50_000  # 12.8 MB
    (tmp_path / "large").write_bytes(data)
    sent = []
    place.upload("large", tmp_path / "large", "d" * 64, sent.append)
    assert sum(sent) == len(data)
    assert len(sent) == 3
    assert place.holds("large", len(data), "d" * 64)
    assert not place.holds("large", len(data), "e" * 64)
    assert b"".join(place.download("large", 12_000_001)) == data[12_000_001:]


def test_objects_are_created_once_and_replaced_only_as_they_were_read(place):
    assert place.read("x") is None
    assert place.create("x", b"1")
    assert not place.create("x", b"2")
    old = place.read("x")
    assert place.replace("x", b"3", old.tag)
    assert not place.replace("x", b"4", old.tag)
    assert place.read("x").data == b"3"
    place.delete("x")
    place.delete("x")
    assert place.read("x") is None
    assert not place.holds("x", 1, "d" * 64)
    with pytest.raises(NotPublished):
        list(place.download("x", 0))


@pytest.mark.parametrize(
    ("status", "code", "says"),
    [
        (403, b"RequestTimeTooSkewed", "this machine's clock is wrong"),
        (403, b"AccessDenied", "no rights"),
        (403, b"InvalidAccessKeyId", "does not accept the key"),
        (403, b"SignatureDoesNotMatch", "AWS_SECRET_ACCESS_KEY"),
        (404, b"NoSuchBucket", "no such bucket"),
        (507, b"InsufficientStorage", "no space left"),
        (403, b"QuotaExceeded", "no space left"),
        (500, b"InternalError", "failed: .* do the same again in a moment"),
        (503, b"SlowDown", "failed: .* do the same again in a moment"),
    ],
)
def test_what_a_server_refuses_is_said_with_what_to_do(status, code, says, refusing, store, tmp_path):
    place = refusing(status, SAID % (code, b"no"))
    (tmp_path / "file").write_bytes(b"1")
    for act in (
        lambda: publish(store, place, ["1.0.0"]),
        lambda: place.upload("x", tmp_path / "file", "d" * 64, lambda _: None),
        lambda: place.create("x", b"1"),
        lambda: list(place.download("x", 0)),
    ):
        with pytest.raises(PlaceFailed, match=says):
            act()


def test_a_server_that_answers_every_create_with_success_is_not_published_to(refusing, store):
    """As servers do that do not know If-None-Match; here the index is taken for absent, which such a server would say itself."""
    place = refusing(200, b"{}")
    absent = place.read
    from flows.share.bucket import BucketPlace

    class Forgetful(BucketPlace):
        def read(self, name):
            return None if "index" in name or "manifest" in name else absent(name)

    with pytest.raises(PlaceFailed, match="does not honour create-only writes"):
        publish(store, Forgetful(place.address, place.store), ["1.0.0"])


def test_a_server_that_fails_for_seconds_as_it_starts_again_is_waited_for(refusing):
    place = refusing(500, SAID % (b"InternalError", b"not yet"), times=5, retries=bucket_module.RETRIES)
    assert place.read("index.json") is not None


def test_a_server_that_is_not_there_is_named(keys, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setattr(bucket_module, "RETRIES", 0)
    with pytest.raises(PlaceFailed, match=r"the server \(http://127\.0\.0\.1:9\) could not be reached"):
        read_index(open_bucket("s3://news"))


@pytest.mark.parametrize(
    "address",
    [
        "",
        " ",
        "s3://",
        "s3:///prefix",
        "s3://a b/c",
        "s3://news/../x",
        "s3://news/a//x",
        "gs://bucket",
        "https://bucket",
    ],
)
def test_an_address_of_another_kind_is_refused(address):
    with pytest.raises(UsageError, match="s3://BUCKET"):
        place_of(address)


def test_an_open_line_to_another_machine_has_to_be_allowed(keys, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://storage.invalid")
    with pytest.raises(UsageError, match="AWS_ALLOW_HTTP"):
        open_bucket("s3://news")
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    assert open_bucket("s3://news").address == "s3://news"


@pytest.mark.parametrize("endpoint", ["nonsense", "127.0.0.1:9000", "http://", "ftp://storage.invalid"])
def test_an_endpoint_that_is_no_address_is_refused(endpoint, keys, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    with pytest.raises(UsageError, match="AWS_ENDPOINT_URL"):
        open_bucket("s3://news")
