-- Answers of yes, out of all answers. The question is first asked in January 2027, so there is no value yet.
select key as period, '' as dimension, '' as member,
    100.0 * count(*) filter (survey = 'yes') / nullif(count(*), 0) as value, count(*) as n
from cases join periods on opened_on >= first and opened_on < after
where survey is not null
group by all
