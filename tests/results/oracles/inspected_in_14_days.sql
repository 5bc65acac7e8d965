-- Of the cases opened in the period, those first inspected by the fourteenth day after. A case not inspected counts as a
-- miss when its fourteenth day is before 2 November 2026, the day of the records, and not at all until then. An
-- inspection before the opening is set aside.
with counted as (
    select *, coalesce(inspected_on - opened_on <= 14, false) as in_time
    from cases
    where inspected_on >= opened_on or (inspected_on is null and opened_on + 14 < date '2026-11-02')
), sliced as (
    select *, unnest([
        {'dimension': '', 'member': ''},
        {'dimension': 'district', 'member': district},
        {'dimension': 'case_type', 'member': case_type}
    ], recursive := true)
    from counted
)
select key as period, dimension, member, 100.0 * count(*) filter (in_time) / count(*) as value, count(*) as n
from sliced join periods on opened_on >= first and opened_on < after
group by all
