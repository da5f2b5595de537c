SELECT count(DISTINCT order_date) AS days, sum(orders) AS orders, round(sum(revenue), 2) AS revenue
FROM orders_daily
