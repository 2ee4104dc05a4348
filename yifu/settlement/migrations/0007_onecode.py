from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('settlement', '0006_stays'),
    ]

    operations = [
        migrations.AlterField(
            model_name='settlement',
            name='method',
            field=models.CharField(blank=True, choices=[('credit', '信用付'), ('bank', '银行信用付'), ('debit', '代扣'), ('window', '窗口/自行付款'), ('cash', '现金'), ('onecode', '一码付'), ('none', '无需个人支付')], max_length=8),
        ),
    ]
