"""Importing this makes Django ready: the first import of each program here that works on the product's own code."""

import django
from django.apps import apps

if not apps.ready:
    django.setup()
