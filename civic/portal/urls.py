from django.urls import path

from civic.portal.pages import help as helping
from civic.portal.pages import home, mine, search

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("my/", mine.mine, name="mine"),
    path("help/", helping.index, name="help"),
    path("phones/", helping.phones, name="phones"),
    path("privacy/", helping.privacy, name="privacy"),
    path("accessibility/", helping.accessibility, name="accessibility"),
]
