-- Of the cases due in the period, those closed on or before the day due. An open case is a miss when that day is before
-- 2 November 2026, the day of the records, and is not counted until then. Cases without a due day make no promise. A case closed
-- before it was opened is set aside.
with counted as (
    select *, coalesce(closed_on <= due_on, false) as in_time
    from cases
    where due_on is not null and (closed_on >= opened_on or (closed_on is null and due_on < date '2026-11-02'))
), sliced as (
    select *, unnest([
        {'dimension': '', 'member': ''},
        {'dimension': 'district', 'member': district},
        {'dimension': 'case_type', 'member': case_type}
    ], recursive := true)
    from counted
)
select key as period, dimension, member, 100.0 * count(*) filter (in_time) / count(*) as value, count(*) as n
from sliced join periods on due_on >= first and due_on < after
group by all
