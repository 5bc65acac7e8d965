-- Cases by the month they were opened in.
with sliced as (
    select *, unnest([
        {'dimension': '', 'member': ''},
        {'dimension': 'district', 'member': district},
        {'dimension': 'case_type', 'member': case_type}
    ], recursive := true)
    from cases
)
select key as period, dimension, member, count(*) as value, count(*) as n
from sliced join periods on opened_on >= first and opened_on < after
group by all
