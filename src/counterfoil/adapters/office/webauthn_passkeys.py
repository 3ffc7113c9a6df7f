"""Passkeys by py_webauthn. The library, and cryptography below it, are imported when a passkey is first asked for."""

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from counterfoil.application.office.ports import Credential, NewPasskey, Person

TIMEOUT_MS: Final = 120_000


class WebauthnPasskeys:
    """For one address, such as `https://registry.example`: its host name is what passkeys are bound to."""

    __slots__ = ("_host", "_name", "_origin")

    def __init__(self, origin: str, *, name: str) -> None:
        self._origin = origin
        self._host = urlsplit(origin).hostname or ""
        self._name = name

    def creation(self, person: Person, *, challenge: str, known: Sequence[str]) -> str:
        import webauthn
        from webauthn.helpers.structs import (
            AuthenticatorSelectionCriteria,
            PublicKeyCredentialDescriptor,
            ResidentKeyRequirement,
            UserVerificationRequirement,
        )

        options = webauthn.generate_registration_options(
            rp_id=self._host,
            rp_name=self._name,
            user_id=person.person.encode(),
            user_name=person.mail or person.person,
            user_display_name=person.name or person.person,
            challenge=_bytes(challenge),
            timeout=TIMEOUT_MS,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=_bytes(key)) for key in known],
        )
        return webauthn.options_to_json(options)

    def created(self, response: str, *, challenge: str) -> NewPasskey | None:
        import webauthn
        from webauthn.helpers.exceptions import WebAuthnException

        try:
            made = webauthn.verify_registration_response(
                credential=response,
                expected_challenge=_bytes(challenge),
                expected_rp_id=self._host,
                expected_origin=self._origin,
                require_user_verification=True,
            )
        except (WebAuthnException, *_UNREADABLE):
            return None
        return NewPasskey(_text(made.credential_id), _text(made.credential_public_key), made.sign_count)

    def request(self, *, challenge: str, known: Sequence[str]) -> str:
        import webauthn
        from webauthn.helpers.structs import PublicKeyCredentialDescriptor, UserVerificationRequirement

        options = webauthn.generate_authentication_options(
            rp_id=self._host,
            challenge=_bytes(challenge),
            timeout=TIMEOUT_MS,
            allow_credentials=[PublicKeyCredentialDescriptor(id=_bytes(key)) for key in known],
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return webauthn.options_to_json(options)

    def named(self, response: str) -> str | None:
        try:
            found: Any = json.loads(response)
            return _text(_bytes(found["rawId"]))
        except _UNREADABLE:
            return None

    def answered(self, response: str, *, challenge: str, credential: Credential) -> int | None:
        import webauthn
        from webauthn.helpers.exceptions import WebAuthnException

        try:
            verified = webauthn.verify_authentication_response(
                credential=response,
                expected_challenge=_bytes(challenge),
                expected_rp_id=self._host,
                expected_origin=self._origin,
                credential_public_key=_bytes(credential.secret),
                credential_current_sign_count=credential.counter,
                require_user_verification=True,
            )
        except (WebAuthnException, *_UNREADABLE):
            return None
        return verified.new_sign_count


_UNREADABLE: Final = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, binascii.Error)
"""What a hostile response makes the readers below raise."""


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
