"""One view."""

from rest_framework import generics, serializers

from bench.bare.models import Fault


class FaultSerializer(serializers.ModelSerializer[Fault]):
    """All columns."""

    class Meta:
        model = Fault
        fields = "__all__"


class FaultsView(generics.CreateAPIView[Fault]):
    """POST inserts one row."""

    queryset = Fault.objects.all()
    serializer_class = FaultSerializer
