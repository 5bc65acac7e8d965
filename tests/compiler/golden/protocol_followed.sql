-- protocol_followed: Reviewed calls in which every step was taken
-- p0: rows counted, denominator
-- p1: numerator
SELECT
  counted.k_month AS k_month,
  COUNT(CASE WHEN counted_protocol_followed THEN 1 END) AS p0,
  COUNT(CASE WHEN hit_protocol_followed THEN 1 END) AS p1
FROM (
  SELECT
    call_reviews.review AS review,
    call_reviews.reviewed_on AS reviewed_on,
    call_reviews.shift AS shift,
    call_reviews.followed AS followed,
    CAST(DATE_TRUNC('MONTH', CAST(call_reviews.reviewed_on AS DATE)) AS DATE) AS k_month,
    TRUE AS counted_protocol_followed,
    COALESCE(call_reviews.followed = 'yes', FALSE) AS hit_protocol_followed
  FROM call_reviews
  WHERE
    call_reviews.reviewed_on IS NULL
    OR call_reviews.reviewed_on < '2026-11-01 00:00:00'
) AS counted
GROUP BY
  counted.k_month
