"""The pack that somebody names: by its file, by `name@version`, or by name for its newest version."""

from pathlib import Path

from deploy.policy.errors import PolicyCommandError
from domain.errors import Malformed
from domain.policy import Pack
from infrastructure.policy_packs import PolicyPacks, PolicyRefusedError, parse


def every_pack(folder: Path | None) -> PolicyPacks:
    """The shipped packs, and those of a folder; raises PolicyCommandError."""
    try:
        return PolicyPacks.load(folder or "")
    except PolicyRefusedError as refused:
        raise PolicyCommandError(str(refused)) from None


def chosen(word: str, folder: Path | None = None) -> Pack:
    """Raises PolicyCommandError, naming the packs there are."""
    if word.endswith((".yaml", ".yml")):
        return read_pack(Path(word))
    packs = every_pack(folder)
    try:
        return packs.get(word) if "@" in word else packs.latest(word)
    except Malformed:
        there = ", ".join(sorted(packs.packs))
        raise PolicyCommandError(
            f"There is no pack {word!r}; choose from {there}, or name a .yaml file."
        ) from None


def read_pack(path: Path) -> Pack:
    """Raises PolicyCommandError with a line for each fault."""
    try:
        return parse(str(path), path.read_text("utf-8"))
    except PolicyRefusedError as refused:
        raise PolicyCommandError(str(refused)) from None
    except OSError as unread:
        raise PolicyCommandError(f"{path}: it cannot be read: {unread.strerror}") from None
    except UnicodeDecodeError:
        raise PolicyCommandError(f"{path}: it cannot be read: save it as UTF-8") from None
