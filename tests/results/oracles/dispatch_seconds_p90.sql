-- Calls of priority 1 to which a unit was sent: the ninth decile of the seconds from call to dispatch, by linear
-- interpolation between the two nearest calls. A unit sent before the call came in is set aside.
with counted as (
    select *, epoch(dispatched_at) - epoch(received_at) as seconds
    from calls
    where priority = '1' and dispatched_at >= received_at
), sliced as (
    select *, unnest([
        {'dimension': '', 'member': ''},
        {'dimension': 'district', 'member': district}
    ], recursive := true)
    from counted
)
select key as period, dimension, member, quantile_cont(seconds, 0.9) as value, count(*) as n
from sliced join periods on received_at >= first and received_at < after
group by all
