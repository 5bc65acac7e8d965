-- Answers of yes, out of all answers to the survey. Nobody has been asked, so there is no value in any period.
select key as period, '' as dimension, '' as member,
    100.0 * count(*) filter (satisfied = 'yes') / nullif(count(*), 0) as value, count(*) as n
from calls join periods on received_at >= first and received_at < after
where satisfied is not null
group by all
