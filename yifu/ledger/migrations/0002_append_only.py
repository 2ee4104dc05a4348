"""A fence behind the code: postings and movements cannot be changed or deleted.

No rule of money depends on it (decision 9): where triggers are not to be had, the code still never
changes them. Lines are updated in place, so their pages keep room for it.
"""

from django.db import migrations

FENCE = """
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: %', TG_TABLE_NAME;
END $$;
CREATE TRIGGER ledger_posting_append_only BEFORE UPDATE OR DELETE ON ledger_posting
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_movement_append_only BEFORE UPDATE OR DELETE ON ledger_movement
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
ALTER TABLE ledger_line SET (fillfactor = 60);
ALTER TABLE ledger_hold SET (fillfactor = 80);
"""
NO_FENCE = """
DROP TRIGGER ledger_posting_append_only ON ledger_posting;
DROP TRIGGER ledger_movement_append_only ON ledger_movement;
DROP FUNCTION ledger_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [migrations.RunSQL(FENCE, NO_FENCE)]
