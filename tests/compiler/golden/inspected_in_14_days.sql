-- inspected_in_14_days: Cases inspected within 14 days
-- p0: rows counted, denominator
-- p1: set aside: no start
-- p2: set aside: to before from
-- p3: not decided yet, set aside: not yet due
-- p4: numerator
SELECT
  counted.k_month AS k_month,
  COUNT(CASE WHEN counted_inspected_in_14_days THEN 1 END) AS p0,
  COUNT(CASE WHEN no_start_inspected_in_14_days THEN 1 END) AS p1,
  COUNT(CASE WHEN to_before_from_inspected_in_14_days THEN 1 END) AS p2,
  COUNT(CASE WHEN pending_inspected_in_14_days THEN 1 END) AS p3,
  COUNT(CASE WHEN hit_inspected_in_14_days THEN 1 END) AS p4
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
    CAST(DATE_TRUNC('MONTH', CAST(cases.opened_on AS DATE)) AS DATE) AS k_month,
    NOT cases.opened_on IS NULL
    AND NOT COALESCE(
      EPOCH_US(CAST(cases.inspected_on AS TIMESTAMP)) - EPOCH_US(CAST(cases.opened_on AS TIMESTAMP)) < 0,
      FALSE
    )
    AND (
      NOT cases.inspected_on IS NULL
      OR COALESCE(
        MAKE_TIMESTAMP(EPOCH_US(CAST(cases.opened_on AS TIMESTAMP)) + CAST(1209600000000 AS BIGINT)) < CAST('2026-11-02' AS TIMESTAMP),
        FALSE
      )
    ) AS counted_inspected_in_14_days,
    NOT cases.opened_on IS NULL
    AND NOT COALESCE(
      EPOCH_US(CAST(cases.inspected_on AS TIMESTAMP)) - EPOCH_US(CAST(cases.opened_on AS TIMESTAMP)) < 0,
      FALSE
    )
    AND (
      NOT cases.inspected_on IS NULL
      OR COALESCE(
        MAKE_TIMESTAMP(EPOCH_US(CAST(cases.opened_on AS TIMESTAMP)) + CAST(1209600000000 AS BIGINT)) < CAST('2026-11-02' AS TIMESTAMP),
        FALSE
      )
    )
    AND COALESCE(
      EPOCH_US(CAST(cases.inspected_on AS TIMESTAMP)) - EPOCH_US(CAST(cases.opened_on AS TIMESTAMP)) <= 1209600000000,
      FALSE
    ) AS hit_inspected_in_14_days,
    NOT cases.opened_on IS NULL
    AND NOT COALESCE(
      EPOCH_US(CAST(cases.inspected_on AS TIMESTAMP)) - EPOCH_US(CAST(cases.opened_on AS TIMESTAMP)) < 0,
      FALSE
    )
    AND cases.inspected_on IS NULL
    AND NOT COALESCE(
      MAKE_TIMESTAMP(EPOCH_US(CAST(cases.opened_on AS TIMESTAMP)) + CAST(1209600000000 AS BIGINT)) < CAST('2026-11-02' AS TIMESTAMP),
      FALSE
    ) AS pending_inspected_in_14_days,
    cases.opened_on IS NULL AS no_start_inspected_in_14_days,
    COALESCE(
      EPOCH_US(CAST(cases.inspected_on AS TIMESTAMP)) - EPOCH_US(CAST(cases.opened_on AS TIMESTAMP)) < 0,
      FALSE
    ) AS to_before_from_inspected_in_14_days
  FROM cases
  WHERE
    cases.opened_on IS NULL OR cases.opened_on < '2026-11-01 00:00:00'
) AS counted
GROUP BY
  counted.k_month
