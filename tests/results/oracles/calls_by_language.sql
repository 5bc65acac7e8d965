-- The calls of the period in each language, out of all of its calls; the total is out of itself.
with dated as (
    select key, language from calls join periods on received_at >= first and received_at < after
), counted as (
    select key, '' as dimension, '' as member, count(*) as calls from dated group by all
    union all
    select key, 'language', language, count(*) from dated group by all
)
select key as period, dimension, member, 100.0 * calls / sum(calls) filter (dimension = '') over (partition by key) as value, null as n
from counted
