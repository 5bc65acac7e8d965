-- reached_on_time: Callers reached on time
-- p0: rows counted, denominator
-- p1: set aside: no start
-- p2: set aside: to before from
-- p3: set aside: no promise
-- p4: not decided yet, set aside: not yet due
-- p5: numerator
SELECT
  counted.k_month AS k_month,
  COUNT(CASE WHEN counted_reached_on_time THEN 1 END) AS p0,
  COUNT(CASE WHEN no_start_reached_on_time THEN 1 END) AS p1,
  COUNT(CASE WHEN to_before_from_reached_on_time THEN 1 END) AS p2,
  COUNT(CASE WHEN no_promise_reached_on_time THEN 1 END) AS p3,
  COUNT(CASE WHEN pending_reached_on_time THEN 1 END) AS p4,
  COUNT(CASE WHEN hit_reached_on_time THEN 1 END) AS p5
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
    COALESCE(NOT calls.dispatched_at IS NULL, FALSE)
    AND NOT CASE
      WHEN (
        calls.priority = '1'
      )
      THEN 480000000
      WHEN (
        calls.priority = '2'
      )
      THEN 900000000
      WHEN (
        calls.priority = '3'
      )
      THEN 2700000000
      ELSE CAST(NULL AS BIGINT)
    END IS NULL
    AND NOT calls.received_at IS NULL
    AND NOT COALESCE(EPOCH_US(calls.arrived_at) - EPOCH_US(calls.received_at) < 0, FALSE)
    AND (
      NOT calls.arrived_at IS NULL
      OR COALESCE(
        MAKE_TIMESTAMP(
          EPOCH_US(calls.received_at) + CAST(CASE
            WHEN (
              calls.priority = '1'
            )
            THEN 480000000
            WHEN (
              calls.priority = '2'
            )
            THEN 900000000
            WHEN (
              calls.priority = '3'
            )
            THEN 2700000000
            ELSE CAST(NULL AS BIGINT)
          END AS BIGINT)
        ) < '2026-11-02 00:00:00',
        FALSE
      )
    ) AS counted_reached_on_time,
    COALESCE(NOT calls.dispatched_at IS NULL, FALSE)
    AND NOT CASE
      WHEN (
        calls.priority = '1'
      )
      THEN 480000000
      WHEN (
        calls.priority = '2'
      )
      THEN 900000000
      WHEN (
        calls.priority = '3'
      )
      THEN 2700000000
      ELSE CAST(NULL AS BIGINT)
    END IS NULL
    AND NOT calls.received_at IS NULL
    AND NOT COALESCE(EPOCH_US(calls.arrived_at) - EPOCH_US(calls.received_at) < 0, FALSE)
    AND (
      NOT calls.arrived_at IS NULL
      OR COALESCE(
        MAKE_TIMESTAMP(
          EPOCH_US(calls.received_at) + CAST(CASE
            WHEN (
              calls.priority = '1'
            )
            THEN 480000000
            WHEN (
              calls.priority = '2'
            )
            THEN 900000000
            WHEN (
              calls.priority = '3'
            )
            THEN 2700000000
            ELSE CAST(NULL AS BIGINT)
          END AS BIGINT)
        ) < '2026-11-02 00:00:00',
        FALSE
      )
    )
    AND COALESCE(
      EPOCH_US(calls.arrived_at) - EPOCH_US(calls.received_at) <= CASE
        WHEN (
          calls.priority = '1'
        )
        THEN 480000000
        WHEN (
          calls.priority = '2'
        )
        THEN 900000000
        WHEN (
          calls.priority = '3'
        )
        THEN 2700000000
        ELSE CAST(NULL AS BIGINT)
      END,
      FALSE
    ) AS hit_reached_on_time,
    COALESCE(NOT calls.dispatched_at IS NULL, FALSE)
    AND NOT CASE
      WHEN (
        calls.priority = '1'
      )
      THEN 480000000
      WHEN (
        calls.priority = '2'
      )
      THEN 900000000
      WHEN (
        calls.priority = '3'
      )
      THEN 2700000000
      ELSE CAST(NULL AS BIGINT)
    END IS NULL
    AND NOT calls.received_at IS NULL
    AND NOT COALESCE(EPOCH_US(calls.arrived_at) - EPOCH_US(calls.received_at) < 0, FALSE)
    AND calls.arrived_at IS NULL
    AND NOT COALESCE(
      MAKE_TIMESTAMP(
        EPOCH_US(calls.received_at) + CAST(CASE
          WHEN (
            calls.priority = '1'
          )
          THEN 480000000
          WHEN (
            calls.priority = '2'
          )
          THEN 900000000
          WHEN (
            calls.priority = '3'
          )
          THEN 2700000000
          ELSE CAST(NULL AS BIGINT)
        END AS BIGINT)
      ) < '2026-11-02 00:00:00',
      FALSE
    ) AS pending_reached_on_time,
    COALESCE(NOT calls.dispatched_at IS NULL, FALSE) AND calls.received_at IS NULL AS no_start_reached_on_time,
    COALESCE(NOT calls.dispatched_at IS NULL, FALSE)
    AND COALESCE(EPOCH_US(calls.arrived_at) - EPOCH_US(calls.received_at) < 0, FALSE) AS to_before_from_reached_on_time,
    COALESCE(NOT calls.dispatched_at IS NULL, FALSE)
    AND NOT calls.received_at IS NULL
    AND NOT COALESCE(EPOCH_US(calls.arrived_at) - EPOCH_US(calls.received_at) < 0, FALSE)
    AND CASE
      WHEN (
        calls.priority = '1'
      )
      THEN 480000000
      WHEN (
        calls.priority = '2'
      )
      THEN 900000000
      WHEN (
        calls.priority = '3'
      )
      THEN 2700000000
      ELSE CAST(NULL AS BIGINT)
    END IS NULL AS no_promise_reached_on_time
  FROM calls
  WHERE
    calls.received_at IS NULL OR calls.received_at < '2026-11-01 00:00:00'
) AS counted
GROUP BY
  counted.k_month
