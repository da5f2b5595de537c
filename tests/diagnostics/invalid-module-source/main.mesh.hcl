module "a" {
  source = "modules/weekly"
}

module "b" {
  source = "git::https://example.com/modules.git?ref=--upload-pack=x"
}

module "c" {
  source = "git::https://me:secret@example.com/modules.git//../daily"
}

module "d" {
  source = "https://example.com/modules.zip?checksum=md5:0"
}

module "e" {
  source = "github.com/org"
}
