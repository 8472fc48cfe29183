"""The mailbox's password: environment first, then the keyring, else a sentence that says how."""

from __future__ import annotations

import sys
import types

import pytest

from pipeline.passwords import VARIABLE, find_password
from pipeline.refusals import CannotRun


def _keyring(monkeypatch, answer):
    kept = types.ModuleType("keyring")
    errors = types.ModuleType("keyring.errors")
    errors.KeyringError = type("KeyringError", (Exception,), {})

    def get_password(service, account):
        if answer is None:
            raise errors.KeyringError
        return answer.get((service, account))

    kept.get_password, kept.errors = get_password, errors
    monkeypatch.setitem(sys.modules, "keyring", kept)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)


def test_environment_goes_before_keyring(monkeypatch):
    _keyring(monkeypatch, {("tdkt:imap.x.example", "tdkt"): "kept"})
    monkeypatch.setenv(VARIABLE, "told")
    assert find_password("imap.x.example", "tdkt") == "told"
    monkeypatch.delenv(VARIABLE)
    assert find_password("imap.x.example", "tdkt") == "kept"


@pytest.mark.parametrize("answer", [None, {}])
def test_without_a_password_the_sentence_says_what_to_do(monkeypatch, answer):
    monkeypatch.delenv(VARIABLE, raising=False)
    _keyring(monkeypatch, answer)
    with pytest.raises(CannotRun, match=rf"{VARIABLE}.*keyring set tdkt:imap.x.example tdkt"):
        find_password("imap.x.example", "tdkt")


def test_without_the_keyring_library_the_environment_alone_is_asked(monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(CannotRun):
        find_password("imap.x.example", "tdkt")
