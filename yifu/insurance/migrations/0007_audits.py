
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('insurance', '0006_regions'),
        ('visits', '0003_stays'),
    ]

    operations = [
        migrations.AddField(
            model_name='connection',
            name='audit_policy',
            field=models.CharField(choices=[('off', '不审核'), ('page', '预结算与医生页面'), ('settle', '结算前')], db_comment="where the insurer's audit is asked", default='page', max_length=6),
        ),
        migrations.CreateModel(
            name='Audit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(choices=[('before', '事前'), ('during', '事中')], max_length=6)),
                ('digest', models.CharField(db_comment='of the charges it was about', max_length=32)),
                ('state', models.CharField(choices=[('answered', '已审核'), ('silent', '审核服务未应答'), ('not_asked', '未审核')], max_length=9)),
                ('detail', models.CharField(blank=True, db_comment='why there is no answer', max_length=300)),
                ('asked_at', models.DateTimeField()),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='audits', to='visits.visit')),
            ],
            options={
                'db_table_comment': '医保明细审核 audits by the insurer',
            },
        ),
        migrations.CreateModel(
            name='AuditFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('jr_id', models.CharField(db_comment='warn_rslt_id of 3103', max_length=50)),
                ('rule_id', models.CharField(max_length=50)),
                ('rule_name', models.CharField(max_length=200)),
                ('content', models.CharField(max_length=500)),
                ('evidence', models.CharField(blank=True, max_length=500)),
                ('severity', models.CharField(db_comment='sev_deg', max_length=3)),
                ('amount_fen', models.BigIntegerField(db_comment='vola_amt')),
                ('lines', models.JSONField(db_comment='line numbers of the charges it is about', default=list)),
                ('decision', models.CharField(blank=True, choices=[('1', '继续执行医嘱'), ('2', '返回修改医嘱')], max_length=1)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('decided_by', models.CharField(blank=True, max_length=60)),
                ('decided_at', models.DateTimeField(null=True)),
                ('told_at', models.DateTimeField(db_comment='3103 was answered', null=True)),
                ('audit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='insurance.audit')),
            ],
            options={
                'db_table_comment': '医保审核提醒 findings of audits',
            },
        ),
        migrations.AddConstraint(
            model_name='audit',
            constraint=models.CheckConstraint(condition=models.Q(('stage__in', ['before', 'during'])), name='audit_stage_known'),
        ),
        migrations.AddConstraint(
            model_name='audit',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['answered', 'silent', 'not_asked'])), name='audit_state_known'),
        ),
        migrations.AddIndex(
            model_name='auditfinding',
            index=models.Index(condition=models.Q(('decided_at__isnull', False), ('told_at__isnull', True)), fields=['decided_at'], name='decisions_to_tell'),
        ),
        migrations.AddConstraint(
            model_name='auditfinding',
            constraint=models.UniqueConstraint(fields=('audit', 'jr_id'), name='one_finding_per_number'),
        ),
        migrations.AddConstraint(
            model_name='auditfinding',
            constraint=models.CheckConstraint(condition=models.Q(('decision__in', ['', '1', '2'])), name='audit_decision_known'),
        ),
        migrations.AddConstraint(
            model_name='auditfinding',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decision', '1'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='going_on_has_a_reason'),
        ),
    ]
