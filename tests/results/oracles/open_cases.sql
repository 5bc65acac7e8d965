-- Cases opened before the end of the period and not closed before it. A case closed on the last day is no longer open.
with sliced as (
    select *, unnest([
        {'dimension': '', 'member': ''},
        {'dimension': 'district', 'member': district},
        {'dimension': 'case_type', 'member': case_type}
    ], recursive := true)
    from cases
)
select key as period, dimension, member, count(*) as value, count(*) as n
from sliced join periods on opened_on < after and (closed_on is null or closed_on >= after)
group by all
