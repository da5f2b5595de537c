locals {
  days = { mon = "monday", tue = "tuesday" }
}

resource "local_bucket" "landing" {
  path          = "data/landing"
  force_destroy = true
}

resource "local_object" "day" {
  for_each = local.days
  bucket   = local_bucket.landing.path
  key      = "${each.key}.txt"
  content  = each.value
}

import {
  to = local_bucket.landing
  id = "data/landing"
}

import {
  for_each = local.days
  to       = local_object.day[each.key]
  id       = "data/landing/${each.key}.txt"
}
