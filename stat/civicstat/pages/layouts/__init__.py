"""What each page shows: components from an edition and an ask, every word from ``words``."""

from civicstat.pages.layouts.archive import archive_page
from civicstat.pages.layouts.chart_file import chart_file
from civicstat.pages.layouts.city import city_page
from civicstat.pages.layouts.data import data_page
from civicstat.pages.layouts.dataset import dataset_page
from civicstat.pages.layouts.department import department_page
from civicstat.pages.layouts.goals import goals_page
from civicstat.pages.layouts.guide import help_page
from civicstat.pages.layouts.metric import metric_page
from civicstat.pages.layouts.missing import not_found_page
from civicstat.pages.layouts.search import search_page

__all__ = [
    "archive_page",
    "chart_file",
    "city_page",
    "data_page",
    "dataset_page",
    "department_page",
    "goals_page",
    "help_page",
    "metric_page",
    "not_found_page",
    "search_page",
]
