-- Injuries by the quarter they happened in. What is published withholds counts from one to four; the office sees all.
with sliced as (
    select *, unnest([
        {'dimension': '', 'member': ''},
        {'dimension': 'unit', 'member': unit}
    ], recursive := true)
    from injuries
)
select key as period, dimension, member, count(*) as value, count(*) as n
from sliced join periods on happened_on >= first and happened_on < after
group by all
