-- Limits of one segment of a process behaviour chart by hand: mean and mean moving range of its first {count} months,
-- ranges that are not under 3.267 times their mean left out once; and the months of it that lie outside.
with months as (
    select period, value, row_number() over (order by period) as place
    from ({oracle}) as counted
    where dimension = '' and period between '{first}' and '{last}' and regexp_full_match(period, '[0-9]{{4}}-[0-9]{{2}}')
), basis as (
    select * from months where place <= {count}
), ranges as (
    select abs(value - lag(value) over (order by place)) as moved from basis
), screened as (
    select avg(moved) as mean_range from ranges where moved < 3.267 * (select avg(moved) from ranges)
), limits as (
    select avg(value) as mean, avg(value) - 2.66 * any_value(mean_range) as lower, avg(value) + 2.66 * any_value(mean_range) as upper
    from basis, screened
)
select mean, lower, upper, (select list(period order by period) from months where value < lower or value > upper) as outside
from limits
