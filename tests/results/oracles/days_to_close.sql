-- The middle of the days from opened to closed, of the cases closed in the period. Closed before opened is set aside.
with sliced as (
    select *, closed_on - opened_on as days, unnest([
        {'dimension': '', 'member': ''},
        {'dimension': 'district', 'member': district},
        {'dimension': 'case_type', 'member': case_type}
    ], recursive := true)
    from cases
    where closed_on >= opened_on
)
select key as period, dimension, member, quantile_cont(days, 0.5) as value, count(*) as n
from sliced join periods on closed_on >= first and closed_on < after
group by all
