-- open_cases: Cases open at the end of the month
-- open at a period's end: rows opened so far, less rows closed so far

-- p0: rows counted, value
SELECT
  counted.k_month AS k_month,
  COUNT(CASE WHEN counted_open_cases THEN 1 END) AS p0
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
    TRUE AS counted_open_cases
  FROM cases
  WHERE
    NOT cases.opened_on IS NULL AND cases.opened_on < '2026-11-01 00:00:00'
) AS counted
GROUP BY
  counted.k_month

-- p0: rows counted, value
SELECT
  counted.k_month AS k_month,
  COUNT(CASE WHEN counted_open_cases THEN 1 END) AS p0
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
    CAST(DATE_TRUNC('MONTH', CAST(GREATEST(cases.closed_on, cases.opened_on) AS DATE)) AS DATE) AS k_month,
    TRUE AS counted_open_cases
  FROM cases
  WHERE
    NOT cases.opened_on IS NULL
    AND cases.opened_on < '2026-11-01 00:00:00'
    AND NOT cases.closed_on IS NULL
    AND cases.closed_on < '2026-11-01 00:00:00'
) AS counted
GROUP BY
  counted.k_month
