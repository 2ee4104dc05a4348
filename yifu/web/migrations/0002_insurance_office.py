
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('institutions', '0002_lean_indexes'),
        ('web', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='seat',
            name='seat_role_known',
        ),
        migrations.AlterField(
            model_name='seat',
            name='role',
            field=models.CharField(choices=[('doctor', '医生'), ('finance', '财务'), ('insurance', '医保办')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['doctor', 'finance', 'insurance'])), name='seat_role_known'),
        ),
    ]
