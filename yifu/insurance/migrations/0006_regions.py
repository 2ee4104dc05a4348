import django.db.models.deletion
from django.db import migrations, models

STATES = ["sending", "answered", "refused", "unsent", "unknown", "resolved"]
LABELS = ["已发出", "已应答", "被拒绝", "未送达", "未知", "已查明"]


def text(longest, comment=None, **more):
    if comment:
        more["db_comment"] = comment
    return models.CharField(max_length=longest, **more)


class Migration(migrations.Migration):
    dependencies = [("insurance", "0005_filings")]

    operations = [
        migrations.AddField(
            "connection",
            "region",
            text(20, "insurance/regions/*", default="national", db_default="national"),
        ),
        migrations.AlterField(
            "connection",
            "receiver",
            text(10, "recer_sys_code; empty: the region's", blank=True, default=""),
        ),
        migrations.AlterField(
            "connection",
            "version",
            text(6, "infver; empty: the region's", blank=True, default=""),
        ),
        migrations.CreateModel(
            name="DialectMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", text(4, "e.g. SI12")),
                ("msgid", text(30)),
                ("state", text(8, choices=list(zip(STATES, LABELS)), default="sending")),
                ("visit", text(30, "e.g. jzdyh", blank=True)),
                ("batch", text(30, "chrg_bchno", blank=True)),
                ("bill", text(40, "e.g. mxzdh", blank=True)),
                ("application", text(40, "e.g. jssqxh", blank=True)),
                ("serial", text(30, "e.g. lsh", blank=True)),
                ("request", models.JSONField()),
                ("answer", models.JSONField(null=True)),
                ("detail", text(300, blank=True)),
                ("sent_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "exchange",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dialect",
                        to="insurance.exchange",
                    ),
                ),
            ],
            options={
                "db_table_comment": "方言报文 messages in an insurer's dialect",
                "indexes": [models.Index(fields=["visit", "kind"], name="dialect_by_visit")],
                "constraints": [
                    models.UniqueConstraint(fields=("msgid",), name="one_dialect_message_per_msgid"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", STATES)), name="dialect_state_known"
                    ),
                ],
            },
        ),
    ]
