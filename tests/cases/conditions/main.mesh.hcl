variable "size" {
  default = 10
}

resource "terraform_data" "box" {
  input = var.size

  lifecycle {
    precondition {
      condition     = var.size > 0
      error_message = "A box has a size above 0, and this one has ${var.size}."
    }
    postcondition {
      condition     = self.input < 100
      error_message = "Boxes of ${self.input} don't fit through the door."
    }
  }
}

resource "terraform_data" "answer" {
  input = "wrong"

  lifecycle {
    postcondition {
      condition     = self.output == "right"
      error_message = "The answer is ${self.output}."
    }
  }
}

resource "terraform_data" "after" {
  input = terraform_data.answer.output
}

output "answer" {
  value = terraform_data.answer.output

  precondition {
    condition     = terraform_data.answer.id != ""
    error_message = "There is no answer."
  }
}
