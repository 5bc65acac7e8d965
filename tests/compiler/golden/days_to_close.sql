-- days_to_close: Time in which half of cases are closed
-- p0: rows counted
-- p1: set aside: to before from
-- p2: set aside: open
-- p3: set aside: no start
-- p4: value
SELECT
  counted.k_month AS k_month,
  COUNT(CASE WHEN counted_days_to_close THEN 1 END) AS p0,
  COUNT(CASE WHEN to_before_from_days_to_close THEN 1 END) AS p1,
  COUNT(CASE WHEN open_days_to_close THEN 1 END) AS p2,
  COUNT(CASE WHEN no_start_days_to_close THEN 1 END) AS p3,
  QUANTILE_CONT(
    CAST(CASE WHEN counted_days_to_close THEN elapsed_days_to_close END AS DOUBLE),
    0.5
  ) AS p4
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
    CAST(DATE_TRUNC('MONTH', CAST(cases.closed_on AS DATE)) AS DATE) AS k_month,
    COALESCE(
      EPOCH_US(CAST(cases.closed_on AS TIMESTAMP)) - EPOCH_US(CAST(cases.opened_on AS TIMESTAMP)) >= 0,
      FALSE
    ) AS counted_days_to_close,
    COALESCE(
      EPOCH_US(CAST(cases.closed_on AS TIMESTAMP)) - EPOCH_US(CAST(cases.opened_on AS TIMESTAMP)) < 0,
      FALSE
    ) AS to_before_from_days_to_close,
    NOT cases.opened_on IS NULL AND cases.closed_on IS NULL AS open_days_to_close,
    cases.opened_on IS NULL AS no_start_days_to_close,
    CAST(EPOCH_US(CAST(cases.closed_on AS TIMESTAMP)) - EPOCH_US(CAST(cases.opened_on AS TIMESTAMP)) AS DOUBLE) / NULLIF(CAST(86400000000.0 AS DOUBLE), 0.0) AS elapsed_days_to_close
  FROM cases
  WHERE
    cases.closed_on IS NULL OR cases.closed_on < '2026-11-01 00:00:00'
) AS counted
GROUP BY
  counted.k_month
