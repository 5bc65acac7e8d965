-- Of the cases open at the end of the period, the greatest age in days on its last day.
select key as period, '' as dimension, '' as member, max((after - 1) - opened_on) as value, count(*) as n
from cases join periods on opened_on < after and (closed_on is null or closed_on >= after)
group by all
