"""The reference code of a case: unguessable, says nothing about the child, and shows a slip of the pen.

Eight characters of Crockford's base 32 (no I, L, O, U) and a Luhn check character, as `TL-7K2M-9QXA-C`.
Source: practice.md, step 1.
"""

from collections.abc import Callable

from domain.errors import Malformed

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
_LOOK_ALIKE = str.maketrans({"I": "1", "L": "1", "O": "0"})


def compose(choose: Callable[[str], str]) -> str:
    """A new reference; `choose` picks one character at random (secrets.choice outside the domain)."""
    body = "".join(choose(ALPHABET) for _ in range(LENGTH))
    return f"TL-{body[:4]}-{body[4:]}-{check_character(body)}"


def check_character(body: str) -> str:
    """Luhn's algorithm modulo 32: finds every wrong character and nearly every swap of neighbours."""
    total = 0
    for place, character in enumerate(reversed(body)):
        value = ALPHABET.index(character) * (2 if place % 2 == 0 else 1)
        total += value // len(ALPHABET) + value % len(ALPHABET)
    return ALPHABET[-total % len(ALPHABET)]


def read(text: str) -> str:
    """The reference as it is stored, from what somebody typed; raises Malformed."""
    typed = "".join(text.upper().split()).replace("-", "").translate(_LOOK_ALIKE)
    body = typed.removeprefix("T1") if len(typed) == len("TL") + LENGTH + 1 else typed
    if len(body) != LENGTH + 1 or any(character not in ALPHABET for character in body):
        raise Malformed("Not a case reference.", field="case_ref", allowed=["TL-XXXX-XXXX-X"])
    if check_character(body[:-1]) != body[-1]:
        raise Malformed("The check character does not fit.", field="case_ref")
    return f"TL-{body[:4]}-{body[4:8]}-{body[8]}"
