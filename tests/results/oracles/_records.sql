-- The demonstration city's records as its datasets define them, read as text and cast here, so that every oracle starts
-- from the files and from nothing of ours. {data} is the folder data/demo; the tests fill in `periods`
-- (key, first, after): half-open days, a running period cut after the last day in the records.
--
-- A row is left out when a cell that should be a day or a moment is not one, or when its key, its date or the moment of
-- its last change is missing. Of the rows with one key, the one changed last stays. The words N/A and -- mean no value.

create table calls as
with cell as (
    select
        nullif(trim("Call ID"), '') as call_id,
        nullif(trim("Received"), '') as received,
        nullif(trim("Answered"), '') as answered,
        nullif(trim("Dispatched"), '') as dispatched,
        nullif(nullif(trim("Arrived"), ''), '--') as arrived,
        coalesce(nullif(trim("Priority"), ''), '(blank)') as priority,
        coalesce(nullif(nullif(trim("District"), ''), 'N/A'), '(blank)') as district,
        coalesce(nullif(trim("Language"), ''), '(blank)') as language,
        nullif(trim("Satisfied"), '') as satisfied,
        nullif(trim("Updated"), '') as updated
    from read_csv('{data}/calls/*.csv', all_varchar = true, union_by_name = true, header = true)
), typed as (
    select
        *,
        try_strptime(received, '%Y-%m-%d %H:%M:%S') as received_at,
        try_strptime(answered, '%Y-%m-%d %H:%M:%S') as answered_at,
        try_strptime(dispatched, '%Y-%m-%d %H:%M:%S') as dispatched_at,
        try_strptime(arrived, '%Y-%m-%d %H:%M:%S') as arrived_at,
        try_strptime(updated, '%Y-%m-%d %H:%M:%S') as updated_at
    from cell
)
select
    call_id, received_at, answered_at, dispatched_at, arrived_at, priority, district, language, satisfied,
    case
        when hour(received_at) in (7, 8, 9, 10, 11, 12, 13, 14) then 'Day'
        when hour(received_at) in (15, 16, 17, 18, 19, 20, 21, 22) then 'Evening'
        else 'Night'
    end as shift
from typed
where call_id is not null and received_at is not null and updated_at is not null
    and (answered is null) = (answered_at is null)
    and (dispatched is null) = (dispatched_at is null)
    and (arrived is null) = (arrived_at is null)
qualify row_number() over (partition by call_id order by updated_at desc) = 1;

create table cases as
with cell as (
    select
        nullif(trim("Case Number"), '') as case_number,
        nullif(trim("Opened"), '') as opened,
        nullif(trim("First Inspected"), '') as inspected,
        nullif(trim("Due"), '') as due,
        nullif(trim("Closed"), '') as closed,
        coalesce(nullif(trim("Case Type"), ''), '(blank)') as case_type,
        coalesce(nullif(nullif(trim("District"), ''), 'N/A'), '(blank)') as district,
        coalesce(nullif(nullif(trim("Ward"), ''), 'N/A'), '(blank)') as ward,
        nullif(trim("Violation"), '') as violation,
        nullif(trim("Survey"), '') as survey,
        cast(nullif(replace(replace(trim("Fine"), '$', ''), ',', ''), '') as decimal(18, 2)) as fine,
        nullif(trim("Updated"), '') as updated
    from read_csv('{data}/cases/*.csv', all_varchar = true, union_by_name = true, header = true, quote = '"')
), typed as (
    select
        *,
        cast(try_strptime(opened, '%m/%d/%Y') as date) as opened_on,
        cast(try_strptime(inspected, '%m/%d/%Y') as date) as inspected_on,
        cast(try_strptime(due, '%m/%d/%Y') as date) as due_on,
        cast(try_strptime(closed, '%m/%d/%Y') as date) as closed_on,
        cast(try_strptime(updated, '%m/%d/%Y') as date) as updated_on
    from cell
)
select case_number, opened_on, inspected_on, due_on, closed_on, case_type, district, ward, violation, survey, fine
from typed
where case_number is not null and opened_on is not null and updated_on is not null
    and (inspected is null) = (inspected_on is null)
    and (due is null) = (due_on is null)
    and (closed is null) = (closed_on is null)
qualify row_number() over (partition by case_number order by updated_on desc) = 1;

create table reviews as
select
    cast(strptime("Reviewed", '%m/%d/%Y') as date) as reviewed_on,
    "Shift" as shift,
    "Protocol followed" as followed
from read_csv('{data}/call_reviews/reviews.csv', all_varchar = true, header = true);

-- Each export replaces the one before it: the last counts. Two title lines stand above the header.
create table injuries as
select
    cast(strptime("Date", '%m/%d/%Y') as date) as happened_on,
    "Unit" as unit,
    cast("Days Lost" as integer) as days_lost
from read_csv('{data}/injuries/injuries-2026-11-02.csv', all_varchar = true, header = true, skip = 2);
