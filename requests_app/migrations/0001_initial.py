"""Baskets, orders and requests."""

import django.db.models.deletion
from django.db import migrations, models

import tenancy.engine.identity
import tenancy.engine.scope
import tenancy.models
from tenancy.engine.operations import IsolateTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalogue", "0005_offerings"),
        ("people", "0004_managers"),
        ("records", "0005_approvers"),
        ("tenancy", "0004_tenant_created_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="Basket",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.engine.identity.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("updated_at", models.DateTimeField()),
                (
                    "membership",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=tenancy.engine.scope.current_tenant_id,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BasketLine",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.engine.identity.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "place",
                    models.CharField(
                        choices=[("answering", "Answering"), ("basket", "Basket"), ("saved", "Saved")],
                        default="answering",
                        max_length=9,
                    ),
                ),
                ("quantity", models.PositiveSmallIntegerField(default=1)),
                ("answers", models.JSONField(default=dict)),
                ("pages", models.JSONField(default=list)),
                ("added_at", models.DateTimeField()),
                (
                    "basket",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="requests_app.basket",
                    ),
                ),
                (
                    "offering",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalogue.offering",
                    ),
                ),
                (
                    "requested_for",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=tenancy.engine.scope.current_tenant_id,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BasketFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.engine.identity.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("content_type", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField(help_text="bytes")),
                ("sha256", models.CharField(max_length=64)),
                (
                    "path",
                    models.CharField(
                        help_text="in the store; random, so that no name reaches a file system",
                        max_length=200,
                    ),
                ),
                ("added_at", models.DateTimeField()),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=tenancy.engine.scope.current_tenant_id,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
                (
                    "line",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="requests_app.basketline",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.engine.identity.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("number", models.CharField(max_length=12)),
                ("ordered_at", models.DateTimeField()),
                ("door", models.CharField(max_length=8)),
                (
                    "basket_version",
                    models.PositiveIntegerField(
                        help_text="of the basket it was, which is ordered once however often that is sent",
                        null=True,
                    ),
                ),
                (
                    "ordered_by",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=tenancy.engine.scope.current_tenant_id,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Request",
            fields=[
                (
                    "record",
                    tenancy.models.TenantOneToOneField(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="records.record",
                    ),
                ),
                ("line", models.PositiveSmallIntegerField(help_text="its place in the order, from 1")),
                ("offering_code", models.CharField(max_length=60)),
                (
                    "offering_number",
                    models.PositiveIntegerField(help_text="the version's number"),
                ),
                ("quantity", models.PositiveSmallIntegerField(default=1)),
                ("answers", models.JSONField(default=dict)),
                ("unit_price", models.DecimalField(decimal_places=2, max_digits=10, null=True)),
                (
                    "promised_at",
                    models.DateTimeField(
                        help_text="when it was promised for, as said before ordering", null=True
                    ),
                ),
                (
                    "offering",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalogue.offering",
                    ),
                ),
                (
                    "offering_version",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalogue.offeringversion",
                    ),
                ),
                (
                    "order",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="requests_app.order",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=tenancy.engine.scope.current_tenant_id,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="basket",
            constraint=models.UniqueConstraint(models.F("tenant"), models.F("membership"), name="basket_of"),
        ),
        migrations.AddIndex(
            model_name="basketline",
            index=models.Index(
                models.F("tenant"), models.F("basket"), models.F("added_at"), name="basket_line_of"
            ),
        ),
        migrations.AddIndex(
            model_name="basketline",
            index=models.Index(
                models.F("tenant"),
                models.F("added_at"),
                condition=models.Q(("place", "answering")),
                name="basket_line_age",
            ),
        ),
        migrations.AddConstraint(
            model_name="basketline",
            constraint=models.CheckConstraint(
                condition=models.Q(("place__in", ["answering", "basket", "saved"])), name="basket_line_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="basketline",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__range", (1, 999))), name="basket_line_quantity"
            ),
        ),
        migrations.AddIndex(
            model_name="basketfile",
            index=models.Index(
                models.F("tenant"), models.F("line"), models.F("added_at"), name="basket_file_of"
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                models.F("tenant"), models.F("ordered_by"), models.F("ordered_at"), name="order_of"
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.UniqueConstraint(models.F("tenant"), models.F("number"), name="order_number"),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.UniqueConstraint(
                models.F("tenant"),
                models.F("ordered_by"),
                models.F("basket_version"),
                name="order_of_basket",
            ),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(models.F("tenant"), models.F("offering"), name="request_of_offering"),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.UniqueConstraint(
                models.F("tenant"), models.F("order"), models.F("line"), name="request_line"
            ),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__range", (1, 999))), name="request_quantity"
            ),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(
                condition=models.Q(("unit_price__isnull", True), ("unit_price__gte", 0), _connector="OR"),
                name="request_price",
            ),
        ),
        IsolateTable("basket", audited=False),
        IsolateTable("basketline", audited=False),
        IsolateTable("basketfile", audited=False, leaf=True),
        IsolateTable("order"),
        IsolateTable("request", supplier="record", supplier_writes=True, leaf=True),
    ]
