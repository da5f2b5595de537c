# What the first way under the budget says.
resource "aws_emr_cluster" "spark" {
  master_instance_group {
    instance_type = "m5.2xlarge"
  }

  core_instance_group {
    instance_type  = "m5.2xlarge"
    instance_count = 1
  }

  auto_termination_policy {
    idle_timeout = 3600
  }
}
