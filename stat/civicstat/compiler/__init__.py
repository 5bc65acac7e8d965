"""Metrics become SQLAlchemy Core: pure, without a connection, a clock or a file."""

from civicstat.compiler.account import COUNTED, Asked, plan_account
from civicstat.compiler.business import business_number
from civicstat.compiler.counting import time_column
from civicstat.compiler.days import Moment, plan_days
from civicstat.compiler.explain import explain_sql
from civicstat.compiler.flags import RowFlags, row_flags
from civicstat.compiler.plan import Plan, Reach, Window, group_metrics, longer_grains, plan_rows
from civicstat.compiler.ranking import plan_ranking
from civicstat.compiler.recipe import Merge, Recipe
from civicstat.compiler.row import SQL_TYPES, AsOfValue, row_sql
from civicstat.compiler.selecting import plan_select
from civicstat.compiler.stock import Ending, Flow, flows_of, group_stocks, plan_ends, plan_flow, runs
from civicstat.compiler.text import columns_of, parameters_of, sql_text
from civicstat.compiler.windows import first_day, group_windows, plan_windows

__all__ = [
    "COUNTED",
    "SQL_TYPES",
    "AsOfValue",
    "Asked",
    "Ending",
    "Flow",
    "Merge",
    "Moment",
    "Plan",
    "Reach",
    "Recipe",
    "RowFlags",
    "Window",
    "business_number",
    "columns_of",
    "explain_sql",
    "first_day",
    "flows_of",
    "group_metrics",
    "group_stocks",
    "group_windows",
    "longer_grains",
    "parameters_of",
    "plan_account",
    "plan_days",
    "plan_ends",
    "plan_flow",
    "plan_ranking",
    "plan_rows",
    "plan_select",
    "plan_windows",
    "row_flags",
    "row_sql",
    "runs",
    "sql_text",
    "time_column",
]
