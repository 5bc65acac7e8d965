-- Reviews in which every step was taken, out of all reviews.
with sliced as (
    select *, unnest([
        {'dimension': '', 'member': ''},
        {'dimension': 'shift', 'member': shift}
    ], recursive := true)
    from reviews
)
select key as period, dimension, member, 100.0 * count(*) filter (followed = 'yes') / count(*) as value, count(*) as n
from sliced join periods on reviewed_on >= first and reviewed_on < after
group by all
