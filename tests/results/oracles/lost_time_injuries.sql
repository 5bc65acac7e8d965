-- Injuries of the quarter after which at least one day of work was lost.
select key as period, '' as dimension, '' as member, count(*) as value, count(*) as n
from injuries join periods on happened_on >= first and happened_on < after
where days_lost > 0
group by all
