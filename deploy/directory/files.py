"""Files of HSDS documents and of what foreign words mean, read with sentences for what is wrong with them."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from deploy.directory.errors import DirectoryCommandError
from deploy.directory.pieces import holds_organizations


def documents(paths: Iterable[Path]) -> list[tuple[Path, Any]]:
    """Every file, and every *.json of a folder; those with organizations first. Raises DirectoryCommandError."""
    files = [each for path in paths for each in _files(path)]
    read = [(path, _json(path)) for path in files]
    return sorted(read, key=lambda each: not holds_organizations(each[1]))


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(path.glob("*.json"))
    if not found:
        raise DirectoryCommandError(f"{path}: there is no *.json in this folder.")
    return found


def _json(path: Path) -> Any:
    try:
        return json.loads(_text(path))
    except ValueError as wrong:
        raise DirectoryCommandError(f"{path}: this is not JSON: {wrong}.") from None
    except RecursionError:
        raise DirectoryCommandError(f"{path}: this is nested too deeply.") from None


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as wrong:
        why = wrong.strerror if isinstance(wrong, OSError) else "it is not UTF-8"
        raise DirectoryCommandError(f"{path}: it cannot be read: {why}.") from None


def meanings(path: Path | None) -> dict[str, dict[str, str]]:
    """`terms` and `areas` from YAML or JSON; raises DirectoryCommandError."""
    if path is None:
        return {"terms": {}, "areas": {}}
    try:
        found = yaml.safe_load(_text(path)) or {}
    except yaml.YAMLError as wrong:
        raise DirectoryCommandError(f"{path}: this is not YAML: {wrong}") from None
    if not isinstance(found, dict) or not set(found) <= {"terms", "areas"}:
        raise DirectoryCommandError(
            f"{path}: at the top stand `terms` and `areas`, and nothing else."
        )
    return {name: _words(path, name, found.get(name) or {}) for name in ("terms", "areas")}


def _words(path: Path, name: str, said: Any) -> dict[str, str]:
    if not isinstance(said, dict) or not all(isinstance(each, str) for each in said.values()):
        raise DirectoryCommandError(
            f"{path}: `{name}` says for each foreign word one of our codes."
        )
    return {str(word): code for word, code in said.items()}
