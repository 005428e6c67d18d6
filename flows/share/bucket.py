"""A bucket of an S3 server as a place for releases, through obstore.

The environment variables are the usual ones: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION,
AWS_ENDPOINT_URL for another server than Amazon's. Without a key nothing is signed: a public bucket can be pulled from.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    PermissionDeniedError,
    PreconditionError,
    UnauthenticatedError,
)
from obstore.store import S3Store

from flows.errors import NotPublished, PlaceFailed, UsageError
from flows.share.places import BUCKET_SCHEME, Stored, Told, told

if TYPE_CHECKING:  # obstore has no such name at run time
    from obstore.store import BackoffConfig

PART_BYTES = 16 << 20  # of a multipart upload; a server takes 10,000 parts, so files of up to 160 GB
DIGEST = "sha256"  # user metadata of an uploaded object, which `holds` compares
# Of a request that the server did not answer or failed at: some ten seconds in all. A server that starts again answers requests
# before it can read what it holds; with obstore's own steps (base 2, which grow by a twentieth of a second) four took 0.6 s.
RETRIES = 8
BACKOFF: "BackoffConfig" = {
    "init_backoff": timedelta(milliseconds=100),
    "base": 3,
    "max_backoff": timedelta(seconds=4),
}
CONNECT = timedelta(seconds=5)
SILENCE = timedelta(seconds=60)  # of a server in the middle of an answer, until it is given up
A_MOMENT = timedelta(seconds=2)  # that a command may be held up to learn whether its pinned release still stands
BUCKET_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,62}")  # S3's rule, and what older servers allowed beside it
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
SIGNS_WITH = (  # what obstore can find credentials by; AWS_METADATA_ENDPOINT: the role of a machine in Amazon's cloud
    *("AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_METADATA_ENDPOINT"),
    *("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"),
)


@dataclass(frozen=True)
class BucketPlace:
    """Releases below a prefix of a bucket."""

    address: str
    store: S3Store

    def sizes(self, prefix: str) -> dict[str, int]:
        """Name to bytes of every object below `prefix`."""
        with self._named(prefix):
            return {
                meta["path"]: meta["size"]
                for page in obstore.list(self.store, prefix=prefix.rstrip("/"))
                for meta in page
            }

    def read(self, name: str) -> Stored | None:
        """A small object; None if it is not there."""
        with self._named(name):
            try:
                found = obstore.get(self.store, name)
                return Stored(bytes(found.bytes()), found.meta["e_tag"] or "")
            except FileNotFoundError as error:
                self._check_bucket(error)
                return None

    def create(self, name: str, data: bytes) -> bool:
        """Write a small object that must not be there yet (If-None-Match: *)."""
        with self._named(name):
            try:
                obstore.put(self.store, name, data, mode="create")
            except (AlreadyExistsError, PreconditionError):
                return False
        return True

    def replace(self, name: str, data: bytes, tag: str) -> bool:
        """Write over a small object that must still be the one with this tag (If-Match)."""
        with self._named(name):
            try:
                obstore.put(self.store, name, data, mode={"e_tag": tag})
            except (PreconditionError, AlreadyExistsError):
                return False
            except FileNotFoundError as error:
                self._check_bucket(error)
                return False
        return True

    def holds(self, name: str, size: int, digest: str) -> bool:
        """Is this object there, with this size, and was it uploaded with this SHA-256? Its bytes are not fetched to know."""
        with self._named(name):
            try:
                found = obstore.get(self.store, name, options={"head": True})
            except FileNotFoundError:
                return False
            return found.meta["size"] == size and found.attributes.get(DIGEST) == digest

    def upload(self, name: str, file: Path, digest: str, sent: Told) -> None:
        """Write a file of any size; it is there once all of it has come."""
        with self._named(name), file.open("rb") as stream:
            if file.stat().st_size <= PART_BYTES:
                data = stream.read()
                obstore.put(self.store, name, data, attributes={DIGEST: digest}, use_multipart=False)
                sent(len(data))
                return
            parts = iter(lambda: stream.read(PART_BYTES), b"")
            obstore.put(
                self.store,
                name,
                told(parts, sent),
                attributes={DIGEST: digest},
                chunk_size=PART_BYTES,
                max_concurrency=4,
            )

    def download(self, name: str, offset: int) -> Iterator[bytes]:
        """The bytes of an object from `offset` on."""
        with self._named(name):
            try:
                found = obstore.get(self.store, name, options={"range": {"offset": offset}} if offset else None)
            except FileNotFoundError as error:
                self._check_bucket(error)
                raise NotPublished(
                    f"{self.address}/{name} is not there. Ask whoever publishes there to publish it again."
                ) from error
            for part in found.stream(min_chunk_size=1 << 20):
                yield bytes(part)

    def delete(self, name: str) -> None:
        """Remove an object, if it is there."""
        with self._named(name):
            try:
                obstore.delete(self.store, name)
            except FileNotFoundError as error:
                self._check_bucket(error)

    def _check_bucket(self, error: FileNotFoundError) -> None:
        if _code(str(error)) == "NoSuchBucket":
            raise PlaceFailed(
                f"{self.address}: there is no such bucket. Make it first, or look at its name."
            ) from error

    @contextmanager
    def _named(self, name: str) -> Iterator[None]:
        """Let what the server refuses be said with what to do next.

        Raises:
            PlaceFailed: it could not be reached, has no space, or gives no rights.
        """
        try:
            yield
        except (BaseError, FileNotFoundError) as error:  # of a put: there is no bucket to put into
            raise PlaceFailed(f"{self.address}/{name}: {_what_to_do(error)}") from error


def open_bucket(address: str, *, patient: bool = True) -> BucketPlace:
    """The bucket that an address names; nothing is asked yet.

    Args:
        address: s3://BUCKET or s3://BUCKET/PREFIX.
        patient: ask again where a server does not answer, and let files take their time; else give up after a moment.

    Raises:
        UsageError: it names none, or the server's address is not encrypted and not this machine's.
    """
    bucket, _, prefix = address.removeprefix(BUCKET_SCHEME).partition("/")
    parts = prefix.strip("/").split("/")
    if not BUCKET_NAME.fullmatch(bucket) or (prefix.strip("/") and any(part in {"", ".", ".."} for part in parts)):
        raise UsageError(f"{address} names no bucket, or no plain prefix: write s3://BUCKET or s3://BUCKET/PREFIX")
    endpoint = urlsplit(os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL", ""))
    if endpoint.geturl() and (
        endpoint.scheme not in {"http", "https"} or not endpoint.hostname
    ):  # obstore panics on it
        raise UsageError(
            f"AWS_ENDPOINT_URL is {endpoint.geturl()!r}, which is no address: write https://HOST or https://HOST:PORT"
        )
    is_open = endpoint.scheme == "http"
    if (
        is_open
        and endpoint.hostname not in LOOPBACK
        and os.environ.get("AWS_ALLOW_HTTP", "").lower() not in {"1", "true"}
    ):
        raise UsageError(
            f"{endpoint.geturl()} is not encrypted: whoever is between could read along. Use https://, or allow it: AWS_ALLOW_HTTP=true"
        )
    try:
        store = S3Store(
            bucket,
            prefix=prefix.strip("/") or None,
            skip_signature=not any(os.environ.get(name) for name in SIGNS_WITH),
            client_options={
                "allow_http": is_open,
                "connect_timeout": CONNECT if patient else A_MOMENT,
                "read_timeout": SILENCE if patient else A_MOMENT,
                "timeout": timedelta(days=1) if patient else A_MOMENT,  # of a whole file; obstore's own is 30 s
            },
            retry_config={
                "max_retries": RETRIES if patient else 0,
                "retry_timeout": timedelta(seconds=30),
                "backoff": BACKOFF,
            },
        )
    except (BaseError, ValueError) as error:
        raise UsageError(f"{address} cannot be used: {_first_line(error)}") from error
    return BucketPlace(address.rstrip("/"), store)


def _code(message: str) -> str:
    """The S3 error code in what obstore says.

    >>> _code("Client error with status 403 Forbidden: <Error><Code>AccessDenied</Code></Error>")
    'AccessDenied'
    """
    found = re.search(r"<Code>(\w+)</Code>", message)
    return found[1] if found else ""


def _what_to_do(error: Exception) -> str:
    message = str(error)
    code = _code(message)
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or "Amazon's"
    if code in {"RequestTimeTooSkewed", "RequestExpired"}:
        return "the server refuses, as this machine's clock is wrong, by its own. Set the clock (date; timedatectl), then do the same again."
    if code in {"InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken"}:
        return f"the server does not accept the key ({code}). Look at AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN."
    if re.search(r"InsufficientStorage|QuotaExceeded|StorageFull|no space|No space|disk full|status 507", message):
        return "the server has no space left. Free some there, then do the same again: it goes on where it stopped."
    if isinstance(error, PermissionDeniedError | UnauthenticatedError) or code == "AccessDenied":
        unsigned = (
            ""
            if any(os.environ.get(name) for name in SIGNS_WITH)
            else " AWS_ACCESS_KEY_ID is not set: the request was not signed."
        )
        return f"no rights to do this ({code or 'the server says no more'}).{unsigned} Ask who owns the bucket, or use another."
    if code == "NoSuchBucket":
        return "there is no such bucket. Make it first, or look at its name."
    if re.search(r"status(?: code:)? 5\d\d", message):
        return (
            f"the server ({endpoint}) failed: {_first_line(error)} That is its fault and often passes: do the same again in a moment, "
            "it goes on where it stopped."
        )
    if re.search(r"error sending request|[Cc]onnect|dns|timed out|TimedOut|Body|SendRequest", message):
        return (
            f"the server ({endpoint}) could not be reached, or broke off: {_first_line(error)} Look at the network and AWS_ENDPOINT_URL, "
            "then do the same again: it goes on where it stopped."
        )
    return f"{code + ': ' if code else ''}{_first_line(error)}"


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split("\n\nDebug")[0].split())[:300].rstrip(".") + "."
