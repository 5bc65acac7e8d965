-- callers_satisfied: Callers satisfied with how they were helped
-- p0: rows counted
-- p1: numerator
-- p2: denominator
SELECT
  counted.k_month AS k_month,
  COUNT(CASE WHEN counted_callers_satisfied THEN 1 END) AS p0,
  COUNT(CASE WHEN hit_callers_satisfied THEN 1 END) AS p1,
  COUNT(CASE WHEN denominator_callers_satisfied THEN 1 END) AS p2
FROM (
  SELECT
    calls.call_id AS call_id,
    calls.received_at AS received_at,
    calls.answered_at AS answered_at,
    calls.dispatched_at AS dispatched_at,
    calls.arrived_at AS arrived_at,
    calls.priority AS priority,
    calls.district AS district,
    calls.language AS language,
    calls.satisfied AS satisfied,
    calls.updated_at AS updated_at,
    calls.shift AS shift,
    CAST(DATE_TRUNC('MONTH', CAST(calls.received_at AS DATE)) AS DATE) AS k_month,
    COALESCE(calls.satisfied = 'yes', FALSE)
    OR COALESCE(NOT calls.satisfied IS NULL, FALSE) AS counted_callers_satisfied,
    COALESCE(calls.satisfied = 'yes', FALSE) AS hit_callers_satisfied,
    COALESCE(NOT calls.satisfied IS NULL, FALSE) AS denominator_callers_satisfied
  FROM calls
  WHERE
    calls.received_at IS NULL OR calls.received_at < '2026-11-01 00:00:00'
) AS counted
GROUP BY
  counted.k_month
