-- answered_in_10_seconds: 911 calls answered within 10 seconds
-- p0: rows counted, denominator
-- p1: set aside: no start
-- p2: set aside: to before from
-- p3: not decided yet, set aside: not yet due
-- p4: numerator
SELECT
  counted.k_month AS k_month,
  COUNT(CASE WHEN counted_answered_in_10_seconds THEN 1 END) AS p0,
  COUNT(CASE WHEN no_start_answered_in_10_seconds THEN 1 END) AS p1,
  COUNT(CASE WHEN to_before_from_answered_in_10_seconds THEN 1 END) AS p2,
  COUNT(CASE WHEN pending_answered_in_10_seconds THEN 1 END) AS p3,
  COUNT(CASE WHEN hit_answered_in_10_seconds THEN 1 END) AS p4
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
    NOT calls.received_at IS NULL
    AND NOT COALESCE(EPOCH_US(calls.answered_at) - EPOCH_US(calls.received_at) < 0, FALSE)
    AND (
      NOT calls.answered_at IS NULL
      OR COALESCE(
        MAKE_TIMESTAMP(EPOCH_US(calls.received_at) + CAST(10000000 AS BIGINT)) < '2026-11-02 00:00:00',
        FALSE
      )
    ) AS counted_answered_in_10_seconds,
    NOT calls.received_at IS NULL
    AND NOT COALESCE(EPOCH_US(calls.answered_at) - EPOCH_US(calls.received_at) < 0, FALSE)
    AND (
      NOT calls.answered_at IS NULL
      OR COALESCE(
        MAKE_TIMESTAMP(EPOCH_US(calls.received_at) + CAST(10000000 AS BIGINT)) < '2026-11-02 00:00:00',
        FALSE
      )
    )
    AND COALESCE(EPOCH_US(calls.answered_at) - EPOCH_US(calls.received_at) <= 10000000, FALSE) AS hit_answered_in_10_seconds,
    NOT calls.received_at IS NULL
    AND NOT COALESCE(EPOCH_US(calls.answered_at) - EPOCH_US(calls.received_at) < 0, FALSE)
    AND calls.answered_at IS NULL
    AND NOT COALESCE(
      MAKE_TIMESTAMP(EPOCH_US(calls.received_at) + CAST(10000000 AS BIGINT)) < '2026-11-02 00:00:00',
      FALSE
    ) AS pending_answered_in_10_seconds,
    calls.received_at IS NULL AS no_start_answered_in_10_seconds,
    COALESCE(EPOCH_US(calls.answered_at) - EPOCH_US(calls.received_at) < 0, FALSE) AS to_before_from_answered_in_10_seconds
  FROM calls
  WHERE
    calls.received_at IS NULL OR calls.received_at < '2026-11-01 00:00:00'
) AS counted
GROUP BY
  counted.k_month
