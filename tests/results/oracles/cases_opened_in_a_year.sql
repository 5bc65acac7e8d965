-- Cases opened in a period against those opened in the same one a year before, in percent of these, where both are complete:
-- the records hold November 2021 to 2 November 2026.
with member as (
    select *, unnest([{'dimension': '', 'member': ''}, {'dimension': 'case_type', 'member': case_type}], recursive := true)
    from cases
), span as (
    select key, first, after, first - interval 1 year as first_then, after - interval 1 year as after_then
    from periods
    where key <> 'all' and first - interval 1 year >= date '2021-11-01'
        and (after < date '2026-11-01' or key = '2026-10')
), counted as (
    select key, dimension, member,
        count(*) filter (opened_on >= first and opened_on < after) as now,
        count(*) filter (opened_on >= first_then and opened_on < after_then) as before
    from member cross join span
    group by all
)
select key as period, dimension, member, 100.0 * (now - before) / before as value, null as n
from counted
where before > 0
