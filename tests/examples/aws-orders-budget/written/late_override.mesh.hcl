resource "aws_emr_cluster" "spark" {
  core_instance_group {
    instance_type  = "m5.4xlarge"
    instance_count = terraform_data.size.output
  }
}
