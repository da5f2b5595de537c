variable "zones" {
  type = list(string)
}

locals {
  zone  = lookup(var.zones)
  sixth = ["a", "b"][5]
  loop  = [local.loop]
}

resource "terraform_data" "a" {
  count = length(var.zones) + "x"
  input = upper([count.index])
}

resource "terraform_data" "b" {
  input = upper(var.zones[0])

  lifecycle {
    postcondition {
      condition     = self.zone == "a"
      error_message = "No zone."
    }
  }
}

# Its provider is missing; its expressions are checked all the same.
resource "azurerm_linux_virtual_machine" "c" {
  count = 2

  dynamic "disk" {
    for_each = var.zones

    content {
      zone = disk.value + {}
    }
  }
}

module "store" {
  source = "./store"
  zones  = { a = 1 }
}

output "b" {
  value = terraform_data.b.nope
}

output "c" {
  value = azurerm_linux_virtual_machine.c[0].whatever
}
