-- closed_by_due_day: Cases settled by the promised day
-- p0: rows counted, denominator
-- p1: set aside: no start
-- p2: set aside: to before from
-- p3: set aside: no promise
-- p4: not decided yet, set aside: not yet due
-- p5: numerator
SELECT
  counted.k_month AS k_month,
  COUNT(CASE WHEN counted_closed_by_due_day THEN 1 END) AS p0,
  COUNT(CASE WHEN no_start_closed_by_due_day THEN 1 END) AS p1,
  COUNT(CASE WHEN to_before_from_closed_by_due_day THEN 1 END) AS p2,
  COUNT(CASE WHEN no_promise_closed_by_due_day THEN 1 END) AS p3,
  COUNT(CASE WHEN pending_closed_by_due_day THEN 1 END) AS p4,
  COUNT(CASE WHEN hit_closed_by_due_day THEN 1 END) AS p5
FROM (
  SELECT
    cases.case_number AS case_number,
    cases.opened_on AS opened_on,
    cases.inspected_on AS inspected_on,
    cases.due_on AS due_on,
    cases.closed_on AS closed_on,
    cases.case_type AS case_type,
    cases.district AS district,
    cases.ward AS ward,
    cases.address AS address,
    cases.violation AS violation,
    cases.fine AS fine,
    cases.survey AS survey,
    cases.reported_by AS reported_by,
    cases.updated_on AS updated_on,
    CAST(DATE_TRUNC('MONTH', CAST(cases.due_on AS DATE)) AS DATE) AS k_month,
    NOT cases.due_on IS NULL
    AND NOT cases.opened_on IS NULL
    AND NOT COALESCE(
      EPOCH_US(CAST(cases.closed_on AS TIMESTAMP)) - EPOCH_US(CAST(cases.opened_on AS TIMESTAMP)) < 0,
      FALSE
    )
    AND (
      NOT cases.closed_on IS NULL OR COALESCE(cases.due_on < '2026-11-02', FALSE)
    ) AS counted_closed_by_due_day,
    NOT cases.due_on IS NULL
    AND NOT cases.opened_on IS NULL
    AND NOT COALESCE(
      EPOCH_US(CAST(cases.closed_on AS TIMESTAMP)) - EPOCH_US(CAST(cases.opened_on AS TIMESTAMP)) < 0,
      FALSE
    )
    AND (
      NOT cases.closed_on IS NULL OR COALESCE(cases.due_on < '2026-11-02', FALSE)
    )
    AND COALESCE(cases.closed_on <= cases.due_on, FALSE) AS hit_closed_by_due_day,
    NOT cases.due_on IS NULL
    AND NOT cases.opened_on IS NULL
    AND NOT COALESCE(
      EPOCH_US(CAST(cases.closed_on AS TIMESTAMP)) - EPOCH_US(CAST(cases.opened_on AS TIMESTAMP)) < 0,
      FALSE
    )
    AND cases.closed_on IS NULL
    AND NOT COALESCE(cases.due_on < '2026-11-02', FALSE) AS pending_closed_by_due_day,
    cases.opened_on IS NULL AS no_start_closed_by_due_day,
    COALESCE(
      EPOCH_US(CAST(cases.closed_on AS TIMESTAMP)) - EPOCH_US(CAST(cases.opened_on AS TIMESTAMP)) < 0,
      FALSE
    ) AS to_before_from_closed_by_due_day,
    NOT cases.opened_on IS NULL
    AND NOT COALESCE(
      EPOCH_US(CAST(cases.closed_on AS TIMESTAMP)) - EPOCH_US(CAST(cases.opened_on AS TIMESTAMP)) < 0,
      FALSE
    )
    AND cases.due_on IS NULL AS no_promise_closed_by_due_day
  FROM cases
  WHERE
    cases.due_on IS NULL OR cases.due_on < '2026-11-01 00:00:00'
) AS counted
GROUP BY
  counted.k_month
