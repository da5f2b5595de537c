data_product "orders" {
  domain  = "sales"
  version = "1.0.0"
  owner   = "team"

  input "newer" {
    port = "crm.people/all@3.0.0"
  }
  input "slip" {
    port = "crm.peple/all@2.0.0"
  }
  input "nowhere" {
    port = "finance.ledger/entries@1.0.0"
  }
}
