-- Calls never answered, out of all calls.
with sliced as (
    select *, unnest([
        {'dimension': '', 'member': ''},
        {'dimension': 'shift', 'member': shift},
        {'dimension': 'district', 'member': district}
    ], recursive := true)
    from calls
)
select key as period, dimension, member, 100.0 * count(*) filter (answered_at is null) / count(*) as value, count(*) as n
from sliced join periods on received_at >= first and received_at < after
group by all
