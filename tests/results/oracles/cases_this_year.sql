-- The cases opened from the first of July before the last day of a period through that day.
with sliced as (
    select *, unnest([{'dimension': '', 'member': ''}, {'dimension': 'case_type', 'member': case_type}], recursive := true)
    from cases
), member as (
    select distinct dimension, member from sliced
), ended as (
    select key, after,
        (date_trunc('year', after - interval 1 day + interval 6 month) - interval 6 month)::date as began
    from periods
)
select key as period, member.dimension, member.member,
    count(*) filter (opened_on >= began and opened_on < after) as value, null as n
from ended cross join member left join sliced on sliced.dimension = member.dimension and sliced.member = member.member
group by all
