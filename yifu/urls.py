"""Which addresses exist."""

from django.urls import include, path

from yifu.api import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("oauth/", include("oauth2_provider.urls", namespace="oauth2_provider")),
    path("accounts/", include("yifu.web.account_urls")),
    path("", include("yifu.web.urls")),
]
