terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

resource "aws_s3_bucket" "landing" {
  bucket = "landing"
}

data "aws_region" "current" {}
