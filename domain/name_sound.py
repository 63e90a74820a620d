"""How a name sounds, so that spellings of the same name meet: a skeleton of its consonants, for any script.

Spellings differ mostly in vowels, doubled letters and h; scripts of many languages do not write short
vowels at all. Where Unicode names a letter by its sound, that sound stands for it; a sign that has none
(an ideograph) stands for itself. Source: practice.md, section 2 (returns are seen at registration).
"""

import re
import unicodedata

_PARTICLES = frozenset(
    {
        "al", "el", "bin", "ibn", "bint", "ben", "de", "da", "di", "do", "dos", "du", "del",
        "der", "den", "la", "le", "van", "von", "zu", "y", "e",
    }
)  # fmt: skip
_SILENT = frozenset({"HARD", "SOFT", "HAMZA", "VIRAMA"})
_BEFORE_THE_SOUND = frozenset({"SHORT", "SMALL", "FARSI", "FINAL", "DOTLESS", "WIDE", "SHARP"})
_KINDS = ("LETTER", "SYLLABLE", "CHARACTER", "CHOSEONG", "JONGSEONG", "JUNGSEONG")
# These letters are named with a vowel before their own sound.
_NAMED_BACKWARDS = {"EL": "l", "EM": "m", "EN": "n", "ER": "r", "ES": "s", "EF": "f"}
_JOINT = "·"  # keeps letters of other scripts from being read together, as s and h in Suhair
_SIBILANT = r"shch|tsch|dzh|sch|tch|sh|ch|zh|ts|tz|cz|s|z|c(?=[eiy])"
_TOKENS = re.compile(
    rf"(?P<k>ch(?=r)|ck|kh|(?!ch|c[eiy]|cz)c|k|q)|(?P<s>{_SIBILANT})|(?P<ks>x)|(?P<g>gh|g)"
    r"|(?P<f>ph|f|v)|(?P<y>dj|j|y)|(?P<t>th|dh|dt|t|d)|(?P<p>b|p)|(?P<l>l)|(?P<m>m)|(?P<n>n)"
    rf"|(?P<r>rh|r)|(?P<w>w)|(?P<h>h)|(?P<vowel>[aeiou])|(?P<joint>{_JOINT})|(?P<sign>.)"
)
_ENDING = re.compile(rf"(?<=[aeiou{_JOINT}])h{_JOINT}?$")


def parts(name: str) -> tuple[str, ...]:
    """The words of a name as people write them, in order; particles such as `al-` and `von` left out."""
    words = re.split(r"[\s\-\u2010-\u2015,./_·]+", name)
    spelt = [word for word in map(spelling, words) if word]
    return tuple(word for word in spelt if word not in _PARTICLES) or tuple(spelt)


def spelling(word: str) -> str:
    """Letters alone, without case, accents and signs; in the script in which they were written."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in plain if unicodedata.category(sign)[0] == "L")


def sound(word: str) -> str:
    """The consonants that are heard, and `a` for whichever vowel comes first; empty without letters."""
    latin = _ENDING.sub("", "".join(_latin(sign) for sign in spelling(word)))
    heard = last = ""
    for token in _TOKENS.finditer(latin):
        kind = str(token.lastgroup)  # every branch of the pattern has a name
        if kind == "joint":
            continue
        code = _code(kind, token[0], is_first=not heard)
        # A vowel between lets the same consonant be heard again: Nina is not Na.
        if code != last:
            heard += code
        last = code
    return heard


def _code(kind: str, text: str, *, is_first: bool) -> str:
    match kind:
        case "vowel":
            return "a" if is_first else ""
        case "y" | "w":
            # Between other letters they are written for a vowel as often as not: Noor, Nawr, Katya, Katja.
            return {"y": "y", "w": "f"}[kind] if is_first else ""
        case "sign":
            return text
        case _:
            return kind


def _latin(sign: str) -> str:
    """What a letter of any script sounds like, in a to z; itself when nobody can say."""
    if sign.isascii():
        return sign
    name = unicodedata.name(sign, sign)
    kind = next((kind for kind in _KINDS if f" {kind} " in name), None)
    if kind is None:
        return sign
    if kind == "JUNGSEONG" or "MARBUTA" in name:
        return "a"
    words = [word for word in name.split(f" {kind} ")[1].split() if word not in _BEFORE_THE_SOUND]
    if not words or words[0] in _SILENT:
        return ""
    return _named(words[0], name) + _JOINT


def _named(word: str, name: str) -> str:
    """The sound at the head of a letter's name: `sh` of SHEEN, a vowel of ALEF."""
    if name.startswith("CYRILLIC") and word in _NAMED_BACKWARDS:
        return _NAMED_BACKWARDS[word]
    head = re.match(r"[BCDFGHJKLMNPQRSTVWXZ]+|[AEIOU]|Y", word)
    return head[0].casefold() if head else ""
