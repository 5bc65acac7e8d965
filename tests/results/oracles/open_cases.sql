-- Cases opened before the end of the period and not closed before it. A case closed on the last day is no longer open.
-- The age of a case is that on the last day of the period; a case of exactly 30 days is in the band that begins there.
with open_then as (
    select
        key, district, case_type,
        case
            when (after - 1) - opened_on < 30 then '0-30'
            when (after - 1) - opened_on < 90 then '30-90'
            when (after - 1) - opened_on < 365 then '90-365'
            else '365+'
        end as age
    from cases join periods on opened_on < after and (closed_on is null or closed_on >= after)
), sliced as (
    select *, unnest([
        {'dimension': '', 'member': ''},
        {'dimension': 'district', 'member': district},
        {'dimension': 'case_type', 'member': case_type},
        {'dimension': 'age', 'member': age}
    ], recursive := true)
    from open_then
)
select key as period, dimension, member, count(*) as value, count(*) as n
from sliced
group by all
