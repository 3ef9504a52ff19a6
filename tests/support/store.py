"""A store that speaks S3, on this machine, for tests."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tasks.settings import settings
from tests.support.ports import own_port

BUCKET = "orchestrator-files"
KEY, SECRET = "AKIAOFTHETESTS00", "a secret of the tests only"


@dataclass(frozen=True, slots=True)
class Store:
    """The store at this address; its bucket is there."""

    endpoint: str

    def names(self) -> list[str]:
        """Return what lies in the bucket."""
        found = self._client().list_objects_v2(Bucket=BUCKET).get("Contents", [])
        return sorted(one["Key"] for one in found)

    def content(self, key: str) -> bytes:
        read: bytes = self._client().get_object(Bucket=BUCKET, Key=key)["Body"].read()
        return read

    def replace(self, key: str, content: bytes) -> None:
        self._client().put_object(Bucket=BUCKET, Key=key, Body=content)

    def delete(self, key: str) -> None:
        self._client().delete_object(Bucket=BUCKET, Key=key)

    def make_bucket(self) -> None:
        self._client().create_bucket(Bucket=BUCKET)

    def use(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let the settings name it."""
        monkeypatch.setenv("ORCHESTRATOR_ARTIFACTS_URL", f"s3://{BUCKET}/files")
        monkeypatch.setenv("ORCHESTRATOR_ARTIFACTS_ENDPOINT", self.endpoint)
        monkeypatch.setenv("ORCHESTRATOR_ARTIFACTS_KEY", KEY)
        monkeypatch.setenv("ORCHESTRATOR_ARTIFACTS_SECRET", SECRET)
        settings.cache_clear()

    def _client(self) -> "boto3.client":
        region = os.environ.get("AWS_DEFAULT_REGION", "us-east-1")
        login = {"aws_access_key_id": KEY, "aws_secret_access_key": SECRET}
        return boto3.client("s3", endpoint_url=self.endpoint, region_name=region, **login)


@contextmanager
def store_server() -> Iterator[Store]:
    """Run a store on a port of its own."""
    port = own_port()
    server = ThreadedMotoServer("127.0.0.1", port, verbose=False)
    server.start()
    store = Store(f"http://127.0.0.1:{port}")
    store.make_bucket()
    try:
        yield store
    finally:
        server.stop()
