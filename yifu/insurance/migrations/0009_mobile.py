import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('institutions', '0002_lean_indexes'),
        ('insurance', '0008_traces'),
    ]

    operations = [
        migrations.CreateModel(
            name='CentreConnection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('base_url', models.URLField()),
                ('app_id', models.CharField(max_length=64, unique=True)),
                ('keys_cipher', models.BinaryField(db_comment='app_secret, private_key and centre_key as encrypted JSON')),
                ('user_id', models.CharField(db_comment='what SM2 signatures are made as', default='1234567812345678', max_length=64)),
                ('org_id', models.CharField(blank=True, db_comment='orgId of e-credentials', max_length=40)),
                ('version', models.CharField(default='2.0.1', max_length=10)),
                ('paths', models.JSONField(blank=True, db_comment='addresses by infno where they are not the usual ones', default=dict)),
                ('qr_field', models.CharField(db_comment="what 6101 calls the code's text", default='ecQrCode', max_length=30)),
                ('timeout_s', models.PositiveSmallIntegerField(default=10)),
                ('institution', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='payment_centre', to='institutions.institution')),
            ],
            options={
                'db_table_comment': '医保移动支付中心连接 connections to the payment centre',
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('infno', models.CharField(max_length=5)),
                ('pay_ord_id', models.CharField(max_length=40)),
                ('call_type', models.CharField(blank=True, max_length=40)),
                ('content_hash', models.BinaryField()),
                ('content', models.JSONField()),
                ('received_at', models.DateTimeField()),
                ('times', models.PositiveIntegerField(db_comment='how often it came', default=1)),
                ('institution', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='institutions.institution')),
            ],
            options={
                'db_table_comment': '医保移动支付通知 notices of the payment centre',
                'constraints': [models.UniqueConstraint(fields=('institution', 'pay_ord_id', 'infno', 'call_type', 'content_hash'), name='one_notice_per_content')],
            },
        ),
        migrations.CreateModel(
            name='PayOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(db_comment='settlement:12', max_length=40, unique=True)),
                ('med_org_ord', models.CharField(max_length=40, unique=True)),
                ('pay_ord_id', models.CharField(max_length=40)),
                ('mdtrt_id', models.CharField(max_length=30)),
                ('ord_stas', models.CharField(blank=True, db_comment='as last heard', max_length=3)),
                ('lines', models.JSONField(db_comment='how the insurer sees each line, fen', default=list)),
                ('pay_token_cipher', models.BinaryField(null=True)),
                ('revs_token_cipher', models.BinaryField(null=True)),
                ('revs_until', models.DateTimeField(db_comment='an hour after it was paid', null=True)),
                ('opened_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(db_comment='nothing can be done with it any more', null=True)),
                ('institution', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='institutions.institution')),
            ],
            options={
                'db_table_comment': '医保移动支付订单 orders at the payment centre',
                'indexes': [models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['opened_at'], name='open_orders_by_age')],
                'constraints': [models.UniqueConstraint(fields=('institution', 'pay_ord_id'), name='one_order_per_pay_ord_id'), models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), models.Q(('pay_token_cipher__isnull', True), ('revs_token_cipher__isnull', True)), _connector='OR'), name='closed_order_keeps_no_token')],
            },
        ),
    ]
