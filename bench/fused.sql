-- What a practised analyst writes by hand for the 24 metrics of bench/city.py: the parts of every month, quarter, year,
-- fiscal year and of all, in total and by department and district. Counts and sums are taken once a month and added up;
-- quantiles are taken once a grain, which no machine holds in memory together. The clock is the end of 2025.
-- bench/fused.py reads it, statement by statement, and compares every number with the compiler's.

CREATE OR REPLACE TEMP VIEW marked AS
SELECT *, coalesce(district, '(blank)') AS area,
       CAST(date_trunc('month', opened) AS DATE) AS month, CAST(date_trunc('quarter', opened) AS DATE) AS quarter,
       CAST(date_trunc('year', opened) AS DATE) AS year,
       CAST(date_trunc('year', opened + INTERVAL 6 MONTH) - INTERVAL 6 MONTH AS DATE) AS fiscal_year,
       CAST(date_trunc('month', closed) AS DATE) AS month_closed, closed IS NOT NULL AS done, kind IN ('Kind 1', 'Kind 2', 'Kind 3') AS urgent,
       (epoch_us(closed) - epoch_us(opened)) / 86400000000.0 AS days
FROM requests;

CREATE OR REPLACE TEMP TABLE months AS
SELECT month, department, area, grouping(department) AS no_department, grouping(area) AS no_area,
       count(*) AS n, count(*) FILTER (channel = 'web') AS by_web, count(*) FILTER (urgent) AS urgent,
       count(cost) AS costs, sum(cost) AS cost, max(cost) AS dearest,
       count(*) FILTER (hours > 8) AS late_n, sum(hours) FILTER (hours > 8) AS late_hours,
       count(hours) AS hours_n, sum(hours) AS hours, count(rating) AS ratings, sum(rating) AS rating,
       count(*) FILTER (rating >= 4) AS well, count(*) FILTER (escalated = 'yes') AS escalated,
       count(*) FILTER (promised IS NOT NULL AND (done OR promised < TIMESTAMP '2025-12-31')) AS due_n,
       count(*) FILTER (closed <= promised) AS due_hit,
       count(*) FILTER (done OR opened + INTERVAL 3 DAY < TIMESTAMP '2025-12-31') AS three_n,
       count(*) FILTER (days <= 3) AS three_hit,
       count(*) FILTER (done OR opened + INTERVAL 30 DAY < TIMESTAMP '2025-12-31') AS thirty_n,
       count(*) FILTER (days <= 30) AS thirty_hit,
       count(*) FILTER (urgent AND (done OR opened + INTERVAL 1 DAY < TIMESTAMP '2025-12-31')) AS one_n,
       count(*) FILTER (urgent AND days <= 1) AS one_hit,
       count(days) AS closed_n, sum(days) AS closed_days
FROM marked
GROUP BY GROUPING SETS ((month), (month, department), (month, area));

CREATE OR REPLACE TEMP TABLE closings AS
SELECT month_closed AS month, department, area,
       grouping(department) AS no_department, grouping(area) AS no_area,
       count(*) AS n, count(*) FILTER (urgent) AS urgent, count(cost) AS costs, sum(cost) AS cost
FROM marked WHERE done
GROUP BY GROUPING SETS ((month_closed), (month_closed, department), (month_closed, area));

CREATE OR REPLACE TEMP TABLE quantiles AS
SELECT 'month' AS grain, month AS start, department, area, grouping(department) AS no_department, grouping(area) AS no_area,
       quantile_cont(days, [0.5, 0.9]) AS days
FROM marked GROUP BY GROUPING SETS ((month), (month, department), (month, area));

INSERT INTO quantiles
SELECT 'quarter', quarter, department, area, grouping(department), grouping(area), quantile_cont(days, [0.5, 0.9])
FROM marked GROUP BY GROUPING SETS ((quarter), (quarter, department), (quarter, area));

INSERT INTO quantiles
SELECT 'year', year, department, area, grouping(department), grouping(area), quantile_cont(days, [0.5, 0.9])
FROM marked GROUP BY GROUPING SETS ((year), (year, department), (year, area));

INSERT INTO quantiles
SELECT 'fiscal_year', fiscal_year, department, area, grouping(department), grouping(area), quantile_cont(days, [0.5, 0.9])
FROM marked GROUP BY GROUPING SETS ((fiscal_year), (fiscal_year, department), (fiscal_year, area));

INSERT INTO quantiles
SELECT 'all', NULL, department, area, grouping(department), grouping(area), quantile_cont(days, [0.5, 0.9])
FROM marked GROUP BY GROUPING SETS ((), (department), (area));

WITH levels AS (
    SELECT o.month, o.department, o.area, o.no_department, o.no_area,
           sum(o.n - coalesce(c.n, 0)) OVER sofar AS open,
           sum(o.urgent - coalesce(c.urgent, 0)) OVER sofar AS open_urgent
    FROM months AS o LEFT JOIN closings AS c
      ON (c.month, c.no_department, c.no_area) = (o.month, o.no_department, o.no_area)
     AND c.department IS NOT DISTINCT FROM o.department AND c.area IS NOT DISTINCT FROM o.area
    WINDOW sofar AS (PARTITION BY o.no_department, o.no_area, o.department, o.area ORDER BY o.month)
), opened AS (
    SELECT grain, start, department, area, no_department, no_area, max(dearest) AS dearest,
           sum(n) AS n, sum(by_web) AS by_web, sum(urgent) AS urgent, sum(costs) AS costs, sum(cost) AS cost,
           sum(late_n) AS late_n, sum(late_hours) AS late_hours, sum(hours_n) AS hours_n, sum(hours) AS hours,
           sum(ratings) AS ratings, sum(rating) AS rating, sum(well) AS well, sum(escalated) AS escalated,
           sum(due_n) AS due_n, sum(due_hit) AS due_hit, sum(three_n) AS three_n, sum(three_hit) AS three_hit,
           sum(thirty_n) AS thirty_n, sum(thirty_hit) AS thirty_hit, sum(one_n) AS one_n, sum(one_hit) AS one_hit,
           sum(closed_n) AS closed_n, sum(closed_days) AS closed_days
    FROM (
    SELECT unnest(['month', 'quarter', 'year', 'fiscal_year', 'all']) AS grain,
           unnest([month, CAST(date_trunc('quarter', month) AS DATE), CAST(date_trunc('year', month) AS DATE),
                   CAST(date_trunc('year', month + INTERVAL 6 MONTH) - INTERVAL 6 MONTH AS DATE), NULL]) AS start, *
    FROM months)
    GROUP BY ALL
), closed AS (
    SELECT grain, start, department, area, no_department, no_area, sum(n) AS closings_n, sum(costs) AS closings_costs,
           sum(cost) AS closings_cost
    FROM (
    SELECT unnest(['month', 'quarter', 'year', 'fiscal_year', 'all']) AS grain,
           unnest([month, CAST(date_trunc('quarter', month) AS DATE), CAST(date_trunc('year', month) AS DATE),
                   CAST(date_trunc('year', month + INTERVAL 6 MONTH) - INTERVAL 6 MONTH AS DATE), NULL]) AS start, *
    FROM closings)
    GROUP BY ALL
), stocks AS (
    SELECT grain, start, department, area, no_department, no_area, arg_max(open, month) AS open,
           arg_max(open_urgent, month) AS open_urgent
    FROM (
    SELECT unnest(['month', 'quarter', 'year', 'fiscal_year', 'all']) AS grain,
           unnest([month, CAST(date_trunc('quarter', month) AS DATE), CAST(date_trunc('year', month) AS DATE),
                   CAST(date_trunc('year', month + INTERVAL 6 MONTH) - INTERVAL 6 MONTH AS DATE), NULL]) AS start, *
    FROM levels)
    GROUP BY ALL
)
SELECT o.grain, o.start, CASE WHEN o.no_department = 0 THEN o.department END AS department,
       CASE WHEN o.no_area = 0 THEN o.area END AS area,
       n AS v_requests, n AS n_requests, by_web AS v_by_web, by_web AS n_by_web, urgent AS v_urgent,
       urgent AS n_urgent, cost AS v_spent, costs AS n_spent, late_hours AS v_overtime, late_n AS n_overtime,
       hours AS v_hours, hours_n AS n_hours, cost / nullif(costs, 0) AS v_mean_cost, costs AS n_mean_cost, dearest AS v_dearest,
       costs AS n_dearest, rating / nullif(ratings, 0) AS v_mean_rating, ratings AS n_mean_rating,
       100.0 * by_web / nullif(n, 0) AS v_web_share, n AS n_web_share, 100.0 * escalated / nullif(n, 0) AS v_escalated_share,
       n AS n_escalated_share, 100.0 * well / nullif(ratings, 0) AS v_rated_well, ratings AS n_rated_well,
       cost / nullif(hours, 0) AS v_cost_an_hour, n AS n_cost_an_hour, 100.0 * due_hit / nullif(due_n, 0) AS v_on_time, due_n AS n_on_time,
       100.0 * three_hit / nullif(three_n, 0) AS v_in_3_days, three_n AS n_in_3_days,
       100.0 * thirty_hit / nullif(thirty_n, 0) AS v_in_30_days, thirty_n AS n_in_30_days,
       100.0 * one_hit / nullif(one_n, 0) AS v_urgent_in_1_day, one_n AS n_urgent_in_1_day, days[1] AS v_days_to_close,
       closed_n AS n_days_to_close, days[2] AS v_days_to_close_p90, closed_n AS n_days_to_close_p90,
       closed_days / nullif(closed_n, 0) AS v_mean_days, closed_n AS n_mean_days, closings_n AS v_closed, closings_n AS n_closed,
       closings_cost AS v_closed_cost, closings_costs AS n_closed_cost, open AS v_open, open AS n_open,
       open_urgent AS v_open_urgent, open_urgent AS n_open_urgent
FROM opened AS o
LEFT JOIN closed AS c ON (c.grain, c.no_department, c.no_area) = (o.grain, o.no_department, o.no_area)
 AND c.start IS NOT DISTINCT FROM o.start AND c.department IS NOT DISTINCT FROM o.department
 AND c.area IS NOT DISTINCT FROM o.area
LEFT JOIN stocks AS s ON (s.grain, s.no_department, s.no_area) = (o.grain, o.no_department, o.no_area)
 AND s.start IS NOT DISTINCT FROM o.start AND s.department IS NOT DISTINCT FROM o.department
 AND s.area IS NOT DISTINCT FROM o.area
LEFT JOIN quantiles AS q ON (q.grain, q.no_department, q.no_area) = (o.grain, o.no_department, o.no_area)
 AND q.start IS NOT DISTINCT FROM o.start AND q.department IS NOT DISTINCT FROM o.department
 AND q.area IS NOT DISTINCT FROM o.area;
