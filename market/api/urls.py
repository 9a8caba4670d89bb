from django.urls import URLPattern, path, re_path
from rest_framework.views import APIView

from market.api import views
from market.api.views.base import NoSuchView


def _in_each_version(route: str, view: type[APIView], name: str) -> list[URLPattern]:
    """The address without a version and in both that there are: the same."""
    return [
        path(f"api/now/{version}{route}", view.as_view(), name=f"market_{name}{version.rstrip('/')}")
        for version in ("", "v1/", "v2/")
    ]


_SC = "api/sn_sc/servicecatalog"
_SC1 = "api/sn_sc/v1/servicecatalog"

urlpatterns = [
    *_in_each_version("table/<str:table>", views.TableView, "table"),
    *_in_each_version("table/<str:table>/<str:sys_id>", views.TableRowView, "row"),
    *_in_each_version("attachment", views.AttachmentsView, "attachments"),
    *_in_each_version("attachment/file", views.AttachmentFileUploadView, "attachment_send"),
    *_in_each_version("attachment/upload", views.AttachmentUploadView, "attachment_upload"),
    *_in_each_version("attachment/<str:sys_id>", views.AttachmentView, "attachment"),
    *_in_each_version("attachment/<str:sys_id>/file", views.AttachmentFileView, "attachment_file"),
    *_in_each_version("batch", views.BatchView, "batch"),
    *_in_each_version("tinyurl", views.TinyView, "tiny"),
    *_in_each_version("stats/<str:table>", views.StatsView, "stats"),
    *(
        path(f"{base}/{route}", view.as_view(), name=f"market_{name}{number}")
        for number, base in (("", _SC), ("_v1", _SC1))
        for route, view, name in (
            ("catalogs", views.CataloguesView, "catalogues"),
            ("catalogs/<str:sys_id>", views.CatalogueView, "catalogue"),
            ("catalogs/<str:sys_id>/categories", views.CategoriesView, "categories"),
            ("items", views.ItemsView, "items"),
            ("items/<str:sys_id>", views.ItemView, "item"),
            ("items/<str:sys_id>/order_now", views.OrderNowView, "order_now"),
        )
    ),
    path("oauth_token.do", views.TokenView.as_view(), name="market_token"),
    re_path(r"^api/(now|sn_sc)/", NoSuchView.as_view()),
]
