-- The fines set at the inspections of the period over the cases opened in it. A district where no fine was ever set has no
-- such number; where nothing was inspected the fines are 0, where no inspection says a fine they are unknown.
with member as (
    select *, unnest([{'dimension': '', 'member': ''}, {'dimension': 'district', 'member': district}], recursive := true)
    from cases
), fined as (
    select key, known.dimension, known.member, case when count(inspected_on) = 0 then 0 else sum(fine) end as fines
    from (select distinct dimension, member from member where fine is not null) as known
    cross join periods
    left join member
        on known.dimension = member.dimension and known.member = member.member
        and inspected_on >= first and inspected_on < after
    group by all
), opened as (
    select key, dimension, member, count(*) as cases
    from member join periods on opened_on >= first and opened_on < after
    group by all
)
select key as period, dimension, member, cast(fines as double) / cases as value, null as n
from fined join opened using (key, dimension, member)
