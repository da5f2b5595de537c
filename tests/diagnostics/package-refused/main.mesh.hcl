module "leaves" {
  source = "./leaves.tar"
}

module "absolute" {
  source = "./absolute.tar"
}

module "link" {
  source = "./link.tar.gz"
}

module "hard" {
  source = "./hard.tar"
}

module "twice" {
  source = "./twice.tar"
}

module "device" {
  source = "./device.tar"
}

module "damaged" {
  source = "./damaged.tgz"
}

module "damaged_too" {
  source = "./damaged.zip"
}
