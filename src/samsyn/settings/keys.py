"""The keys of an installation: read from the environment or from its home."""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from samsyn.settings import environment as env

TEST_SECRET = "test-only-secret-that-production-refuses-to-start-with"
KNOWN_SECRETS = {TEST_SECRET, "secret", "changeme", "test"}
SECRET_LENGTH = 50
TEST_TRAIL_KEY = "test-only-trail-key-that-production-refuses"
TRAIL_KEY_LENGTH = 32


def read_secret(home: Path, mode: str) -> str:
    """Return the installation's secret; refuse a known or short one outside tests.

    Raises:
        ImproperlyConfigured: there is none, or it is one that everybody knows.

    """
    if mode == "test":
        return TEST_SECRET
    kept = home / "secret_key"
    secret = env.SECRET_KEY.value() or (kept.read_text().strip() if kept.exists() else "")
    if not secret:
        raise ImproperlyConfigured(
            f"The secret is missing: {kept} is not there and SAMSYN_SECRET_KEY is not set. "
            "For a new installation run `samsyn setup`, which makes one; otherwise put the "
            "file back from a backup."
        )
    if secret in KNOWN_SECRETS or len(secret) < SECRET_LENGTH:
        raise ImproperlyConfigured(
            "The secret is one that others know, or shorter than 50 characters. "
            "Set SAMSYN_SECRET_KEY to a long random text of your own."
        )
    return secret


def read_trail_keys(home: Path, mode: str) -> list[str]:
    """Return the keys of the trail, the newest first; refuse known and short ones outside tests.

    Raises:
        ImproperlyConfigured: there is none, or one that others know or could guess.

    """
    if mode == "test":
        return [TEST_TRAIL_KEY]
    kept = home / "trail_key"
    keys = env.TRAIL_KEY.value() or (kept.read_text().split() if kept.exists() else [])
    if not keys:
        raise ImproperlyConfigured(
            f"The key of the trail is missing: {kept} is not there and SAMSYN_TRAIL_KEY is not "
            "set. For a new installation run `samsyn setup`, which makes one; otherwise put the "
            "file back from a backup."
        )
    if any(key == TEST_TRAIL_KEY or len(key) < TRAIL_KEY_LENGTH for key in keys):
        raise ImproperlyConfigured(
            "A key of the trail is one that others know, or shorter than 32 characters. "
            "Set SAMSYN_TRAIL_KEY to a long random text of your own."
        )
    return keys
