-- Computes the daily orders from the order lines. Running it again gives the same rows.
DELETE FROM orders_daily;

INSERT INTO orders_daily (order_date, region, orders, units, revenue)
SELECT order_date, region, count(DISTINCT order_id), sum(quantity), sum(quantity * price_cents) / 100.0
FROM order_lines
WHERE state = 'delivered'
GROUP BY order_date, region;
