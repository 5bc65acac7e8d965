-- Calls answered in ten seconds or less, out of all calls, by the month they came in. A caller who hung up unanswered is
-- a miss. A call answered before it came in (a slipped clock) is set aside. A call younger than ten seconds and unanswered
-- when the records were taken would not be counted yet; there is none.
with counted as (
    select *, coalesce(epoch(answered_at) - epoch(received_at) <= 10, false) as in_time
    from calls
    where answered_at is null or answered_at >= received_at
), sliced as (
    select *, unnest([
        {'dimension': '', 'member': ''},
        {'dimension': 'shift', 'member': shift},
        {'dimension': 'district', 'member': district},
        {'dimension': 'priority', 'member': priority}
    ], recursive := true)
    from counted
)
select key as period, dimension, member, 100.0 * count(*) filter (in_time) / count(*) as value, count(*) as n
from sliced join periods on received_at >= first and received_at < after
group by all
