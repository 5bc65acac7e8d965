-- Of the cases open at the end of the period, those whose age on its last day is more than 90 days.
with sliced as (
    select *, unnest([
        {'dimension': '', 'member': ''},
        {'dimension': 'district', 'member': district},
        {'dimension': 'case_type', 'member': case_type}
    ], recursive := true)
    from cases
)
select key as period, dimension, member, count(*) as value, count(*) as n
from sliced join periods on opened_on < after and (closed_on is null or closed_on >= after) and (after - 1) - opened_on > 90
group by all
