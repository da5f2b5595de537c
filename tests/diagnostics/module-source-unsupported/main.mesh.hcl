module "registry" {
  source  = "terraform-aws-modules/vpc/aws"
}

module "bucket" {
  source = "s3::https://s3.amazonaws.com/modules/vpc.zip"
}

module "page" {
  source = "https://example.com/modules/vpc"
}

module "repository" {
  source = "https://github.com/org/modules.git?token=secret"
}

module "xz" {
  source = "https://example.com/vpc?archive=tar.xz"
}

module "ssh" {
  source = "ssh://git@example.com/modules.git"
}
