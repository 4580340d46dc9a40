"""A server does not start with a secret that others know."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.house.laws import ROOT

pytestmark = pytest.mark.once
START = "import django; django.setup(); from django.conf import settings; print(settings.DEBUG)"
START += "; print(settings.PASSWORD_HASHERS[0])"


def starts(tmp_path, secret):
    told = {"SAMSYN_MODE": "production", "SAMSYN_HOME": str(tmp_path), "SAMSYN_SECRET_KEY": secret}
    told["SAMSYN_TRAIL_KEY"] = "y" * 32
    environment = {**os.environ, **told, "DJANGO_SETTINGS_MODULE": "samsyn.settings"}
    command = [sys.executable, "-c", START]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("secret", ["", "changeme", "x" * 49])
def test_no_known_or_short_secret_will_do(tmp_path, secret):
    done = starts(tmp_path, secret)
    assert done.returncode != 0
    assert "ImproperlyConfigured" in done.stderr


def test_in_service_nothing_is_debugged_and_passwords_are_stretched(tmp_path):
    done = starts(tmp_path, "x" * 50)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["False", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
