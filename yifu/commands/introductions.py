"""Makes the installation and its simulated counterparts known to each other.

The counterparts listen on other ports after every start, so this is done whenever they have been
started. They learn who calls through their switchboards; we write down where they are.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

import httpx

from yifu.commands.keys import Keys
from yifu.credit.models import CreditParty
from yifu.institutions.models import Institution
from yifu.insurance.mobile.client import keep_keys
from yifu.insurance.mobile.models import CentreConnection
from yifu.insurance.mobile.sm2 import PrivateKey, PublicKey
from yifu.insurance.models import Connection, SignIn
from yifu.insurance.regions.loading import NATIONAL
from yifu.insurance.regions.loading import region as region_named
from yifu.payments.models import Channel, ChannelKind
from yifu.receipts.models import FiscalConnection
from yifu.secrets import encrypt

INSURER_TIMEOUT_S = 5
"""Shorter than a real insurer is given: what is late in a simulated day is late by seconds."""
_PLACE = "P01"
_APP_ID = "wx9901000000000099"
_STOCK = {"batch_code": "99060126", "first": 1, "count": 5_000_000}
_TIMEOUT_S = 10
BANK = "hzbank"
"""The bank whose credit the simulated hospital's patients sign for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Where each counterpart listens."""

    insurer: str
    wechat: str
    fiscal: str
    sms: str
    batch: str
    credit: str
    bank: str

    def urls(self) -> dict[str, str]:
        """Give the addresses by name."""
        return asdict(self)


def introduce(
    outside: Outside, hospital: Institution, keys: Keys, *, region: str = NATIONAL
) -> None:
    """Introduce a hospital to its insurer, its channels, the fiscal and the credit platform.

    `region` says how the insurer is spoken to (`insurance/regions`). Raises `httpx.HTTPError` when
    one of them does not understand or does not answer.
    """
    _insurer(outside.insurer, hospital, keys, region)
    _payment_centre(outside.insurer, hospital, keys)
    _channels(outside.wechat, hospital, keys)
    _batch(outside.batch, hospital, keys)
    _fiscal(outside.fiscal, hospital, keys)
    _credit(outside, hospital, keys)


def tell(url: str, path: str, message: object, *, method: str = "POST") -> Any:  # noqa: ANN401 - whatever JSON it answers
    """Tell a counterpart's switchboard something and give its answer."""
    answer = _http().request(method, f"{url}/_control/{path}", json=message)
    answer.raise_for_status()
    return answer.json()


@cache
def _http() -> httpx.Client:
    return httpx.Client(timeout=_TIMEOUT_S, trust_env=False)


def _insurer(url: str, hospital: Institution, keys: Keys, code: str) -> None:
    place = region_named(code)
    institution = {
        "fixmedins_code": hospital.code,
        "fixmedins_name": hospital.name,
        "access_key": keys.insurer_access_key,
        "secret_key": keys.insurer_secret_key,
        "hosp_lv": hospital.level,
        "scheme": place.code if place.dialect else place.scheme,
    }
    tell(url, "institutions", [institution])
    # Another insurer does not know the day's sign-in.
    SignIn.objects.filter(connection__institution=hospital).exclude(
        connection__region=place.code
    ).delete()
    Connection.objects.update_or_create(
        institution=hospital,
        defaults={
            "region": place.code,
            "base_url": url,
            "access_key": keys.insurer_access_key,
            "secret_cipher": encrypt(keys.insurer_secret_key),
            "timeout_s": INSURER_TIMEOUT_S,
        },
    )


def _payment_centre(url: str, hospital: Institution, keys: Keys) -> None:
    """Introduce the hospital's application; the centre is asked, it does not call back here."""
    digest = hashlib.sha512(f"payment centre {keys.insurer_secret_key}".encode()).digest()
    private = PrivateKey(int.from_bytes(digest[:31]) + 1)
    application = {
        "app_id": f"YIFU{hospital.code}",
        "app_secret": keys.insurer_secret_key,
        "public_key": private.public().to_hex(),
        "fixmedins_code": hospital.code,
    }
    known = tell(url, "centre", [application])["public_keys"]
    CentreConnection.objects.update_or_create(
        institution=hospital,
        defaults={
            "base_url": url,
            "app_id": application["app_id"],
            "keys_cipher": keep_keys(
                app_secret=keys.insurer_secret_key,
                private=private,
                centre=PublicKey.from_hex(known[application["app_id"]]),
            ),
            "timeout_s": INSURER_TIMEOUT_S,
        },
    )


def _channels(url: str, hospital: Institution, keys: Keys) -> None:
    merchant = {
        "mchid": keys.merchant,
        "appid": _APP_ID,
        "serial_no": keys.merchant_serial_no,
        "public_key_pem": keys.merchant_public_key_pem(),
        "apiv3_key": keys.merchant_apiv3_key,
        "notify_ok": False,
    }
    tell(url, "merchants", merchant)
    platform = tell(url, "platform-key", None, method="GET")
    secrets = {
        "mchid": keys.merchant,
        "appid": _APP_ID,
        "serial_no": keys.merchant_serial_no,
        "private_key_pem": keys.merchant_private_key_pem,
        "apiv3_key": keys.merchant_apiv3_key,
        "platform_public_key_pem": platform["public_key_pem"],
        "platform_public_key_id": platform["public_key_id"],
    }
    Channel.objects.update_or_create(
        area=hospital.area,
        code="wechat",
        defaults={
            "base_url": url,
            "merchant": keys.merchant,
            "app": _APP_ID,
            "secrets_cipher": encrypt(json.dumps(secrets)),
        },
    )
    Channel.objects.get_or_create(area=hospital.area, code="cash")


def _batch(url: str, hospital: Institution, keys: Keys) -> None:
    """Introduce the citizen card's bank, which debits by file; nobody is bound to it by itself."""
    digest = hashlib.sha256(f"batch bank {keys.insurer_secret_key}".encode()).hexdigest()
    secrets = {"app": "yifu", "key": digest}
    tell(url, "apps", secrets)
    Channel.objects.update_or_create(
        area=hospital.area,
        code="citizen_card",
        defaults={
            "kind": ChannelKind.FILE,
            "base_url": url,
            "secrets_cipher": encrypt(json.dumps(secrets)),
        },
    )


def _fiscal(url: str, hospital: Institution, keys: Keys) -> None:
    tell(url, "apps", {"appid": keys.fiscal_app, "key": keys.fiscal_key})
    tell(url, "stock", _STOCK)
    FiscalConnection.objects.update_or_create(
        institution=hospital,
        defaults={
            "base_url": f"{url}/medical-web",
            "app": keys.fiscal_app,
            "key_cipher": encrypt(keys.fiscal_key),
            "place_code": _PLACE,
        },
    )


def _credit(outside: Outside, hospital: Institution, keys: Keys) -> None:
    """Introduce the area to who scores, to whom it tells, and to the bank that lends (P2, P4.4)."""
    app = f"yifu-{hospital.area_id}"
    for code, url, path in (
        ("credit_platform", outside.credit, "apps"),
        ("insurer", outside.insurer, "city-apps"),
        (BANK, outside.bank, "apps"),
    ):
        # Each party has a key of its own, and the installation's file of keys stays as it is.
        secret = f"{code} {keys.insurer_secret_key}".encode()
        key = hashlib.sha256(secret).hexdigest()
        tell(url, path, {"app": app, "key": key})
        CreditParty.objects.update_or_create(
            area=hospital.area,
            code=code,
            defaults={
                "base_url": url,
                "app": app,
                "key_cipher": encrypt(key),
                "timeout_s": INSURER_TIMEOUT_S,
            },
        )
