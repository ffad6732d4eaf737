-- The report of the daily sales: each franchise's last seven days with where it is and its share of the day's revenue.
--
-- Parameters  :catalog, :schema  where daily_revenue is, and the report goes
USE IDENTIFIER('`' || :catalog || '`.`' || :schema || '`');

CREATE OR REPLACE TABLE sales_report
COMMENT 'Revenue of each franchise on the last seven days with sales'
AS SELECT
  revenue.day,
  revenue.franchise_id,
  franchises.name AS franchise,
  franchises.city,
  franchises.country,
  revenue.sales,
  revenue.items,
  revenue.revenue,
  revenue.revenue / sum(revenue.revenue) OVER (PARTITION BY revenue.day) AS share_of_day,
  avg(revenue.revenue) OVER (PARTITION BY revenue.franchise_id) AS average_of_franchise
FROM daily_revenue AS revenue
LEFT JOIN samples.bakehouse.sales_franchises AS franchises
  ON franchises.franchiseID = revenue.franchise_id
WHERE revenue.day > (SELECT date_sub(max(day), 7) FROM daily_revenue);
