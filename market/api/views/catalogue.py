"""The catalogue of what may be requested: `/api/sn_sc/servicecatalog`."""

from typing import Any, ClassVar
from uuid import UUID, uuid5

from django.utils import timezone
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from catalogue.public import Card, active_categories, in_language
from lifecycle.public import NotFoundError
from market.api.serializers import wish_of
from market.api.views.base import MarketView
from market.api.views.errors import NO_RECORD
from market.queries.catalogue import find_item, items_for, variables_of
from market.queries.conditions import as_key
from market.services.ordering import order_item
from people.public import get_tenant

_NAMESPACE = UUID("5d6f3a58-2c1b-4b8e-9a55-0f8d6a3b7c21")
_PAGE = 10


class CatalogueBase(MarketView):
    """What these addresses have in common: they are for the customer's own systems, as the catalogue is."""

    permission_for: ClassVar[dict[str, str]] = {"GET": "request:make"}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.actor.reach == "provider":
            raise PermissionDenied("The catalogue is for the customer's own systems.")

    def catalogue(self) -> dict[str, Any]:
        """The one catalogue that a tenant has."""
        tenant = get_tenant(self.actor.tenant_id)
        key = uuid5(_NAMESPACE, str(tenant.pk)).hex
        return {
            "sys_id": key,
            "title": tenant.name,
            "description": "",
            "has_categories": True,
            "has_items": True,
        }

    def require_catalogue(self, sys_id: str) -> dict[str, Any]:
        """The catalogue with this key. Raises NotFoundError."""
        found = self.catalogue()
        if found["sys_id"] != sys_id:
            raise NotFoundError(NO_RECORD)
        return found


class CataloguesView(CatalogueBase):
    """Every catalogue."""

    def get(self, request: Request) -> Response:
        """The one that there is."""
        wish = wish_of(request.query_params)
        return Response({"result": [self.catalogue()] if not wish.offset else []})


class CatalogueView(CatalogueBase):
    """One catalogue."""

    def get(self, request: Request, sys_id: str) -> Response:
        """The catalogue."""
        return Response({"result": self.require_catalogue(sys_id)})


class CategoriesView(CatalogueBase):
    """The shelves of a catalogue."""

    def get(self, request: Request, sys_id: str) -> Response:
        """Every shelf, by name."""
        self.require_catalogue(sys_id)
        wish = wish_of(request.query_params)
        rows = active_categories()[wish.offset : wish.offset + wish.limit]
        found = [
            {"sys_id": row.pk.hex, "title": row.name, "description": "", "full_description": None}
            for row in rows
        ]
        return Response({"result": found})


class ItemsView(CatalogueBase):
    """What may be requested."""

    def get(self, request: Request) -> Response:
        """A page of items: ten unless said. Past the last one it is empty."""
        params = request.query_params
        wish = wish_of(params)
        if params.get("sysparm_catalog", "") not in ("", self.catalogue()["sys_id"]):
            return Response({"result": []})
        items = list(items_for(params.get("sysparm_text", "")))
        shelf = as_key(params.get("sysparm_category", "")) if params.get("sysparm_category") else None
        if shelf is not None:
            items = [card for card in items if card.category_id == shelf]
        limit = wish.limit if params.get("sysparm_limit", "").strip() else _PAGE
        return Response({"result": [self.brief(card) for card in items[wish.offset : wish.offset + limit]]})

    def brief(self, card: Card) -> dict[str, Any]:
        """An item as lists show it."""
        return item_of(card, self.catalogue()["sys_id"])


class ItemView(CatalogueBase):
    """One item."""

    def get(self, request: Request, sys_id: str) -> Response:
        """The item with its questions."""
        key = as_key(sys_id)
        card = find_item(key) if key else None
        if card is None:
            raise NotFoundError(NO_RECORD)
        variables = variables_of(card, "en")
        return Response({"result": item_of(card, self.catalogue()["sys_id"]) | {"variables": variables}})


class OrderNowView(CatalogueBase):
    """Ordering one item."""

    permission_for: ClassVar[dict[str, str]] = {"POST": "request:make"}

    def post(self, request: Request, sys_id: str) -> Response:
        """Order for `sysparm_requested_for`: the number and key of the order."""
        key = as_key(sys_id)
        if key is None:
            raise NotFoundError(NO_RECORD)
        placed = order_item(item=key, given=self.json_body(), actor=self.actor, at=timezone.now())
        order = placed.order
        return Response(
            {
                "result": {
                    "sys_id": order.pk.hex,
                    "number": order.number,
                    "request_number": order.number,
                    "request_id": order.pk.hex,
                    "parent_id": None,
                    "parent_table": "task",
                    "table": "sc_request",
                }
            }
        )


def item_of(card: Card, catalogue: str) -> dict[str, Any]:
    """An item as the market shows it."""
    price = f"£{card.unit_price:.2f}" if card.unit_price else ""
    return {
        "sys_id": card.offering_id.hex,
        "name": in_language(card.name, "en"),
        "short_description": in_language(card.summary, "en"),
        "description": in_language(card.summary, "en"),
        "catalogs": [{"sys_id": catalogue, "active": True}],
        "category": {"sys_id": card.category_id.hex} if card.category_id else None,
        "price": price,
        "show_price": bool(price),
        "show_quantity": card.max_quantity > 1,
        "type": "catalog_item",
        "sys_class_name": "sc_cat_item",
        "active": True,
    }
