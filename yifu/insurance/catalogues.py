"""Fetch the insurer's catalogues, from where we are to where there is nothing new (NHSA 1301-1327).

`fetch` is the main function. A catalogue is fetched step by step: a version's file, or a page, is
stored with the cursor in one transaction, so a process that is killed goes on behind the last step,
and going over everything again changes nothing. All of it only reads at the insurer.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from yifu import clock
from yifu.catalogue import listing
from yifu.catalogue.errors import CatalogueUnreadable
from yifu.catalogue.listing import Place
from yifu.insurance.answers import FileReference
from yifu.insurance.catalogue_files import FIRST_VERSION, Reader, layout_of
from yifu.insurance.catalogue_pages import PAGED, SINCE_EVER, read_page
from yifu.insurance.exchanges import close_exchange, endpoint_of, open_exchange, send
from yifu.insurance.files import UnreadableFile
from yifu.insurance.filing import Errand, download
from yifu.insurance.models import Connection
from yifu.insurance.services import sign_number

FILES: Final = (
    *("1301", "1302", "1303", "1305", "1306", "1306A", "1307", "1308", "1309", "1310", "1311"),
    *("1313", "1314", "1315", "1320", "1321", "1322", "1323", "1324", "1325", "1326", "1327"),
)
"""Catalogues that come as files."""

ALL: Final = (*FILES, *PAGED)
PAGE_SIZE: Final = 500
_MOST_PAGES = 9999

Progress = Callable[[str, int, int], None]
"""Told the catalogue, the rows stored in this run and the rows announced so far."""


def _no_progress(_infno: str, _done: int, _total: int) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class Fetched:
    """What a run has fetched of one catalogue: rows in steps, and the version it ended with."""

    infno: str
    version: str = ""
    rows: int = 0
    steps: int = 0
    announced: int = 0


@dataclass(frozen=True, slots=True)
class _Task:
    """One catalogue's fetching: with whose connection, for which area, by which time."""

    area: str
    infno: str
    errand: Errand
    progress: Progress
    fetched: Fetched = field(compare=False)

    def ask(self, data: dict[str, Any]) -> dict[str, Any]:
        """Ask the insurer; what is answered is not written down a second time."""
        envelope = self.errand.envelope(self.infno, {"data": data})
        pending = open_exchange(self.errand.institution_id, envelope, now=self.errand.now)
        heard = send(pending)
        kept = heard if heard.output is None else replace(heard, output={})
        close_exchange(pending, kept, now=self.errand.now)
        return heard.output_or_raise()

    def unreadable(self, reason: object) -> CatalogueUnreadable:
        return CatalogueUnreadable(infno=self.infno, reason=str(reason)[:300])


def one_institution_per_area() -> list[int]:
    """Choose for every area an institution through whose connection its catalogues come."""
    by_area = Connection.objects.order_by("institution__area", "institution__code")
    chosen = by_area.distinct("institution__area").values_list("institution_id", flat=True)
    return list(chosen)


def fetch(
    institution_id: int,
    *,
    now: datetime,
    infnos: Iterable[str] = ALL,
    progress: Progress = _no_progress,
) -> list[Fetched]:
    """Fetch what an institution's insurer has new of its catalogues; kept for the whole area.

    Must be called outside any transaction. Raises `CatalogueUnreadable` for what is no catalogue,
    `CatalogueMoved` when somebody else fetches the same, `InvalidRequest` for an unknown catalogue,
    `NotConnected`, `InsurerRefused`, `InsurerUnavailable`, `InsurerNonsense`; the catalogues and
    steps before stay.
    """
    area = endpoint_of(institution_id).mdtrtarea_admvs
    sign_no = sign_number(institution_id, now=now)
    done = []
    for infno in infnos:
        errand = Errand(institution_id, f"catalogue:{infno}", sign_no, now)
        task = _Task(area, infno, errand, progress, Fetched(infno))
        step = _next_page if infno in PAGED else _next_file
        try:
            while step(task):
                pass
        except UnreadableFile as error:
            raise task.unreadable(error) from error
        done.append(task.fetched)
    return done


def _next_file(task: _Task) -> bool:
    """Fetch the version after ours and store it; says whether there was one."""
    before = listing.place_of(task.area, task.infno)
    asked = before.version or FIRST_VERSION
    offer = _read_offer(task, task.ask({"ver": asked}))
    task.fetched.version = before.version
    if offer.count == 0:
        return _complete(task, before)
    if offer.ends_on < clock.business_date(task.errand.now).isoformat():
        raise task.unreadable(f"file_qury_no {offer.file.file_qury_no} expired {offer.ends_on}")
    task.fetched.announced += offer.count or 0
    content = download(task.errand, offer.file)
    reader = Reader(task.infno, layout_of(task.infno, task.area), before.version, offer.count)
    _store(task, before, reader.items(content), lambda: Place(reader.version or before.version))
    # An insurer that gives its last file again has nothing new either.
    return reader.version > before.version or _complete(task, before)


@dataclass(frozen=True, slots=True)
class _Offer:
    """Where a version's file lies, until when, and how many rows it has (None: not said)."""

    file: FileReference
    ends_on: str
    count: int | None


def _read_offer(task: _Task, output: dict[str, Any]) -> _Offer:
    """Take the answer of 1301 and its kin apart; it has no node, or one that is called `data`."""
    said = output if "file_qury_no" in output else output.get("data", output)
    if isinstance(said, list):
        said = said[0] if len(said) == 1 else {}
    ends_on = said.get("dld_end_time") or said.get("dld_endtime")
    if not (said.get("file_qury_no") and said.get("filename") and ends_on):
        raise task.unreadable("no file_qury_no, filename or dld_end_time")
    count = said.get("data_cnt")
    file = FileReference(str(said["file_qury_no"]), str(said["filename"]))
    return _Offer(file, str(ends_on)[:10], None if count in (None, "") else int(count))


def _next_page(task: _Task) -> bool:
    """Fetch the next page of what has changed since our day; says whether there may be more."""
    before = listing.place_of(task.area, task.infno)
    since = before.version or SINCE_EVER
    data = {"updt_time": since, "page_num": before.page, "page_size": PAGE_SIZE}
    rows = task.ask(data).get("data") or []
    kept, latest = read_page(PAGED[task.infno], rows if isinstance(rows, list) else [rows])
    latest = max(before.latest, latest)
    more = len(rows) >= PAGE_SIZE
    task.fetched.announced += len(rows)
    if more and before.page >= _MOST_PAGES:
        raise task.unreadable(f"more than {_MOST_PAGES} pages")
    # The last page's day is asked for again next time: more may have changed on it since.
    after = Place(since, before.page + 1, latest) if more else Place(latest or since)
    task.fetched.version = after.version
    _store(task, before, kept, lambda: after)
    return more or _complete(task, after)


def _store(
    task: _Task, before: Place, rows: Iterable[tuple[Any, ...]], after: Callable[[], Place]
) -> None:
    shelf = PAGED[task.infno].shelf if task.infno in PAGED else listing.ITEMS
    stored = listing.store(
        shelf,
        rows,
        area=task.area,
        infno=task.infno,
        before=before,
        after=after,
        now=task.errand.now,
    )
    task.fetched.rows += stored
    task.fetched.steps += 1
    task.fetched.announced = max(task.fetched.announced, task.fetched.rows)
    task.progress(task.infno, task.fetched.rows, task.fetched.announced)


def _complete(task: _Task, after: Place) -> bool:
    """Note that there is nothing new; gives False, for there is no next step."""
    listing.note_complete(area=task.area, infno=task.infno, after=after, now=task.errand.now)
    return False
