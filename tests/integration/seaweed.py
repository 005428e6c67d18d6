"""SeaweedFS, a real S3 server, on this machine alone: started, killed in the middle, started again on the same disk."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import obstore
from obstore.store import S3Store

START_SECONDS = 60  # it takes two or three; a busy machine takes longer
OWNER = {"AWS_ACCESS_KEY_ID": "owner", "AWS_SECRET_ACCESS_KEY": "owner-secret"}  # may do everything
READER = {"AWS_ACCESS_KEY_ID": "reader", "AWS_SECRET_ACCESS_KEY": "reader-secret"}  # may read and list
BUCKET = "news"


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on: held together while they are chosen, so that all differ."""
    held = []
    try:
        while len(held) < count:
            one = socket.socket()
            one.bind(("127.0.0.1", 0))
            held.append(one)
        return [one.getsockname()[1] for one in held]
    finally:
        for one in held:
            one.close()


@dataclass
class Seaweed:
    """A server with one bucket. `kill` is SIGKILL; `start` brings it back with all it had flushed."""

    folder: Path
    ports: list[int] = field(default_factory=lambda: free_ports(8))
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.ports[0]}"

    def environment(self, who: dict[str, str] = OWNER) -> dict[str, str]:
        """What a program needs to use it."""
        return {**who, "AWS_ENDPOINT_URL": self.endpoint, "AWS_REGION": "us-east-1"}

    def store(self, who: dict[str, str] = OWNER) -> S3Store:
        return S3Store(
            BUCKET,
            endpoint=self.endpoint,
            region="us-east-1",
            access_key_id=who["AWS_ACCESS_KEY_ID"],
            secret_access_key=who["AWS_SECRET_ACCESS_KEY"],
            client_options={"allow_http": True},
            retry_config={"max_retries": 0},
        )

    def start(self) -> None:
        data = self.folder / "data"
        data.mkdir(parents=True, exist_ok=True)
        rights = {
            "identities": [
                {
                    "name": "owner",
                    "credentials": [_keys(OWNER)],
                    "actions": ["Admin", "Read", "List", "Tagging", "Write"],
                },
                {"name": "reader", "credentials": [_keys(READER)], "actions": ["Read", "List"]},
            ]
        }
        (self.folder / "rights.json").write_text(json.dumps(rights))
        s3, master, volume, filer, *rpc = self.ports
        options = {
            "dir": data,
            "ip": "127.0.0.1",
            "ip.bind": "127.0.0.1",
            "master.port": master,
            "master.port.grpc": rpc[0],
            "master.telemetry": "false",
            "master.volumeSizeLimitMB": 64,
            "volume.port": volume,
            "volume.port.grpc": rpc[1],
            "volume.max": 20,
            "filer.port": filer,
            "filer.port.grpc": rpc[2],
            "s3": "true",
            "s3.port": s3,
            "s3.port.grpc": rpc[3],
            "s3.port.iceberg": 0,
            "s3.port.lance": 0,
            "s3.config": self.folder / "rights.json",
        }
        weed = shutil.which("weed") or str(Path(sys.executable).with_name("weed"))
        with (self.folder / "weed.log").open("ab") as log:
            self.process = subprocess.Popen(
                [weed, "server", *(f"-{name}={value}" for name, value in options.items())],
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={"PATH": os.environ["PATH"], "HOME": str(self.folder)},
            )
        self._wait()

    def kill(self) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def _wait(self) -> None:
        until = time.monotonic() + START_SECONDS
        failure: Exception | None = RuntimeError("not tried")
        while failure is not None:
            time.sleep(0.2)
            failure = self._failure()
            ended = self.process is not None and self.process.poll() is not None
            if failure is not None and (ended or time.monotonic() > until):
                log = (self.folder / "weed.log").read_text(errors="replace")[-3000:]
                raise RuntimeError(f"SeaweedFS did not start: {failure}\n{log}") from failure

    def _failure(self) -> Exception | None:
        """What keeps it from taking an object, or from giving each that it held before: its volumes come back one by one."""
        try:
            _make_bucket(self.endpoint)
            store = self.store()
            obstore.put(store, "there", b"")
            for page in obstore.list(store):
                for held in page:
                    obstore.get(store, held["path"]).bytes()
        except Exception as error:  # noqa: BLE001  # whatever it is: it is tried again
            return error
        return None


def _keys(who: dict[str, str]) -> dict[str, str]:
    return {"accessKey": who["AWS_ACCESS_KEY_ID"], "secretKey": who["AWS_SECRET_ACCESS_KEY"]}


def _make_bucket(endpoint: str) -> None:
    """Obstore makes no buckets; botocore comes with moto."""
    from botocore.exceptions import ClientError
    from botocore.session import get_session

    client = get_session().create_client(
        "s3",
        region_name="us-east-1",
        endpoint_url=endpoint,
        aws_access_key_id=OWNER["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=OWNER["AWS_SECRET_ACCESS_KEY"],
    )
    try:
        client.create_bucket(Bucket=BUCKET)
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"BucketAlreadyExists", "BucketAlreadyOwnedByYou"}:
            raise


@contextmanager
def seaweed(folder: Path) -> Iterator[Seaweed]:
    """A running server, killed in the end whatever happens."""
    server = Seaweed(folder)
    try:
        server.start()
        yield server
    finally:
        server.kill()
