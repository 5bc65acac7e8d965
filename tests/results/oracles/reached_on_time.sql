-- Calls to which a unit was sent and arrived inside the limit of their priority (8, 15, 45 minutes from the call). A unit
-- that never arrived is a miss once the limit is past. A unit there before the call came in is set aside. A call whose
-- limit had not passed when the records were taken (the end of 2 November 2026) and which had no arrival is not counted yet.
with promised as (
    select *, case priority when '1' then 8 when '2' then 15 when '3' then 45 end * 60 as seconds
    from calls
    where dispatched_at is not null
), counted as (
    select *, coalesce(epoch(arrived_at) - epoch(received_at) <= seconds, false) as in_time
    from promised
    where seconds is not null
        and (
            arrived_at >= received_at
            or (arrived_at is null and epoch(received_at) + seconds < epoch(timestamp '2026-11-03 00:00:00'))
        )
), sliced as (
    select *, unnest([
        {'dimension': '', 'member': ''},
        {'dimension': 'district', 'member': district},
        {'dimension': 'priority', 'member': priority}
    ], recursive := true)
    from counted
)
select key as period, dimension, member, 100.0 * count(*) filter (in_time) / count(*) as value, count(*) as n
from sliced join periods on received_at >= first and received_at < after
group by all
