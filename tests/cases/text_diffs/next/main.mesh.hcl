resource "terraform_data" "text" {
  input = <<-TEXT
    one
    two
    three
    4
    five
    six
    seven
    eight
    nine
    ten
  TEXT
}

resource "terraform_data" "json" {
  input = jsonencode({ name = "orders", columns = ["a", "b", "c"], owner = { mail = "y@example.com" } })
}

resource "terraform_data" "list" {
  input = ["a", "c", "d", "new", "e"]
}

resource "terraform_data" "map" {
  input = { same = 1, changed = 3, added = 4, "a key" = { deep = ["x", "y"] } }
}

resource "terraform_data" "type" {
  input = 1
}

resource "terraform_data" "nulls" {
  input = { value = "no more" }
}
