"""Check codes: twenty characters that nobody guesses and that people can type from paper."""

import secrets

from tenancy.engine.words import say

# Crockford's base 32: no I, L, O or U.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 20
_GROUP = 5
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


class CheckCodeError(ValueError):
    """What was typed is no check code; `reason` says why, in words for who typed it."""

    code = "check_code"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def new_code() -> str:
    """A code of 95 random bits and a check character."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + check_character(body)


def check_character(body: str) -> str:
    """What follows the random part. Odd weights: it is another whenever one character is."""
    total = sum((2 * place + 1) * ALPHABET.index(letter) for place, letter in enumerate(body))
    return ALPHABET[total % len(ALPHABET)]


def grouped(code: str) -> str:
    """A code as it is printed, in groups of five."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def parse_code(typed: str) -> str:
    """The code that was typed, however it was spaced and cased; O is read as 0, I and L as 1. Raises CheckCodeError."""
    code = "".join(typed.upper().split()).translate(_READ_AS)
    if len(code) != LENGTH:
        raise CheckCodeError(
            say(
                "A check code has %(length)s letters and digits: this one has %(code)s.",
                length=LENGTH,
                code=len(code),
            )
        )
    if not set(code) <= set(ALPHABET):
        raise CheckCodeError(say("A check code has digits and letters only, and no U."))
    if check_character(code[:-1]) != code[-1]:
        raise CheckCodeError(say("One of the characters is wrong: compare it with the report."))
    return code
