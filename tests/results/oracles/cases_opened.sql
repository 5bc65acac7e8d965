-- Cases by the month they were opened in. The five wards with most cases, of all there are, stand alone; those that name
-- another ward are together, and those that name none are apart.
with first_five as (
    select ward from cases where ward <> '(blank)' group by ward order by count(*) desc, ward limit 5
), sliced as (
    select *, unnest([
        {'dimension': '', 'member': ''},
        {'dimension': 'district', 'member': district},
        {'dimension': 'case_type', 'member': case_type},
        {
            'dimension': 'ward',
            'member': case when ward = '(blank)' or ward in (from first_five) then ward else 'other' end
        }
    ], recursive := true)
    from cases
)
select key as period, dimension, member, count(*) as value, count(*) as n
from sliced join periods on opened_on >= first and opened_on < after
group by all
