-- The middle of the seconds from call to answer, of the calls that were answered, not before they came in.
with counted as (
    select *, epoch(answered_at) - epoch(received_at) as seconds
    from calls
    where answered_at >= received_at
), sliced as (
    select *, unnest([
        {'dimension': '', 'member': ''},
        {'dimension': 'shift', 'member': shift},
        {'dimension': 'language', 'member': language}
    ], recursive := true)
    from counted
)
select key as period, dimension, member, quantile_cont(seconds, 0.5) as value, count(*) as n
from sliced join periods on received_at >= first and received_at < after
group by all
