"""`yifu insurer connect` and `ping`: where the insurer is, and why it cannot be reached."""

import http.client
import socket
import ssl
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import click

from yifu import clock
from yifu.commands import insurer_facts as facts
from yifu.commands import site
from yifu.commands.database import require_tables
from yifu.commands.terminal import emit, json_option
from yifu.institutions.models import Institution
from yifu.insurance import exchanges, messages
from yifu.insurance.drafting import draft
from yifu.insurance.models import Connection, ExchangeState
from yifu.insurance.regions.loading import known, region_of
from yifu.insurance.wire import Target
from yifu.secrets import encrypt

_SKEW_S = 30 * 60
_PORTS = {"http": 80, "https": 443}
_ADVICE = (
    ("非法用户", "the gateway does not know the access key: `yifu insurer connect --access-key`"),
    ("签名不一致", "the secret key is another than the gateway's: `--secret-key-file`"),
    ("签名时间戳超时", "the clocks differ by more than half an hour: set this machine's by NTP"),
    ("缺少服务网关的请求头", "the gateway wants other headers: another region's scheme"),
    ("401", "the gateway turns us away: keys, signature or clock"),
)


@click.command()
@click.option("--institution", required=True, metavar="CODE", help="Its code at the insurer.")
@click.option("--base-url", required=True, help="Scheme, host and port of the gateway.")
@click.option("--access-key", required=True, help="What the gateway knows the institution by.")
@click.option(
    "--secret-key-file",
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file with the secret key and nothing else.",
)
@click.option(
    "--region",
    type=click.Choice(known()),
    help="Whose gateway and habits; by default the one that the institution's area lies in.",
)
@click.option("--receiver", default="", help="recer_sys_code, where it is not the region's.")
@click.option("--interface-version", default="", help="infver, where it is not the region's.")
@click.option("--timeout", type=click.IntRange(1, 120), default=10, show_default=True)
@json_option
def connect(  # noqa: PLR0913 - the command's own options
    *,
    institution: str,
    base_url: str,
    access_key: str,
    secret_key_file: Path,
    region: str | None,
    receiver: str,
    interface_version: str,
    timeout: int,
    as_json: bool,
) -> None:
    """Say how an institution reaches its insurer; again replaces it.

    The secret key is kept encrypted and never shown. `yifu insurer ping` tries the connection out.
    """
    require_tables()
    place = Institution.objects.filter(code=institution).first()
    if place is None:
        raise click.ClickException(f"there is no institution {institution}")
    try:
        Target.of(base_url)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--base-url") from error
    secret = secret_key_file.read_text(encoding="utf-8").strip()
    if not secret:
        raise click.BadParameter("the file is empty", param_hint="--secret-key-file")
    row, created = Connection.objects.update_or_create(
        institution=place,
        defaults={
            "base_url": base_url.rstrip("/"),
            "access_key": access_key,
            "secret_cipher": encrypt(secret),
            "region": region or region_of(place.area_id).code,
            "receiver": receiver,
            "version": interface_version,
            "timeout_s": timeout,
        },
    )
    exchanges.forget_endpoints()
    report = {
        "institution": institution,
        "base_url": row.base_url,
        "region": row.region,
        "created": created,
    }
    text = (
        f"{place.name} {institution} speaks to {row.base_url} as {row.region} does. "
        "Now: yifu insurer ping"
    )
    emit(report, as_json=as_json, text=text)


@dataclass(frozen=True, slots=True)
class Step:
    """One step on the way to the insurer: what was found, and what to do if it failed."""

    step: str
    ok: bool
    found: str
    advice: str = ""


@click.command()
@click.option(
    "--institution", metavar="CODE", help="Whose connection; needed if there are several."
)
@json_option
def ping(*, institution: str | None, as_json: bool) -> None:
    """Try the way to the insurer step by step: name, connection, TLS, clock, 9001 and 1201.

    Stops at the first step that fails and says what to do. Ends with 1 then.
    """
    require_tables()
    steps: list[Step] = []
    with site.outside_world():
        place = facts.find_institution(institution)
        connection = facts.connection_of(place)
        for step in _steps(place, connection):
            steps.append(step)
            if not step.ok:
                break
    reached = all(step.ok for step in steps)
    report = {
        "institution": place.code,
        "base_url": connection.base_url,
        "reached": reached,
        "steps": [asdict(step) for step in steps],
    }
    lines = [f"{'ok  ' if one.ok else 'FAIL'} {one.step}: {one.found}" for one in steps]
    lines += [f"     {one.advice}" for one in steps if one.advice]
    emit(report, as_json=as_json, text="\n".join([f"{place.code} → {connection.base_url}", *lines]))
    sys.exit(0 if reached else 1)


def _steps(place: Institution, connection: Connection) -> Iterator[Step]:
    url = urlsplit(connection.base_url)
    host, secure = url.hostname or "", url.scheme == "https"
    port = url.port or _PORTS[url.scheme]
    timeout_s = connection.timeout_s
    yield _tried(
        "name", lambda: _resolve(host, port), "check the host's name and this machine's DNS"
    )
    yield _tried(
        "connection",
        lambda: _reach(host, port, timeout_s),
        "nothing answers there: address, port, firewall, or the line to the insurer's network",
    )
    if secure:
        yield _tried(
            "TLS",
            lambda: _shake_hands(host, port, timeout_s),
            "the certificate is not trusted here: install the insurer's root certificate",
        )
    yield _tried("clock", lambda: _compare_clocks(host, port, timeout_s, secure=secure), "")
    now = clock.now()
    signing = messages.sign_in(opter_no="yifu", mac="00-00-00-00-00-00", ip="127.0.0.1")
    yield _said(place, "9001", signing, now=now)
    asking = draft("1201", facts={"fixmedins_type": "1", **facts.facts_of(place, None)}, now=now)
    yield _said(place, "1201", asking, now=now)


def _tried(step: str, attempt: Callable[[], str], advice: str) -> Step:
    try:
        return Step(step, True, attempt())
    except (OSError, http.client.HTTPException) as error:
        return Step(step, False, f"{type(error).__name__}: {error}", advice)


def _resolve(host: str, port: int) -> str:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return ", ".join(sorted({str(address[0]) for *_, address in found}))


def _reach(host: str, port: int, timeout_s: float) -> str:
    with socket.create_connection((host, port), timeout_s):
        return f"{host}:{port} takes connections"


def _shake_hands(host: str, port: int, timeout_s: float) -> str:
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout_s) as plain,
        context.wrap_socket(plain, server_hostname=host) as wrapped,
    ):
        return f"{wrapped.version()}, certificate trusted"


def _compare_clocks(host: str, port: int, timeout_s: float, *, secure: bool) -> str:
    """Compare with the server's own `Date`; raises `OSError` when the gateway would mind."""
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    asked = kind(host, port, timeout=timeout_s)
    try:
        asked.request("HEAD", "/")
        told = asked.getresponse().getheader("Date")
    finally:
        asked.close()
    if told is None:
        return "the server tells no time"
    apart = round(abs((clock.now() - parsedate_to_datetime(told)).total_seconds()))
    if apart > _SKEW_S:
        raise OSError(f"{apart} s apart; the gateway allows {_SKEW_S} s: set this machine's by NTP")
    return f"{apart} s apart"


def _said(place: Institution, infno: str, input_: messages.Input, *, now: datetime) -> Step:
    heard = exchanges.exchange(place.pk, exchanges.Envelope(infno, "ping", input_), now=now)
    if heard.state == ExchangeState.ANSWERED:
        return Step(infno, True, f"answered in {heard.took_ms} ms")
    advice = next((what for sign, what in _ADVICE if sign in heard.detail), _otherwise(heard))
    return Step(infno, False, f"{heard.state.label} {heard.state}: {heard.detail}", advice)


def _otherwise(heard: exchanges.Heard) -> str:
    if heard.state == ExchangeState.REFUSED:
        return "the insurer read the message and says no: the sentence names the field or the rule"
    if heard.state == ExchangeState.UNSENT:
        return "the message was kept back or not taken: the sentence names the field or the reason"
    return "something answers there, but not as the interface does: is this the right address?"
