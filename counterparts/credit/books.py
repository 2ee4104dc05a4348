"""What the credit platform has on its books: callers, scores, listings."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson

from counterparts.signed import KeyedBooks, RefusedRequest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from counterparts.storage import Row

DIMENSIONS = ("identity", "compliance", "business", "life", "social")
"""身份特质, 遵纪守法, 商业用信, 生活用信, 亲社会行为."""
LOWEST, HIGHEST = 350, 950
_VALID_DAYS = 30
_SCHEMA = """
CREATE TABLE IF NOT EXISTS told_scores (
    id_number  TEXT PRIMARY KEY,
    score      INTEGER,
    dimensions TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS asked (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    request_no TEXT NOT NULL UNIQUE,
    id_number  TEXT NOT NULL,
    name       TEXT NOT NULL,
    answer     TEXT NOT NULL,
    at         TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS listings (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    number      INTEGER NOT NULL UNIQUE,
    id_number   TEXT NOT NULL,
    name        TEXT NOT NULL,
    listed      INTEGER NOT NULL,
    reason      TEXT NOT NULL,
    institution TEXT NOT NULL,
    amount_fen  INTEGER NOT NULL,
    since       TEXT NOT NULL,
    applied     INTEGER NOT NULL, -- 0: an older one that came late
    at          TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS listings_of_person ON listings (id_number, number);
"""
_NEWEST = """
SELECT * FROM listings WHERE number IN (SELECT max(number) FROM listings GROUP BY id_number)
  AND listed = 1 ORDER BY seq DESC LIMIT :limit OFFSET :offset
"""
_LAST_ASKED = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'asked'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a platform of care says about a person; amounts in fen."""

    number: int
    id_number: str
    name: str
    listed: bool
    reason: str
    institution: str
    amount_fen: int
    since: str


class Books(KeyedBooks):
    """The platform's file."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, name="credit.sqlite3", schema=_SCHEMA)

    # --- scores -------------------------------------------------------------------------------

    def set_score(self, id_number: str, score: int | None, dimensions: Mapping[str, int]) -> None:
        """Say this of a person from now on."""
        self._file.write(
            "INSERT OR REPLACE INTO told_scores VALUES (:id_number, :score, :dimensions)",
            {
                "id_number": id_number,
                "score": score,
                "dimensions": orjson.dumps(dict(dimensions)).decode(),
            },
        )

    def forget_scores(self) -> int:
        """Forget what was set."""
        return self._file.write("DELETE FROM told_scores")

    def score(self, *, request_no: str, id_number: str, name: str, now: datetime) -> dict[str, Any]:
        """Return a person's score; a request number that came before has its answer already.

        Raises RefusedRequest if that was about another person.
        """
        known = self._file.one("SELECT * FROM asked WHERE request_no = :no", no=request_no)
        if known is not None:
            if known["id_number"] != id_number:
                raise RefusedRequest(409, "NUMBER_USED", "request_no 已用于他人")
            answer: dict[str, Any] = orjson.loads(known["answer"])
            return answer
        points = self._points(id_number, name)
        answer = {
            "score": None if points is None else sum(points.values()),
            "dimensions": points or {},
            "valid_until": (now.date() + timedelta(days=_VALID_DAYS)).isoformat(),
            "reference": f"XY{now:%Y%m%d}{self._file.number(_LAST_ASKED) + 1:08d}",
        }
        self._file.write(
            "INSERT INTO asked (request_no, id_number, name, answer, at)"
            " VALUES (:request_no, :id_number, :name, :answer, :at)",
            {
                "request_no": request_no,
                "id_number": id_number,
                "name": name,
                "answer": orjson.dumps(answer).decode(),
                "at": now.isoformat(),
            },
        )
        return answer

    def _points(self, id_number: str, name: str) -> dict[str, int] | None:
        """Return a person's points by dimension, or None for somebody unknown."""
        told = self._file.one("SELECT * FROM told_scores WHERE id_number = :id", id=id_number)
        if told is None:
            points = points_of(id_number, name)
        elif told["score"] is None:
            return None
        else:
            points = orjson.loads(told["dimensions"]) or spread(told["score"])
        return points | {"compliance": 0} if self.is_listed(id_number) else points

    # --- listings -----------------------------------------------------------------------------

    def take(self, listing: Listing, now: datetime) -> dict[str, Any]:
        """Take a listing in, once, and acknowledge it.

        Raises RefusedRequest if its number was used for another content.
        """
        fields = asdict(listing) | {"listed": int(listing.listed)}
        known = self._file.one("SELECT * FROM listings WHERE number = :no", no=listing.number)
        if known is not None:
            if any(known[name] != value for name, value in fields.items()):
                raise RefusedRequest(409, "NUMBER_USED", "number 已用于其他内容")
            return _acknowledgement(known)
        newest = self._file.number(
            "SELECT coalesce(max(number), 0) FROM listings WHERE id_number = :id",
            id=listing.id_number,
        )
        row = fields | {"applied": int(listing.number > newest), "at": now.isoformat()}
        self._file.write(
            "INSERT INTO listings (number, id_number, name, listed, reason, institution,"
            " amount_fen, since, applied, at) VALUES (:number, :id_number, :name, :listed, :reason,"
            " :institution, :amount_fen, :since, :applied, :at)",
            row,
        )
        return _acknowledgement(row)

    def history(self, id_number: str) -> list[Row]:
        """Return what was said about a person, by ascending number."""
        return self._file.all(
            "SELECT * FROM listings WHERE id_number = :id ORDER BY number", id=id_number
        )

    def is_listed(self, id_number: str) -> bool:
        """Say whether a person is on the list now."""
        row = self._file.one(
            "SELECT listed FROM listings WHERE id_number = :id ORDER BY number DESC LIMIT 1",
            id=id_number,
        )
        return row is not None and bool(row["listed"])

    def listed(self, *, limit: int, offset: int = 0) -> list[Row]:
        """Return who is on the list now, the latest first."""
        return self._file.all(_NEWEST, limit=limit, offset=offset)

    def all_listings(self) -> list[Row]:
        """Return every listing in the order it came."""
        return self._file.all("SELECT * FROM listings ORDER BY seq")

    def asked(self, *, limit: int) -> list[Row]:
        """Return the latest scores that were asked for."""
        rows = self._file.all("SELECT * FROM asked ORDER BY seq DESC LIMIT :limit", limit=limit)
        return [row | {"answer": orjson.loads(row["answer"])} for row in rows]

    def counts(self) -> tuple[int, int]:
        """Return how many are listed now and how many scores were asked for."""
        newest = _NEWEST.partition("ORDER BY")[0]
        return (
            self._file.number(f"SELECT count(*) FROM ({newest})"),  # noqa: S608 - of this module
            self._file.number("SELECT count(*) FROM asked"),
        )

    def forget_listings(self) -> None:
        """Empty the list and forget what was asked."""
        with self._file.transaction():
            self._file.write("DELETE FROM listings")
            self._file.write("DELETE FROM asked")


def _acknowledgement(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "number": row["number"],
        "listed": bool(row["listed"]),
        "applied": bool(row["applied"]),
        "at": row["at"],
    }


def points_of(id_number: str, name: str) -> dict[str, int]:
    """Return points that follow from who somebody is; most people do well.

    From name and birth date, not the whole number: a simulated day that is played again has the
    same people under other numbers, and they should do as well as before.
    """
    digest = hashlib.sha256(f"credit {id_number[6:14]} {name}".encode()).digest()
    # The larger of two draws: a distribution that leans to the good side.
    drawn = max(int.from_bytes(digest[:4]), int.from_bytes(digest[4:8]))
    return spread(LOWEST + drawn * (HIGHEST - LOWEST) // 2**32)


def spread(score: int) -> dict[str, int]:
    """Split a score over the dimensions; the first ones get what does not divide."""
    each, rest = divmod(score, len(DIMENSIONS))
    return {name: each + (place < rest) for place, name in enumerate(DIMENSIONS)}


def valid_date(value: str) -> bool:
    """Say whether a text is a date, yyyy-MM-dd."""
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
