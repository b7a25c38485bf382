"""Errors have an audience. Anything that is neither of these two is a bug and is logged as one."""

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise


class Denied(PermissionDenied):
    """This person may not do this. Answered with 403 by Django itself."""


class Refused(Exception):
    """This cannot be done now. The text is one sentence shown to the person who asked."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)
