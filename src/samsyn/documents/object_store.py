"""Files in an S3-compatible store, spoken to directly: five requests need no library.

Source: Amazon S3 API reference (PutObject, HeadObject, GetObject, DeleteObject, ListObjectsV2) and
Signature Version 4; addresses with the bucket as their first step, which every maker takes.
"""

from __future__ import annotations

import hashlib
import hmac
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, urlencode, urlsplit
from xml.parsers.expat import ExpatError, ParserCreate

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from samsyn.documents.storage import file_missing, unaltered
from samsyn.kernel.errors import NotFound, SourceUnavailable

SECONDS = 60
IN_MEMORY = 1024 * 1024
LISTING_MOST = 16 * 1024 * 1024
NOTHING = hashlib.sha256(b"").hexdigest()
FOUND, MISSING = range(200, 300), 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Signs requests with a key, for one region."""

    region: str
    key: str
    secret: str

    def headers(
        self,
        *,
        method: str,
        host: str,
        path: str,
        query: dict[str, str],
        sha256: str,
        at: datetime,
        more: dict[str, str] | None = None,
    ) -> dict[str, str]:
        """Return the headers of a signed request.

        Args:
            path: as it is sent, quoted.
            sha256: of the body.
            at: the moment, in UTC.
            more: further headers to sign, in small letters.

        """
        stamp = at.strftime("%Y%m%dT%H%M%SZ")
        signed = {"host": host, "x-amz-content-sha256": sha256, "x-amz-date": stamp, **(more or {})}
        names = ";".join(sorted(signed))
        lines = "".join(f"{name}:{signed[name]}\n" for name in sorted(signed))
        asked = urlencode(sorted(query.items()), quote_via=quote, safe="-_.~")
        request = f"{method}\n{path}\n{asked}\n{lines}\n{names}\n{sha256}"
        scope = f"{stamp[:8]}/{self.region}/s3/aws4_request"
        digest = hashlib.sha256(request.encode()).hexdigest()
        text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{digest}"
        signature = hmac.new(self._key_of(stamp[:8]), text.encode(), hashlib.sha256).hexdigest()
        said = f"Credential={self.key}/{scope},SignedHeaders={names},Signature={signature}"
        return {**signed, "authorization": f"AWS4-HMAC-SHA256 {said}"}

    def _key_of(self, day: str) -> bytes:
        made = f"AWS4{self.secret}".encode()
        for part in (day, self.region, "s3", "aws4_request"):
            made = hmac.new(made, part.encode(), hashlib.sha256).digest()
        return made


class ObjectStore:
    """Files as objects ``files/aa/bb/<sha256>`` in one bucket."""

    def __init__(self, *, endpoint: str, bucket: str, signer: Signer) -> None:
        self.endpoint, self.bucket, self.signer = urlsplit(endpoint), bucket, signer

    @classmethod
    def from_settings(cls) -> ObjectStore:
        """Return the store that the settings name."""
        signer = Signer(
            region=settings.FILES_REGION, key=settings.FILES_KEY, secret=settings.FILES_SECRET
        )
        return cls(endpoint=settings.FILES_ENDPOINT, bucket=settings.FILES_BUCKET, signer=signer)

    def put(self, file: Path, *, sha256: str) -> None:
        with file.open("rb") as body:
            length = {"content-length": str(file.stat().st_size)}
            self._asked("PUT", self._name(sha256), body=body, sha256=sha256, more=length).close()

    def open(self, sha256: str) -> IO[bytes]:
        try:
            answer = self._asked("GET", self._name(sha256))
        except NotFound as error:
            raise file_missing() from error
        with answer:
            kept = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  the caller closes it
            shutil.copyfileobj(answer, kept)
        return unaltered(kept, sha256)

    def has(self, sha256: str) -> bool:
        try:
            self._asked("HEAD", self._name(sha256)).close()
        except NotFound:
            return False
        return True

    def remove(self, sha256: str) -> None:
        try:
            self._asked("DELETE", self._name(sha256)).close()
        except NotFound:
            return

    def kept(self) -> Iterator[tuple[str, datetime]]:
        token = ""
        while True:
            query = {"list-type": "2", "prefix": "files/"}
            query |= {"continuation-token": token} if token else {}
            with self._asked("GET", "", query=query) as answer:
                listing = read_listing(answer.read(LISTING_MOST))
            yield from listing.contents
            token = listing.next_token
            if not token:
                return

    def _name(self, sha256: str) -> str:
        return f"files/{sha256[:2]}/{sha256[2:4]}/{sha256}"

    def _asked(
        self,
        method: str,
        name: str,
        *,
        query: dict[str, str] | None = None,
        body: Any = None,
        sha256: str = NOTHING,
        more: dict[str, str] | None = None,
    ) -> HTTPResponse:
        path = quote(f"{self.endpoint.path.rstrip('/')}/{self.bucket}/{name}", safe="/-_.~")
        headers = self.signer.headers(
            method=method,
            host=self.endpoint.netloc,
            path=path,
            query=query or {},
            sha256=sha256,
            at=timezone.now().astimezone(UTC),
            more=more,
        )
        asked = urlencode(sorted((query or {}).items()), quote_via=quote, safe="-_.~")
        try:
            line = self._line()
            address = f"{path}?{asked}" if asked else path
            line.request(method, address, body, {**headers, "connection": "close"})
            answer = line.getresponse()
        except (OSError, HTTPException) as error:
            raise SourceUnavailable(_("The store of files does not answer.")) from error
        if answer.status in FOUND:
            return answer
        answer.close()
        if answer.status != MISSING:
            raise SourceUnavailable(_("The store of files refused what was asked of it."))
        raise NotFound(_("The file is not there."))

    def _line(self) -> HTTPConnection:
        make = HTTPSConnection if self.endpoint.scheme == "https" else HTTPConnection
        return make(self.endpoint.hostname or "", self.endpoint.port, timeout=SECONDS)


@dataclass(frozen=True, slots=True)
class BucketPage:
    """One page of what a bucket holds."""

    contents: list[tuple[str, datetime]]
    next_token: str


def read_listing(text: bytes) -> BucketPage:
    """Return what a bucket's answer lists. No entity is expanded: expat is told to refuse them."""
    rows: list[dict[str, str]] = []
    found = {"token": "", "in": ""}

    def start(name: str, _attributes: Any) -> None:
        found["in"] = name
        if name == "Contents":
            rows.append({})

    def words(piece: str) -> None:
        if rows and found["in"] in {"Key", "LastModified"}:
            rows[-1][found["in"]] = rows[-1].get(found["in"], "") + piece
        elif found["in"] == "NextContinuationToken":
            found["token"] += piece

    def end(_name: str) -> None:
        found["in"] = ""

    def refuse(*_declaration: Any) -> None:
        raise SourceUnavailable(_("The store of files refused what was asked of it."))

    parser = ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.EntityDeclHandler = words, refuse
    try:
        parser.Parse(text, True)
    except ExpatError as error:
        raise SourceUnavailable(_("The store of files refused what was asked of it.")) from error
    contents = [
        (row["Key"].rpartition("/")[2], datetime.fromisoformat(row["LastModified"]))
        for row in rows
        if {"Key", "LastModified"} <= row.keys()
    ]
    return BucketPage(contents, found["token"])
