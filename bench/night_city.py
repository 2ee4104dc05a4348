"""A city for the bench: persons, contracts, lines, visits and due bills, straight in tables.

Every tenth principal's bill is on the line of a dependant. Ids begin at 1: the database is empty.
"""

import json
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from bench.night_counterpart import REFUSED_EVERY
from yifu import rows
from yifu.collection.nightly import Report
from yifu.institutions.models import Area, Institution
from yifu.payments.models import Channel, ChannelKind
from yifu.secrets import encrypt

AREA = "990100"
SHARED_EVERY = 10
OVERDUE_EVERY = 500
_TABLES = (
    "patients_notice collection_nightstep collection_nightdebit collection_night "
    "collection_billpayment payments_attempt payments_debitfile collection_defaultentry "
    "collection_bill ledger_movement ledger_posting credit_standingchange credit_creditline "
    "ledger_line ledger_account payments_binding patients_contract visits_visit patients_person"
)

# Ids are set by hand: what comes after them goes on behind.
_GO_ON = """
SELECT setval(pg_get_serial_sequence(%(table)s, 'id'), max(id)) FROM {table}
"""
_VISIT = {
    "id": "n",
    "institution_id": "%(place)s",
    "person_id": "n",
    "visit_no": "'V' || n",
    "kind": "'outpatient'",
    "department_code": "'A03'",
    "department_name": "'内科'",
    "doctor_code": "'D0101'",
    "doctor_name": "'林医生'",
    "began_at": "%(begun)s",
    "ended_at": "%(begun)s",
    "business_date": "%(day)s",
    "diagnoses": "'[]'",
    "uninsured": "false",
}

_CITY = """
INSERT INTO patients_person (id, area_id, name, certificate_type, certificate_cipher,
    certificate_index, phone_cipher, phone_index, sex, birth_date, created_at)
SELECT n, '990100', '市民' || n, '01', '\\x00', sha256(('c' || n)::bytea), '\\x00',
       sha256(('p' || n)::bytea), '1', '1980-01-01', %(begun)s
FROM generate_series(1, %(size)s) n;
INSERT INTO patients_contract (id, person_id, area_id, institution_id, scheme, state, funding, bank,
    consent_text_version, consent_channel, signed_at)
SELECT n, n, '990100', %(place)s, 'hangzhou', 'active', 'platform', '', '2026-01', 'phone',
       %(begun)s
FROM generate_series(1, %(size)s) n;
INSERT INTO ledger_account (id, code, kind)
SELECT n, 'owed:' || n, 'owed' FROM generate_series(1, %(size)s) n;
INSERT INTO ledger_line (id, account_id, parent_id, limit_fen, held_fen, owed_fen, extra_fen)
SELECT n, n, NULL, 300000, 0, 1000 + n %% 9000, 0 FROM generate_series(1, %(size)s) n;
INSERT INTO ledger_line (id, account_id, parent_id, limit_fen, held_fen, owed_fen, extra_fen)
SELECT %(size)s + n, n, n, 100000, 0, 1000 + n %% 9000, 0
FROM generate_series(1, %(size)s) n WHERE n %% %(shared)s = 0;
INSERT INTO credit_creditline (id, person_id, contract_id, line_id, lender, standing,
    standing_since)
SELECT n, n, n, n, 'platform', CASE WHEN n %% %(overdue)s = 1 THEN 'suspended' ELSE 'good' END,
       %(begun)s
FROM generate_series(1, %(size)s) n;
INSERT INTO payments_binding (id, person_id, channel_id, contract_cipher, daily_limit_fen, active,
    bound_at)
SELECT n, n, %(channel)s, '\\x00', 500000, true, %(begun)s FROM generate_series(1, %(size)s) n;
INSERT INTO visits_visit ({visit_columns})
SELECT {visit_values} FROM generate_series(1, %(size)s) n;
INSERT INTO collection_bill (id, visit_id, principal_id, line_id, account, amount_fen, paid_fen,
    state, opened_at, due_at)
SELECT n, n, n, CASE WHEN n %% %(shared)s = 0 THEN %(size)s + n ELSE n END, 'owed:' || n,
       1000 + n %% 9000, 0, CASE WHEN n %% %(overdue)s = 1 THEN 'overdue' ELSE 'open' END,
       %(begun)s, %(due)s
FROM generate_series(1, %(size)s) n;
INSERT INTO ledger_posting (id, key, kind, occurred_at, business_date)
SELECT n, 'settlement:' || n, 'settlement', %(begun)s, %(day)s FROM generate_series(1, %(size)s) n;
INSERT INTO ledger_account (id, code, kind) VALUES (%(size)s + 1, 'revenue:bench', 'revenue');
INSERT INTO ledger_movement (posting_id, debit_id, credit_id, amount_fen, line_id)
SELECT n, n, (SELECT id FROM ledger_account WHERE code = 'revenue:bench'), 1000 + n %% 9000,
       CASE WHEN n %% %(shared)s = 0 THEN %(size)s + n ELSE n END
FROM generate_series(1, %(size)s) n
"""


def build(size: int, *, now: datetime) -> None:
    """Empty the tables and build the city: every principal owes one bill, due in two days."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(_TABLES.split())} CASCADE")
    area, _ = Area.objects.get_or_create(
        code=AREA, defaults={"name": "示范市", "scheme": "hangzhou"}
    )
    place, _ = Institution.objects.get_or_create(
        code="H99010000001", defaults={"area": area, "name": "示范医院", "level": "3"}
    )
    channel, _ = Channel.objects.update_or_create(
        area=area, code="citizen_card", defaults={"kind": ChannelKind.FILE}
    )
    begun = now - timedelta(days=1)
    values: dict[str, Any] = {
        "size": size,
        "place": place.pk,
        "channel": channel.pk,
        "shared": SHARED_EVERY,
        "overdue": OVERDUE_EVERY,
        "begun": begun,
        "due": now + timedelta(days=2),
        "day": begun.date(),
    }
    city = _CITY.format(visit_columns=", ".join(_VISIT), visit_values=", ".join(_VISIT.values()))
    for statement in city.split(";"):
        with transaction.atomic(), connection.cursor() as cursor:
            # The rows fit together by construction: looking each reference up would take minutes.
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(statement, {k: v for k, v in values.items() if f"%({k})s" in statement})
    for table in _TABLES.split():
        rows.run(_GO_ON.format(table=table), {"table": table})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


def connect(folder: str) -> None:
    """Let the city's channel exchange files in a folder."""
    Channel.objects.filter(area=AREA, code="citizen_card").update(
        base_url=f"file://{folder}", secrets_cipher=encrypt(json.dumps({}))
    )


def check(report: Report, size: int) -> list[str]:
    """Say where the night's figures are not those the city was built for."""
    refused = size // REFUSED_EVERY
    taken_fen = sum(1000 + n % 9000 for n in range(1, size + 1) if n % REFUSED_EVERY)
    wanted = {
        "selected": size,
        "debited": size - refused,
        "failed": refused,
        "unknown": 0,
        "debited_fen": taken_fen,
    }
    faults = [
        f"{name}: {report[name]}, not {value}"
        for name, value in wanted.items()
        if report[name] != value
    ]
    ((paid_fen, moved_fen, noted),) = rows.run(_SUMS, {})
    if not paid_fen == moved_fen == taken_fen:
        faults.append(f"bills {paid_fen}, movements {moved_fen}, counterpart {taken_fen} fen")
    if noted != size - refused:
        faults.append(f"{noted} notices of debits, not {size - refused}")
    return faults


_SUMS = """
SELECT (SELECT sum(paid_fen) FROM collection_bill)::bigint,
       (SELECT sum(amount_fen) FROM ledger_movement WHERE debit_id =
            (SELECT id FROM ledger_account WHERE code = 'channel:citizen_card'))::bigint,
       (SELECT count(*) FROM patients_notice WHERE template = 'debited')
"""
