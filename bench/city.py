"""A made-up city of service requests, as large as one likes: declarations, and records drawn by the engine itself."""

from __future__ import annotations

from pathlib import Path

import duckdb

from civicstat.spec import Project, load_files

__all__ = ["AS_OF", "OF_A_DAY", "declared", "files", "write_csv", "write_table"]

AS_OF = "2025-12-31"
"""Five years of requests, all of them known."""

OF_A_DAY = 5_000_000
"""From so many records on, a day more may take a tenth of the whole; with fewer it is told for its growth."""

CITY = """
name: Bench
languages: [en]
time_zone: America/New_York
fiscal_year: {starts: 07-01, named_by: end}
"""

DATASET = """
datasets:
  requests:
    title: Requests
    row: one row is one request
    source: {file: "records/*.csv", take: all}
    key: id
    time: opened
    as_of: AS_OF
    columns:
      id:         {from: id, type: text}
      opened:     {from: opened, type: timestamp}
      closed:     {from: closed, type: timestamp}
      promised:   {from: promised, type: timestamp}
      kind:       {from: kind, type: text}
      department: {from: department, type: text}
      district:   {from: district, type: text}
      channel:    {from: channel, type: text}
      cost:       {from: cost, type: number}
      hours:      {from: hours, type: integer}
      rating:     {from: rating, type: integer}
      escalated:  {from: escalated, type: text}
"""

METRICS = {
    "requests": "type: simple, measure: count(*), unit: requests",
    "by_web": "type: simple, measure: count(*), where: \"channel = 'web'\", unit: requests",
    "urgent": "type: simple, measure: count(*), where: \"kind in ('Kind 1', 'Kind 2', 'Kind 3')\", unit: requests",
    "spent": "type: simple, measure: sum(cost), unit: dollars",
    "overtime": "type: simple, measure: sum(hours), where: hours > 8, unit: hours",
    "hours": "type: simple, measure: sum(hours), unit: hours",
    "mean_cost": "type: simple, measure: avg(cost), unit: dollars",
    "dearest": "type: simple, measure: max(cost), unit: dollars",
    "mean_rating": "type: simple, measure: avg(rating), unit: points",
    "web_share": "type: ratio, numerator: {where: \"channel = 'web'\"}, denominator: count(*)",
    "escalated_share": "type: ratio, numerator: {where: \"escalated = 'yes'\"}, denominator: count(*)",
    "rated_well": "type: ratio, numerator: {where: rating >= 4}, denominator: {where: rating is not null}",
    "cost_an_hour": "type: ratio, numerator: sum(cost), denominator: sum(hours), per: 1",
    "on_time": "type: within, from: opened, to: closed, limit: promised",
    "in_3_days": "type: within, from: opened, to: closed, limit: 3 days",
    "in_30_days": "type: within, from: opened, to: closed, limit: 30 days",
    "urgent_in_1_day": "type: within, from: opened, to: closed, limit: 1 day, "
    "where: \"kind in ('Kind 1', 'Kind 2', 'Kind 3')\"",
    "days_to_close": "type: duration, from: opened, to: closed, unit: days, measure: median(elapsed)",
    "days_to_close_p90": 'type: duration, from: opened, to: closed, unit: days, measure: "percentile(elapsed, 0.9)"',
    "mean_days": "type: duration, from: opened, to: closed, unit: days, measure: avg(elapsed)",
    "closed": "type: simple, measure: count(*), time: closed, where: closed is not null, unit: requests",
    "closed_cost": "type: simple, measure: sum(cost), time: closed, where: closed is not null, unit: dollars",
    "open": "type: stock, opened: opened, closed: closed, unit: requests",
    "open_urgent": "type: stock, opened: opened, closed: closed, unit: requests, "
    "where: \"kind in ('Kind 1', 'Kind 2', 'Kind 3')\"",
}


def files(as_of: str = AS_OF) -> dict[str, str]:
    """Return the declarations by path: 24 metrics, each split by 12 departments and by districts."""
    lines = [
        DATASET.replace("AS_OF", as_of),
        "departments:",
        f"  works: {{title: Works, metrics: [{', '.join(METRICS)}]}}",
    ]
    lines.append("metrics:")
    for name, body in METRICS.items():
        lines.append(
            f"  {name}: {{title: It, dataset: requests, {body}, better: neither, dimensions: [department, district]}}"
        )
    return {"metrics/city.yaml": CITY, "metrics/datasets/requests.yaml": "\n".join(lines)}


def declared(as_of: str = AS_OF) -> Project:
    """Return the project of these declarations, which lies in no folder."""
    return load_files(files(as_of), Path())


def write_table(connection: duckdb.DuckDBPyConnection, count: int) -> None:
    """Make the table ``requests`` of ``count`` made-up requests, in order of time as a segment holds them."""
    connection.execute(f"CREATE TABLE requests AS {_records(count)} ORDER BY opened")


def write_csv(path: Path, count: int, *, first: int = 0, day: str | None = None) -> None:
    """Write ``count`` made-up requests as a file, numbered from ``first``; with ``day``, all opened on that day."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({_records(count, first, day)} ORDER BY opened, id) TO '{path}' (HEADER)")


def _records(count: int, first: int = 0, day: str | None = None) -> str:
    """Five years of requests; most are closed in days, few after months, one in twenty is open or of no district."""
    opened = (
        "TIMESTAMP '2021-01-01' + to_seconds((draw(1) % 157766400)::BIGINT)"
        if day is None
        else f"TIMESTAMP '{day}' + to_seconds((draw(1) % 86400)::BIGINT)"
    )
    body = f"""
        SELECT i, {opened} AS opened,
               round(3600 * exp(1 + 6.5 * (draw(2) % 100000) / 100000.0))::BIGINT AS spent,
               draw(3) % 12 AS dep, draw(4) % 20 AS dis, draw(5) % 30 AS kin,
               (draw(6) % 4)::INTEGER AS cha, draw(7) % 500000 AS cents, draw(8) % 12 AS hours, draw(9) % 6 AS rat,
               draw(10) % 20 AS alive, draw(11) % 9 AS esc
        FROM range({first}, {first + count}) AS numbers(i)
    """
    for number in range(1, 12):
        body = body.replace(f"draw({number})", f"hash(i * 16 + {number})")
    end = f"TIMESTAMP '{day or AS_OF}' + INTERVAL 1 DAY"
    closed = f"CASE WHEN alive > 0 AND opened + to_seconds(spent) < {end} THEN opened + to_seconds(spent) END"
    return f"""
        SELECT 'R' || lpad(i::VARCHAR, 9, '0') AS id, opened, {closed} AS closed,
               opened + to_days(3 + (kin % 12)::INTEGER) AS promised, 'Kind ' || kin AS kind,
               'Department ' || dep AS department,
               CASE WHEN dis > 0 THEN 'District ' || ((dis % 9) + 1) END AS district,
               ['web', 'phone', 'app', 'mail'][cha + 1] AS channel, cents / 100.0 AS cost, hours::BIGINT AS hours,
               CASE WHEN rat > 0 THEN rat::BIGINT END AS rating, CASE WHEN esc = 0 THEN 'yes' ELSE 'no' END AS escalated
        FROM ({body}) AS drawn
    """
