resource "terraform_data" "one" {
}

import {
  to = terraform_data.one
  id = "a"
}
