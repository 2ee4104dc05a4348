"""A hospital that is known at the payment centre, and codes that its patients show."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.builders import NOW
from yifu.insurance.mobile import client
from yifu.insurance.mobile.models import CentreConnection
from yifu.insurance.mobile.sm2 import PrivateKey, PublicKey
from yifu.settlement import onecode, recovery

APP_ID, APP_SECRET = "1G7Q9ABCDE0F4D2C90A5", "6A3C1F2E9B8D4C7AAF01"


@dataclass
class Centre:
    """The payment centre as a test of the platform needs it."""

    world: Any
    private: PrivateKey
    before: int
    """How many orders others had opened there before this test."""

    def code(self, person: Any, **how: Any) -> Any:
        """A code that a person shows."""
        asked = {"psn_no": f"99{person.pk:013d}", **how}
        return self.world.insurer.control("codes", asked)["code"]

    def settle(self, visit: Any, **more: Any) -> Any:
        """Settle a visit by a code its patient shows."""
        return onecode.settle(
            institution_id=self.world.hospital.pk,
            visit_id=visit.pk,
            code=more.pop("code", None) or self.code(visit.person),
            now=more.pop("now", NOW),
            **more,
        )

    def fate(self, fate: str, **how: Any) -> None:
        """What shall become of the next order."""
        self.world.insurer.control("centre/fates", {"fate": fate, **how})

    def orders(self) -> Any:
        """The orders of this test as the centre has them."""
        return orders_at(self.world)[self.before :]

    def order(self) -> Any:
        """The latest order."""
        return self.orders()[-1]

    def recover(self, now: datetime = NOW) -> Any:
        """Let the recovery walk."""
        return recovery.recover(now=now)


def orders_at(world: Any) -> Any:
    """All orders as the centre has them."""
    return world.insurer.control("centre/orders", method="GET")["orders"]


def join(world: Any, *, callback_url: str = "") -> Centre:
    """Make a hospital and the centre known to each other."""
    private = PrivateKey.generate()
    row = {
        "app_id": APP_ID,
        "app_secret": APP_SECRET,
        "public_key": private.public().to_hex(),
        "fixmedins_code": world.hospital.code,
        "callback_url": callback_url,
    }
    keys = world.insurer.control("centre", [row])["public_keys"]
    client.forget_centres()
    CentreConnection.objects.create(
        institution=world.hospital,
        base_url=world.insurer.url,
        app_id=APP_ID,
        keys_cipher=client.keep_keys(
            app_secret=APP_SECRET, private=private, centre=PublicKey.from_hex(keys[APP_ID])
        ),
        timeout_s=5,
    )
    return Centre(world, private, len(orders_at(world)))
