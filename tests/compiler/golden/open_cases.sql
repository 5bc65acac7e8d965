-- open_cases: Cases open at the end of the month
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
    ending.start AS k_month,
    TRUE AS counted_open_cases,
    DATE_DIFF('DAY', cases.opened_on, ending.last) AS age_open_cases
  FROM cases
  JOIN (
    SELECT
      CAST(ends.start AS DATE) AS start,
      CAST(ends.last AS DATE) AS last,
      CAST(ends.cut AS TIMESTAMP) AS cut,
      CAST(ends."at" AS TIMESTAMP) AS "at"
    FROM (VALUES
      ('2026-10-01', '2026-11-01 00:00:00', '2026-11-01 00:00:00', '2026-10-31')) AS ends(start, cut, "at", last)
  ) AS ending
    ON cases.opened_on < ending.cut
    AND (
      cases.closed_on IS NULL OR cases.closed_on >= ending.cut
    )
) AS counted
GROUP BY
  counted.k_month
