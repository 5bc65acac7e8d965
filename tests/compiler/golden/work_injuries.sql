-- work_injuries: Injuries at work
-- p0: rows counted, value
SELECT
  counted.k_quarter AS k_quarter,
  COUNT(CASE WHEN counted_work_injuries THEN 1 END) AS p0
FROM (
  SELECT
    injuries.report AS report,
    injuries.happened_on AS happened_on,
    injuries.unit AS unit,
    injuries.nature AS nature,
    injuries.days_lost AS days_lost,
    injuries.employee AS employee,
    CAST(DATE_TRUNC('QUARTER', CAST(injuries.happened_on AS DATE)) AS DATE) AS k_quarter,
    TRUE AS counted_work_injuries
  FROM injuries
  WHERE
    injuries.happened_on IS NULL OR injuries.happened_on < '2026-11-01 00:00:00'
) AS counted
GROUP BY
  counted.k_quarter
