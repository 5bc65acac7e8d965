-- First inspections of the period that found a violation, out of all whose finding is written down.
with sliced as (
    select *, unnest([
        {'dimension': '', 'member': ''},
        {'dimension': 'district', 'member': district},
        {'dimension': 'case_type', 'member': case_type}
    ], recursive := true)
    from cases
    where violation is not null
)
select key as period, dimension, member, 100.0 * count(*) filter (violation = 'yes') / count(*) as value, count(*) as n
from sliced join periods on inspected_on >= first and inspected_on < after
group by all
