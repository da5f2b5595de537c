module "repository" {
  source = "git::https://me:secret@127.0.0.1:1/modules.git"
}

module "gone" {
  source = "http://127.0.0.1:40000/gone.zip?token=secret"
}

module "closed" {
  source = "http://me:secret@127.0.0.1:1/modules.zip"
}

module "circle" {
  source = "http://127.0.0.1:40000/circle.zip"
}

module "file" {
  source = "./no-such.tar.gz"
}
