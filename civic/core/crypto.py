"""Personal data at rest: sealed with AES-256-GCM, found again by a keyed hash.

A sealed value is ``key name:base64(nonce + ciphertext)``. The key name lets several keys live side by
side while values are re-sealed (``civic rotate_keys``). `context` is authenticated but not stored, so a
value copied into another column does not open there.
"""

import base64
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12


class Unreadable(Exception):
    """A sealed value that no known key opens."""


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def writing_key() -> str:
    """The name of the key that seals new values."""
    return next(iter(settings.CIVIC_FIELD_KEYS))


def seal(text: str, *, context: str) -> str:
    """Seal `text` with the writing key; `context` names the column it belongs to."""
    name = writing_key()
    nonce = os.urandom(NONCE_BYTES)
    body = _cipher(settings.CIVIC_FIELD_KEYS[name]).encrypt(nonce, text.encode(), context.encode())
    return f"{name}:{base64.b64encode(nonce + body).decode()}"


def unseal(sealed: str, *, context: str) -> str:
    """Open what `seal` made. Raises Unreadable when the key is gone or the value was tampered with."""
    name, _, value = sealed.partition(":")
    try:
        key = settings.CIVIC_FIELD_KEYS[name]
        raw = base64.b64decode(value, validate=True)
        return _cipher(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], context.encode()).decode()
    except (KeyError, ValueError, InvalidTag):
        raise Unreadable(f"no key opens this value of {context}") from None


def keyed_hash(text: str, *, context: str) -> str:
    """A fingerprint to look a sealed value up by: equal texts give equal marks, the text stays hidden."""
    message = f"{context}\x1f{text}".encode()
    return hmac.new(settings.CIVIC_HASH_KEY, message, hashlib.sha256).hexdigest()
