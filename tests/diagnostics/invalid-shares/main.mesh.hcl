mesh {
  shared_cost "cluster" {
    resources = ["module.platform"]
    shares    = { "sales.orders" = 60, "returns" = 60 }
  }
}
