# A key for each machine: how many is known after apply.
resource "aws_kms_key" "machine" {
  count = terraform_data.size.output * 40
}
