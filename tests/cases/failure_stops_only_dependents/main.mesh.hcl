resource "local_job" "broken" {
  command = ["sh", "-c", "echo looking; grep -q fine mode || { echo no luck; exit 3; }"]
}

resource "terraform_data" "after_broken" {
  input = local_job.broken.exit_status
}

resource "terraform_data" "after_that" {
  input = terraform_data.after_broken.output
}

resource "terraform_data" "independent" {
  count = 2
  input = "fine"
}

output "broken" {
  value = local_job.broken.exit_status
}

output "independent" {
  value = terraform_data.independent[*].output
}
