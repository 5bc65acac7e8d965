-- The middle of the seconds from call to answer, of the calls that were answered, not before they came in. By language
-- there is no value under 60 calls.
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
select key as period, dimension, member, if(n < 60 and dimension = 'language', null, middle) as value, n
from (
    select key, dimension, member, quantile_cont(seconds, 0.5) as middle, count(*) as n
    from sliced join periods on received_at >= first and received_at < after
    group by all
)
