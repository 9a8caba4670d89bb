"""The addresses of the market-compatible API."""

from market.api.views.aside import BatchView, StatsView, TinyView
from market.api.views.attachments import (
    AttachmentFileUploadView,
    AttachmentFileView,
    AttachmentsView,
    AttachmentUploadView,
    AttachmentView,
)
from market.api.views.catalogue import (
    CataloguesView,
    CatalogueView,
    CategoriesView,
    ItemsView,
    ItemView,
    OrderNowView,
)
from market.api.views.tables import TableRowView, TableView
from market.api.views.tokens import TokenView

__all__ = [
    "AttachmentFileUploadView",
    "AttachmentFileView",
    "AttachmentUploadView",
    "AttachmentView",
    "AttachmentsView",
    "BatchView",
    "CatalogueView",
    "CataloguesView",
    "CategoriesView",
    "ItemView",
    "ItemsView",
    "OrderNowView",
    "StatsView",
    "TableRowView",
    "TableView",
    "TinyView",
    "TokenView",
]
