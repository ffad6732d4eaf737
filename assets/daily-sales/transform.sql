-- The pipeline of the daily sales: raw sales, cleaned as they arrive, and from them each franchise's revenue by day.
--
-- The pipeline's configuration says where the raw sales are: source_catalog, source_schema. Its own catalog and schema
-- are where the results go. How many sales each expectation met and dropped is in the pipeline's event log.
CREATE OR REFRESH STREAMING TABLE sales_clean (
  CONSTRAINT known_franchise EXPECT (franchise_id IS NOT NULL) ON VIOLATION DROP ROW,
  CONSTRAINT sold_something EXPECT (quantity > 0 AND unit_price > 0) ON VIOLATION DROP ROW,
  CONSTRAINT adds_up EXPECT (revenue = quantity * unit_price)
)
COMMENT 'Sales that can be counted, one row each'
AS SELECT
  transactionID AS sale_id,
  franchiseID AS franchise_id,
  customerID AS customer_id,
  dateTime AS sold_at,
  to_date(dateTime) AS day,
  product,
  quantity,
  unitPrice AS unit_price,
  totalPrice AS revenue,
  paymentMethod AS payment_method
FROM STREAM(`${source_catalog}`.`${source_schema}`.sales_raw);

CREATE OR REFRESH MATERIALIZED VIEW daily_revenue (
  CONSTRAINT earned_something EXPECT (revenue > 0) ON VIOLATION FAIL UPDATE
)
COMMENT 'Revenue of each franchise on each day that it sold anything'
AS SELECT
  day,
  franchise_id,
  count(*) AS sales,
  sum(quantity) AS items,
  sum(revenue) AS revenue
FROM sales_clean
GROUP BY day, franchise_id;
