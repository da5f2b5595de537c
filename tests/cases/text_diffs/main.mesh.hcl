resource "terraform_data" "text" {
  input = <<-TEXT
    one
    two
    three
    four
    five
    six
    seven
    eight
    nine
  TEXT
}

resource "terraform_data" "json" {
  input = jsonencode({ name = "orders", columns = ["a", "b"], owner = { mail = "x@example.com" } })
}

resource "terraform_data" "list" {
  input = ["a", "b", "c", "d", "e"]
}

resource "terraform_data" "map" {
  input = { same = 1, changed = 2, gone = 3, "a key" = { deep = ["x"] } }
}

resource "terraform_data" "type" {
  input = "1"
}

resource "terraform_data" "nulls" {
  input = { value = null }
}
