"""Files into the directory, a piece a transaction."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from deploy.directory.errors import DirectoryCommandError
from deploy.directory.pieces import MOST_BYTES, Piece, pieces, size_of
from deploy.directory.service import AgenciesService
from deploy.directory.telling import Told

_TOO_LARGE: dict[str, Any] = {
    "kind": "entry", "outcome": "skipped", "our_id": None, "hsds_id": None,
    "reason": "This entry alone is larger than a request may be.", "allowed": [f"{MOST_BYTES} bytes"],
    "left_out": [],
}  # fmt: skip
_BRACKETS = 4  # around a list and after it
_LEAST_ROOM = 50_000  # bytes that are left for entries beside the dictionary


def taken(
    service: AgenciesService,
    documents: Iterable[tuple[Path, Any]],
    instruction: dict[str, Any],
    unknown: Counter[tuple[str, tuple[str, ...]]],
) -> Iterator[Told]:
    """Lines as they are reported; `unknown` counts the words that nobody explained.

    Raises DirectoryCommandError; what was taken before stays, and taking it again changes nothing.
    """
    most = MOST_BYTES - size_of(instruction)
    if most < _LEAST_ROOM:
        raise DirectoryCommandError(
            "The dictionary of terms and areas is too large; leave out what is not used."
        )
    for path, document in documents:
        for piece in pieces(document, most):
            if size_of(piece.document) > most + _BRACKETS:
                yield Told(path.name, piece.entries[0].path, _TOO_LARGE)
                continue
            report = service.take({**instruction, "document": piece.document})
            for word in report["unknown"]:
                unknown[word["kind"], tuple(word["called"])] += word["times"]
            yield from _lines(path.name, piece, report)


def _lines(file: str, piece: Piece, report: dict[str, Any]) -> Iterator[Told]:
    for entry in report["entries"]:
        for field in entry["left_out"]:
            field["path"] = piece.place(field["path"])
        yield Told(file, piece.place(entry["path"]), entry)
