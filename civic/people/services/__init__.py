"""The only writer of persons, codes, sign-ins and consents."""

from civic.people.services import codes, signing
from civic.people.services.codes import request_code, verify_code
from civic.people.services.consents import give_consent, withdraw_consent
from civic.people.services.leaving import close_account
from civic.people.services.persons import (
    create_without_phone,
    disable,
    enable,
    find_or_create_by_phone,
    set_id_number,
    set_profile,
)
from civic.people.services.seconds import clear_totp, enrol_totp, new_secret, verify_totp
from civic.people.services.signing import (
    begin_sign_in,
    end_sign_in,
    move_sign_in,
    narrow_sign_ins,
    set_password,
    sign_in_by_code,
    sign_in_by_password,
    sign_out,
    touch,
)

__all__ = [
    "begin_sign_in",
    "clear_totp",
    "close_account",
    "codes",
    "create_without_phone",
    "disable",
    "enable",
    "end_sign_in",
    "enrol_totp",
    "find_or_create_by_phone",
    "give_consent",
    "move_sign_in",
    "narrow_sign_ins",
    "new_secret",
    "request_code",
    "set_id_number",
    "set_password",
    "set_profile",
    "sign_in_by_code",
    "sign_in_by_password",
    "sign_out",
    "signing",
    "touch",
    "verify_code",
    "verify_totp",
    "withdraw_consent",
]
