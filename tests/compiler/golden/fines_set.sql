-- fines_set: Fines set
-- p0: rows counted
-- p1: set aside: no value
-- p2: value
SELECT
  counted.k_month AS k_month,
  COUNT(CASE WHEN counted_fines_set THEN 1 END) AS p0,
  COUNT(CASE WHEN no_value_fines_set THEN 1 END) AS p1,
  SUM(CASE WHEN counted_fines_set THEN counted.fine END) AS p2
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
    CAST(DATE_TRUNC('MONTH', CAST(cases.inspected_on AS DATE)) AS DATE) AS k_month,
    NOT cases.fine IS NULL AS counted_fines_set,
    cases.fine IS NULL AS no_value_fines_set
  FROM cases
  WHERE
    cases.inspected_on IS NULL OR cases.inspected_on < '2026-11-01 00:00:00'
) AS counted
GROUP BY
  counted.k_month
