"""After the money: give up by rule, confirm by rule, tell what is not acknowledged yet."""

from datetime import timedelta

from yifu.collection import baddebt, defaults, tellings
from yifu.collection.night_run import NightRun, Report


def write_off(night: NightRun) -> Report:
    """Propose what the scheme gives up by now, for two people to decide about (P4.6).

    On a month's last day what is set aside is computed too.
    """
    proposed = baddebt.propose_due(area=night.area, scheme=night.scheme, now=night.now)
    bands = 0
    if (night.business_date + timedelta(days=1)).day == 1:
        bands = len(baddebt.provide(area=night.area, as_of=night.business_date))
    return {"write_offs_proposed": proposed, "provision_bands": bands}


def restore(night: NightRun) -> Report:
    """Confirm where the scheme asks nobody, and tell every party what it has not acknowledged.

    The net below the jobs of payments and confirmations, which tell at once (P4.4, P4.5).
    """
    confirmed = defaults.confirm_by_scheme(area=night.area, now=night.now)
    return {"confirmed": confirmed, "told": tellings.send_due(area=night.area, now=night.now)}
