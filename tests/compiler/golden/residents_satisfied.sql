-- residents_satisfied: Residents satisfied with how their case was handled
-- p0: rows counted
-- p1: numerator
-- p2: denominator
SELECT
  counted.k_month AS k_month,
  COUNT(CASE WHEN counted_residents_satisfied THEN 1 END) AS p0,
  COUNT(CASE WHEN hit_residents_satisfied THEN 1 END) AS p1,
  COUNT(CASE WHEN denominator_residents_satisfied THEN 1 END) AS p2
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
    COALESCE(cases.survey = 'yes', FALSE)
    OR COALESCE(NOT cases.survey IS NULL, FALSE) AS counted_residents_satisfied,
    COALESCE(cases.survey = 'yes', FALSE) AS hit_residents_satisfied,
    COALESCE(NOT cases.survey IS NULL, FALSE) AS denominator_residents_satisfied
  FROM cases
  WHERE
    cases.opened_on IS NULL OR cases.opened_on < '2026-11-01 00:00:00'
) AS counted
GROUP BY
  counted.k_month
