-- Calls by the month they came in.
with sliced as (
    select *, unnest([
        {'dimension': '', 'member': ''},
        {'dimension': 'priority', 'member': priority},
        {'dimension': 'district', 'member': district},
        {'dimension': 'language', 'member': language},
        {'dimension': 'district,priority', 'member': district || ',' || priority}
    ], recursive := true)
    from calls
)
select key as period, dimension, member, count(*) as value, count(*) as n
from sliced join periods on received_at >= first and received_at < after
group by all
