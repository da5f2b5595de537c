usage "local_buckets" {
  storage_gb = 500
}
