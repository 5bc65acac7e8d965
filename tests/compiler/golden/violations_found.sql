-- violations_found: Inspections that find a violation
-- p0: rows counted
-- p1: numerator
-- p2: denominator
SELECT
  counted.k_month AS k_month,
  COUNT(CASE WHEN counted_violations_found THEN 1 END) AS p0,
  COUNT(CASE WHEN hit_violations_found THEN 1 END) AS p1,
  COUNT(CASE WHEN denominator_violations_found THEN 1 END) AS p2
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
    COALESCE(cases.violation = 'yes', FALSE)
    OR COALESCE(NOT cases.violation IS NULL, FALSE) AS counted_violations_found,
    COALESCE(cases.violation = 'yes', FALSE) AS hit_violations_found,
    COALESCE(NOT cases.violation IS NULL, FALSE) AS denominator_violations_found
  FROM cases
  WHERE
    cases.inspected_on IS NULL OR cases.inspected_on < '2026-11-01 00:00:00'
) AS counted
GROUP BY
  counted.k_month
