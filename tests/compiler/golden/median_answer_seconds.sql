-- median_answer_seconds: Time in which half of calls are answered
-- p0: rows counted
-- p1: set aside: to before from
-- p2: set aside: open
-- p3: set aside: no start
-- p4: value
SELECT
  counted.k_month AS k_month,
  COUNT(CASE WHEN counted_median_answer_seconds THEN 1 END) AS p0,
  COUNT(CASE WHEN to_before_from_median_answer_seconds THEN 1 END) AS p1,
  COUNT(CASE WHEN open_median_answer_seconds THEN 1 END) AS p2,
  COUNT(CASE WHEN no_start_median_answer_seconds THEN 1 END) AS p3,
  QUANTILE_CONT(
    CAST(CASE WHEN counted_median_answer_seconds THEN elapsed_median_answer_seconds END AS DOUBLE),
    0.5
  ) AS p4
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
    COALESCE(EPOCH_US(calls.answered_at) - EPOCH_US(calls.received_at) >= 0, FALSE) AS counted_median_answer_seconds,
    COALESCE(EPOCH_US(calls.answered_at) - EPOCH_US(calls.received_at) < 0, FALSE) AS to_before_from_median_answer_seconds,
    NOT calls.received_at IS NULL AND calls.answered_at IS NULL AS open_median_answer_seconds,
    calls.received_at IS NULL AS no_start_median_answer_seconds,
    CAST(EPOCH_US(calls.answered_at) - EPOCH_US(calls.received_at) AS DOUBLE) / NULLIF(CAST(1000000.0 AS DOUBLE), 0.0) AS elapsed_median_answer_seconds
  FROM calls
  WHERE
    calls.received_at IS NULL OR calls.received_at < '2026-11-01 00:00:00'
) AS counted
GROUP BY
  counted.k_month
