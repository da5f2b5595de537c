"""Summarises landed order lines by day and region into the port's table. Run it as a step of the cluster:

    spark-submit s3://BUCKET/jobs/orders_daily.py BUCKET
"""

import sys

from pyspark.sql import SparkSession

AGGREGATE = """
    SELECT region,
           count(DISTINCT order_id)                AS orders,
           sum(quantity)                           AS units,
           sum(quantity * price_cents) / 100       AS revenue,
           CAST(order_date AS date)                AS order_date
    FROM order_lines
    WHERE state = 'delivered'
    GROUP BY order_date, region
"""


def main(bucket):
    spark = SparkSession.builder.appName("orders_daily").enableHiveSupport().getOrCreate()
    spark.conf.set("spark.sql.sources.partitionOverwriteMode", "dynamic")
    lines = spark.read.csv(f"s3://{bucket}/landing/", header=True, inferSchema=True)
    lines.createOrReplaceTempView("order_lines")
    days = spark.sql(AGGREGATE)
    days.write.mode("overwrite").partitionBy("order_date").parquet(f"s3://{bucket}/orders_daily/")


main(sys.argv[1])
