
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('institutions', '0002_lean_indexes'),
        ('receipts', '0001_initial'),
        ('settlement', '0006_stays'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReceiptBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(db_comment='upldBchno: date and five digits', max_length=13)),
                ('period', models.CharField(db_comment='bizStsb: yyyyMMdd-yyyyMMdd', max_length=17)),
                ('again', models.BooleanField(db_comment='4905 instead of 4901', default=False)),
                ('state', models.CharField(choices=[('sending', '发送中'), ('uploaded', '已上传'), ('done', '已处理'), ('refused', '被拒绝')], default='sending', max_length=8)),
                ('msgid', models.CharField(blank=True, max_length=30)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('sent_at', models.DateTimeField()),
                ('institution', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='institutions.institution')),
            ],
            options={
                'db_table_comment': '票据上传批次 batches of receipts',
            },
        ),
        migrations.CreateModel(
            name='ReceiptUpload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', '待上传'), ('incomplete', '待补充'), ('uploaded', '已上传'), ('accepted', '已通过'), ('refused', '被退回'), ('obsolete', '已撤销')], default='waiting', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('changed_at', models.DateTimeField()),
                ('again', models.BooleanField(db_comment='was refused once: goes by 4905', default=False)),
                ('batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='uploads', to='uploads.receiptbatch')),
                ('institution', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='institutions.institution')),
                ('receipt', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='upload', to='receipts.receipt')),
            ],
            options={
                'db_table_comment': '票据上传 receipts to the insurer',
            },
        ),
        migrations.CreateModel(
            name='SelfPaidUpload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', '待上传'), ('incomplete', '待补充'), ('uploaded', '已上传'), ('accepted', '已通过'), ('refused', '被退回'), ('obsolete', '已撤销')], default='waiting', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('changed_at', models.DateTimeField()),
                ('sent_lines', models.IntegerField(db_comment='so many lines the insurer has', default=0)),
                ('institution', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='institutions.institution')),
                ('settlement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='self_paid_upload', to='settlement.settlement')),
            ],
            options={
                'db_table_comment': "自费费用上传 self-payers' charges",
            },
        ),
        migrations.CreateModel(
            name='UploadPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('receipts', models.BooleanField(default=True)),
                ('lists', models.CharField(choices=[('required', '住院与门诊慢特病'), ('all', '全部结算'), ('none', '不上传')], default='required', max_length=8)),
                ('self_paid', models.BooleanField(default=True)),
                ('filled_in_department', models.CharField(blank=True, db_comment='medins_fill_dept of 4101', max_length=100)),
                ('filled_in_by', models.CharField(blank=True, db_comment='medins_fill_psn of 4101', max_length=50)),
                ('institution', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='upload_policy', to='institutions.institution')),
            ],
            options={
                'db_table_comment': '医保上传政策 upload policies',
            },
        ),
        migrations.CreateModel(
            name='ListUpload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', '待上传'), ('incomplete', '待补充'), ('uploaded', '已上传'), ('accepted', '已通过'), ('refused', '被退回'), ('obsolete', '已撤销')], default='waiting', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('changed_at', models.DateTimeField()),
                ('missing', models.JSONField(db_comment='names of fields that nobody has given', default=list)),
                ('supplement', models.JSONField(db_comment='what was filled in, by field', default=dict)),
                ('number', models.CharField(blank=True, db_comment='setl_list_id', max_length=30)),
                ('submitted', models.BooleanField(db_comment='4102: may not be changed any more', default=False)),
                ('institution', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='institutions.institution')),
                ('settlement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='list_upload', to='settlement.settlement')),
            ],
            options={
                'db_table_comment': '结算清单上传 settlement lists',
                'indexes': [models.Index(fields=['institution', 'state'], name='list_uploads_by_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'incomplete', 'uploaded', 'accepted', 'refused', 'obsolete'])), name='list_upload_state_known')],
            },
        ),
        migrations.AddConstraint(
            model_name='receiptbatch',
            constraint=models.UniqueConstraint(fields=('institution', 'number'), name='one_batch_per_number'),
        ),
        migrations.AddConstraint(
            model_name='receiptbatch',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['sending', 'uploaded', 'done', 'refused'])), name='batch_state_known'),
        ),
        migrations.AddIndex(
            model_name='receiptupload',
            index=models.Index(fields=['institution', 'state'], name='receipt_uploads_by_state'),
        ),
        migrations.AddConstraint(
            model_name='receiptupload',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'incomplete', 'uploaded', 'accepted', 'refused', 'obsolete'])), name='receipt_upload_state_known'),
        ),
        migrations.AddIndex(
            model_name='selfpaidupload',
            index=models.Index(fields=['institution', 'state'], name='self_paid_uploads_by_state'),
        ),
        migrations.AddConstraint(
            model_name='selfpaidupload',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'incomplete', 'uploaded', 'accepted', 'refused', 'obsolete'])), name='self_paid_upload_state_known'),
        ),
    ]
