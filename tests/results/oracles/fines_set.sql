-- The sum of the fines set at the first inspections of the period; n is the number of fines.
with sliced as (
    select *, unnest([
        {'dimension': '', 'member': ''},
        {'dimension': 'district', 'member': district}
    ], recursive := true)
    from cases
    where fine is not null
)
select key as period, dimension, member, sum(fine) as value, count(*) as n
from sliced join periods on inspected_on >= first and inspected_on < after
group by all
