#!/usr/bin/env python3
"""Writes source/orders.csv: a quarter of invented order lines, the same bytes on every run and every machine."""

import csv
import datetime
import pathlib
import random

SEED = 20260101
FIRST_DAY = datetime.date(2026, 1, 1)
DAYS = 90
REGIONS = [("north", 0.35), ("south", 0.25), ("east", 0.15), ("west", 0.25)]
# Article, price in cents, how often it is ordered.
ARTICLES = [
    ("tea-assam-100", 690, 0.30),
    ("tea-sencha-100", 890, 0.25),
    ("tea-earl-grey-100", 740, 0.20),
    ("pot-cast-iron", 5900, 0.05),
    ("cup-porcelain", 1450, 0.15),
    ("infuser-steel", 990, 0.05),
]
STATES = [("delivered", 0.90), ("returned", 0.06), ("cancelled", 0.04)]


def pick(numbers, weighted):
    """Picks by weight, with nothing but random(): the one method whose sequence Python promises to keep."""
    point = numbers.random() * sum(choice[-1] for choice in weighted)
    for choice in weighted:
        point -= choice[-1]
        if point < 0:
            return choice
    return weighted[-1]


def order_lines():
    """Yields one row a line; an order has one to four of them and more orders come on weekends."""
    numbers = random.Random(SEED)
    order = 1000
    for day in range(DAYS):
        date = FIRST_DAY + datetime.timedelta(days=day)
        busy = 1.6 if date.weekday() >= 5 else 1.0
        for _ in range(int(8 * busy + numbers.random() * 6)):
            order += 1
            region = pick(numbers, REGIONS)[0]
            customer = f"c{int(numbers.random() * 400):03}"
            state = pick(numbers, STATES)[0]
            for line in range(1, 2 + int(numbers.random() * 4)):
                article, cents, _ = pick(numbers, ARTICLES)
                quantity = 1 + int(numbers.random() * 3)
                yield [order, line, date.isoformat(), region, customer, article, quantity, cents, state]


def main():
    """Writes the file beside this script."""
    target = pathlib.Path(__file__).parent / "source" / "orders.csv"
    header = ["order_id", "line", "order_date", "region", "customer", "article", "quantity", "price_cents", "state"]
    with target.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(order_lines())


if __name__ == "__main__":
    main()
