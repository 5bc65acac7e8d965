-- cases_opened: Cases opened
-- p0: rows counted, value
SELECT
  counted.k_month AS k_month,
  COUNT(CASE WHEN counted_cases_opened THEN 1 END) AS p0
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
    TRUE AS counted_cases_opened
  FROM cases
  WHERE
    cases.opened_on IS NULL OR cases.opened_on < '2026-11-01 00:00:00'
) AS counted
GROUP BY
  counted.k_month
