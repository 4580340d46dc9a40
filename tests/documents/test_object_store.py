"""An S3-compatible store: signed as the makers say, and spoken to over a real socket."""

from __future__ import annotations

import hashlib
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.utils import timezone

from samsyn.documents.jobs import sweep
from samsyn.documents.object_store import Signer, read_listing
from samsyn.documents.receiving import pieces_take
from samsyn.documents.storage import storage
from samsyn.kernel.errors import KeptDamaged, SourceUnavailable

# The example of the maker's own documentation: "GET Object" of Signature Version 4.
EXAMPLE = Signer(
    region="us-east-1",
    key="AKIAIOSFODNN7EXAMPLE",
    secret="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
)
SIGNER = Signer(region="north", key="key", secret="secret")


def test_a_request_is_signed_as_in_the_makers_example():
    signed = EXAMPLE.headers(
        method="GET",
        host="examplebucket.s3.amazonaws.com",
        path="/test.txt",
        query={},
        sha256=hashlib.sha256(b"").hexdigest(),
        at=datetime(2013, 5, 24, tzinfo=UTC),
        more={"range": "bytes=0-9"},
    )
    assert signed["authorization"].endswith(
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    )


def test_a_listing_is_signed_as_in_the_makers_example():
    signed = EXAMPLE.headers(
        method="GET",
        host="examplebucket.s3.amazonaws.com",
        path="/",
        query={"max-keys": "2", "prefix": "J"},
        sha256=hashlib.sha256(b"").hexdigest(),
        at=datetime(2013, 5, 24, tzinfo=UTC),
    )
    assert signed["authorization"].endswith(
        "Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
    )


class _Bucket(BaseHTTPRequestHandler):
    """Keeps objects in memory; refuses what is not signed with the right secret."""

    def log_message(self, *_arguments):
        pass

    def is_signed(self, parts):
        at = datetime.strptime(self.headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        more = {}
        if "content-length" in self.headers["authorization"]:
            more["content-length"] = self.headers["content-length"]
        wanted = SIGNER.headers(
            method=self.command,
            host=self.headers["host"],
            path=parts.path,
            query=dict(parse_qsl(parts.query)),
            sha256=self.headers["x-amz-content-sha256"],
            at=at,
            more=more,
        )
        return wanted["authorization"] == self.headers["authorization"]

    def do(self):  # noqa: PLR0911  one answer for each of the five requests
        parts = urlsplit(self.path)
        objects = self.server.objects
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if not self.is_signed(parts):
            return self.answer(403)
        if hashlib.sha256(body).hexdigest() != self.headers["x-amz-content-sha256"]:
            return self.answer(400)
        if self.command == "PUT":
            objects[parts.path] = body
            return self.answer(200)
        if parts.path == "/bucket/":
            return self.answer(200, self.listing(dict(parse_qsl(parts.query))))
        if parts.path not in objects:
            return self.answer(404)
        if self.command == "DELETE":
            del objects[parts.path]
            return self.answer(204)
        return self.answer(200, objects[parts.path])

    do_GET = do_PUT = do_DELETE = do_HEAD = do  # noqa: N815  names of the library

    def listing(self, query):
        """One object a page, so that the pages are followed."""
        names = sorted(self.server.objects)
        at = int(query.get("continuation-token", 0))
        more = f"<NextContinuationToken>{at + 1}</NextContinuationToken>"
        rows = "".join(
            f"<Contents><Key>{name.removeprefix('/bucket/')}</Key>"
            "<LastModified>2026-03-02T12:00:00.000Z</LastModified></Contents>"
            for name in names[at : at + 1]
        )
        is_last = at + 1 >= len(names)
        return f"<ListBucketResult>{rows}{'' if is_last else more}</ListBucketResult>".encode()

    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@contextmanager
def bucket():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Bucket)
    server.objects = {}
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def store(home, settings):
    with bucket() as server:
        settings.FILES_BUCKET, settings.FILES_REGION = "bucket", "north"
        settings.FILES_ENDPOINT = f"http://127.0.0.1:{server.server_address[1]}"
        settings.FILES_KEY, settings.FILES_SECRET = "key", "secret"
        yield server


def test_a_file_goes_there_and_comes_back(store, home):
    content = b"%PDF-1.7 " + b"x" * 3_000_000
    made = pieces_take([content], name="a.pdf")
    assert list(store.objects) == [
        f"/bucket/files/{made.sha256[:2]}/{made.sha256[2:4]}/{made.sha256}"
    ]
    with storage().open(made.sha256) as kept:
        assert kept.read() == content
    assert storage().has(made.sha256)
    assert list((home / "files/incoming").iterdir()) == []


def test_what_is_not_there_is_not_found(store):
    assert not storage().has("0" * 64)
    with pytest.raises(KeptDamaged):
        storage().open("0" * 64)
    storage().remove("0" * 64)


def test_all_pages_of_the_listing_are_swept(store, db):
    made = [pieces_take([b"%%PDF-1.7 %d" % n], name="a.pdf") for n in range(3)]
    assert {name for name, _at in storage().kept()} == {each.sha256 for each in made}
    assert sweep(storage(), now=timezone.now() + timedelta(days=300)) == 3
    assert store.objects == {}


def test_a_wrong_secret_is_refused_and_nothing_is_kept(store, settings):
    settings.FILES_SECRET = "wrong"
    with pytest.raises(SourceUnavailable, match="refused"):
        pieces_take([b"%PDF-1.7"], name="a.pdf")


def test_a_store_that_is_away_says_so(home, settings):
    settings.FILES_BUCKET, settings.FILES_ENDPOINT = "bucket", "http://127.0.0.1:9"
    with pytest.raises(SourceUnavailable, match="does not answer"):
        pieces_take([b"%PDF-1.7"], name="a.pdf")


def test_a_listing_with_entities_is_refused():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><ListBucketResult>&a;</ListBucketResult>'
    with pytest.raises(SourceUnavailable):
        read_listing(bomb)
