resource "local_bucket" "landing" {
  bucket = 'landing'
  region: "eu"
  tags = { a = 1 b = 2 }
  size = ;
  force = true && & false
}
ok = 1
name "x"
